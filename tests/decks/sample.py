"""Realistic decks for tests and benchmarks: Groupe Valmorin in French, shorter ones in English and Ukrainian."""

from haark.decks.outline import (
    Agenda,
    AgendaItem,
    Annotation,
    Bars,
    Brand,
    Bullets,
    Callout,
    Column,
    Columns,
    Cover,
    Decisions,
    Deck,
    Lane,
    LineChart,
    Metric,
    Metrics,
    NextDate,
    ObjectiveCard,
    Objectives,
    Panel,
    Point,
    Progress,
    Quote,
    Quotes,
    Roadmap,
    RoadmapItem,
    Slide,
    Status,
    Step,
    Table,
    Text,
    Waterfall,
)

DECISIONS = ("Valider les quatre objectifs 2027", "Étendre à Lyon si Orléans repasse 60 % d’actifs")


def quarters(*values: tuple[float, str]) -> tuple[Point, ...]:
    return tuple(Point(f"Q{index}", value, shown) for index, (value, shown) in enumerate(values, 1))


def months(labels: str, *values: float | None) -> tuple[Point, ...]:
    return tuple(
        Point(label, value, "" if value is None else f"{value:g}")
        for label, value in zip(labels.split(), values, strict=True)
    )


def _cover() -> Slide:
    return Slide(
        "cover",
        "",
        "Business Review Q4 2026",
        (
            Cover(
                "Business Review\nQ4 2026",
                "Ce que nous avons livré ensemble, ce qui freine, et la décision à prendre pour Lyon",
                "19 novembre 2026, 10:00 · Claire Delorme, responsable succès client",
            ),
        ),
        notes="Accueillir Sophie Marchand, rappeler la durée : cinquante minutes.",
    )


def _agenda() -> Slide:
    parts = (
        ("Vos objectifs", "Sophie Marchand", 10),
        ("Valeur délivrée", "Claire Delorme", 15),
        ("Défis et retours", "Julien Perrot", 10),
        ("Plan Q+1", "Claire Delorme", 10),
        ("Questions et discussion", "Tous", 5),
    )
    items = tuple(
        AgendaItem(str(index), title, who, minutes, f"{minutes} min")
        for index, (title, who, minutes) in enumerate(parts, 1)
    )
    note = "Qui décide : Sophie Marchand (DSI) et Anne Leclerc (DAF). Les éléments utiles sont en pages 4, 7 et 11."
    return Slide(
        "agenda",
        "Ordre du jour",
        "Cinquante minutes pour rendre compte et décider de l’extension à Lyon",
        (Agenda(items, "Durée des cinq parties, la plus longue est la valeur délivrée"),),
        (Decisions("Décisions attendues", DECISIONS, note),),
        split=0.66,
        source="Document confidentiel, Groupe Valmorin et Sillage",
        notes="Demander si un sujet manque.",
    )


def _objectives() -> Slide:
    cards = (
        ("Litiges sous 48 h", "90 %", "71 %", "Les magasins attendent moins leurs avoirs"),
        ("Taux de service OTIF", "96 %", "92,3 %", "Livraisons complètes, à l’heure"),
        ("Utilisateurs actifs", "70", "55", "Un seul outil pour toutes les équipes"),
        ("Coût par expédition", "4,40 €", "4,71 €", "Moins de relances manuelles"),
    )
    return Slide(
        "objectives",
        "Vos objectifs",
        "Quatre objectifs fixés en janvier guident notre travail jusqu’à fin décembre",
        (
            Objectives(
                tuple(
                    ObjectiveCard(name, target, "Cible 31 déc. 2026", "Départ en janvier :", base, why)
                    for name, target, base, why in cards
                )
            ),
        ),
        source="Plan de succès signé le 22 janv. 2026 par Sophie Marchand (DSI) et Anne Leclerc (DAF).",
    )


def _value() -> Slide:
    items = (
        Metric(
            "312",
            "h",
            "gagnées sur les litiges",
            "Objectif 280 h",
            quarters((180, "180"), (221, "221"), (264, "264"), (312, "312")),
            "Heures gagnées par trimestre : 180, 221, 264 puis 312",
        ),
        Metric(
            "94",
            "k€",
            "de pénalités évitées",
            "71 k€ au Q3",
            quarters((38, "38"), (52, "52"), (71, "71"), (94, "94")),
            "Pénalités évitées par trimestre, en k€ : 38, 52, 71 puis 94",
        ),
        Metric(
            "92",
            "%",
            "de litiges sous 48 h",
            "Objectif 90 %, atteint",
            quarters((71, "71"), (80, "80"), (88, "88"), (92, "92")),
            "Litiges traités sous 48 h, en % : 71, 80, 88 puis 92",
        ),
        Metric(
            "257",
            "%",
            "de retour sur coût",
            "107 k€ de gains pour 30 k€",
            quarters((118, "118"), (160, "160"), (205, "205"), (257, "257")),
            "Retour sur coût, en % : 118, 160, 205 puis 257",
        ),
    )
    return Slide(
        "value",
        "Valeur délivrée",
        "Sillage vous a fait gagner 312 heures et évité 94 000 € de pénalités ce trimestre",
        (Metrics(items),),
        source="Sources : journal des litiges Sillage, 12 nov. 2026 ; contrôle de gestion Valmorin, oct. 2026."
        " Coût horaire retenu : 42 €.",
    )


def _usage() -> Slide:
    labels = "déc. janv. févr. mars avr. mai juin juil. août sept. oct. nov."
    line = LineChart(
        "Utilisateurs actifs par mois",
        months(labels, 51, 54, 55, 58, 60, 61, 63, 64, 65, 66, 66, 45),
        Annotation(-1, "Orléans : 17 comptes inactifs depuis le 21 oct."),
        alt="Utilisateurs actifs : de 51 en décembre à 66 en octobre, puis 45 en novembre",
    )
    share = (
        ("Suivi d’expéditions", 96),
        ("Litiges", 81),
        ("Tableaux de bord", 64),
        ("Portail transporteur", 52),
        ("Alertes de retard", 37),
        ("Prévision de charge", 0),
    )
    return Slide(
        "usage",
        "Valeur délivrée, usage et adoption",
        "L’usage progressait depuis un an, puis l’arrêt d’Orléans l’a ramené à 45 personnes",
        (line,),
        (
            Bars(
                "Part des actifs par fonction, nov.",
                tuple(Point(label, value, f"{value} %") for label, value in share),
                maximum=100,
                alt="Part des utilisateurs actifs par fonction, de 96 % à 0 %",
            ),
        ),
        split=0.64,
        source="Source : journal de connexion Sillage, 12 nov. 2026. Actif = au moins 3 connexions sur 30 jours."
        " 80 licences.",
        notes="Ne pas s’excuser : expliquer l’équipe de nuit renouvelée, puis passer au plan.",
    )


def _quotes() -> Slide:
    return Slide(
        "stories",
        "Valeur délivrée, témoignages",
        "Vos équipes parlent d’abord du temps rendu aux magasins",
        (
            Quotes(
                (
                    Quote(
                        "« Avant, un avoir prenait deux semaines. Maintenant, le magasin a sa réponse le lendemain,"
                        " et il n’appelle plus. »",
                        "Julien Perrot",
                        "Responsable transport, Groupe Valmorin",
                    ),
                    Quote(
                        "« Le tableau des pénalités est devenu ma première page du lundi. »",
                        "Anne Leclerc",
                        "directrice financière",
                    ),
                    Quote(
                        "« Douze transporteurs déposent leurs preuves eux-mêmes. »",
                        "Lila Benhamou",
                        "chef de projet SI",
                    ),
                )
            ),
        ),
        source="Entretiens menés du 19 au 30 oct. 2026, citations relues par leurs auteurs.",
    )


def _progress() -> Slide:
    rows = (
        ("Litiges sous 48 h", "71 %", "90 %", "92 %", 1.0, "ok", "Atteint", "À maintenir"),
        ("Coût par expédition", "4,71 €", "4,40 €", "4,32 €", 1.0, "ok", "Atteint", "À maintenir"),
        ("Taux de service OTIF", "92,3 %", "96 %", "94,1 %", 0.49, "warn", "À surveiller", "Correctif EDI le 24 nov."),
        ("Utilisateurs actifs", "55", "70", "45", 0.0, "bad", "En danger", "Badges et reprise en main le 4 déc."),
    )
    columns = (
        Column("Objectif", 2.7),
        Column("Départ", 1.0, "right"),
        Column("Cible", 1.0, "right"),
        Column("Actuel", 1.1, "right"),
        Column("Chemin parcouru", 2.2),
        Column("État", 1.75),
        Column("Suite", 2.4),
    )
    return Slide(
        "progress",
        "Progression vs objectifs",
        "Deux objectifs sur quatre sont atteints ; l’usage à Orléans est le point à traiter",
        (
            Table(
                columns,
                tuple(
                    (
                        Text(name, strong=True),
                        Text(start, muted=True),
                        Text(target),
                        Text(now, strong=True),
                        Progress(fraction, tone, f"{round(fraction * 100)} %"),
                        Status(tone, state),
                        Text(after),
                    )
                    for name, start, target, now, fraction, tone, state, after in rows
                ),
            ),
        ),
        source="Sources : Sillage et contrôle de gestion Valmorin, 12 nov. 2026. Chemin parcouru ="
        " (actuel − départ) ÷ (cible − départ), borné de 0 à 100 %.",
    )


def _challenges() -> Slide:
    rows = (
        (
            "17 personnes inactives à Orléans",
            "Équipe de nuit renouvelée, badges non recréés",
            "Badges le 23 nov., puis 2 h de reprise en main sur site",
            "4 déc. 2026",
            "warn",
            "En cours",
        ),
        (
            "Import EDI à 11 min au lieu de 2",
            "Volume doublé depuis septembre",
            "Nouveau traitement par lots, suivi quotidien",
            "24 nov. 2026",
            "warn",
            "En cours",
        ),
        (
            "Preuves de livraison manquantes",
            "2 transporteurs hors portail",
            "Accès ouverts, relance automatique à J+1",
            "30 oct. 2026",
            "ok",
            "Résolu",
        ),
    )
    columns = (
        Column("Défi", 3.0),
        Column("Cause", 2.9),
        Column("Résolution", 3.3),
        Column("Échéance", 1.45),
        Column("État", 1.35),
    )
    return Slide(
        "challenges",
        "Défis et résolutions",
        "Trois obstacles identifiés : un est résolu, deux le seront avant le 4 décembre",
        (
            Table(
                columns,
                tuple(
                    (Text(what, strong=True), Text(why), Text(how), Text(due), Status(tone, state))
                    for what, why, how, due, tone, state in rows
                ),
            ),
        ),
        source="Sources : support Sillage (tickets 4821, 4790), entretiens avec Paul Guérin et Lila Benhamou.",
    )


def _roadmap() -> Slide:
    lanes = (
        Lane(
            "Adoption",
            (
                RoadmapItem("Reprise d’Orléans", 0, 0.88, "committed"),
                RoadmapItem("Pilote à Lyon, 40 personnes", 1, 2),
                RoadmapItem("Lyon généralisé", 2, 3.6),
            ),
        ),
        Lane(
            "Qualité de service",
            (
                RoadmapItem("Import EDI par lots", 0, 0.68, "committed"),
                RoadmapItem("Alertes de retard prédictives", 0.8, 2.2),
                RoadmapItem("Engagements transporteurs", 2.3, 4),
            ),
        ),
        Lane(
            "Pilotage",
            (
                RoadmapItem("Tableaux de bord DAF", 0, 1, "committed"),
                RoadmapItem("Module Prévision de charge", 1.1, 3),
                RoadmapItem("Bilan carbone", 3.1, 4),
            ),
        ),
    )
    return Slide(
        "roadmap",
        "Feuille de route",
        "D’ici un an, Sillage couvre Lyon et anticipe vos retards",
        (
            Roadmap(
                ("Q4 2026", "Q1 2027", "Q2 2027", "Q3 2027"),
                lanes,
                today=0.55,
                today_label="19 nov.",
                legend="Foncé : engagé ce trimestre. Clair : planifié, à confirmer au QBR du 25 févr. 2027.",
            ),
        ),
        source="Feuille de route au 12 nov. 2026. Les dates au-delà du Q1 2027 sont indicatives.",
    )


def _plan() -> Slide:
    panels = (
        Panel(
            "Sécuriser",
            (
                "Renouvellement signé, 11 janv.",
                "Orléans au-dessus de 60 % d’actifs",
                "4 objectifs 2027 validés",
            ),
            "Janvier",
        ),
        Panel(
            "Lancer Lyon",
            (
                "Référent nommé et formé",
                "40 comptes ouverts, données reprises",
                "QBR du 25 févr. : point de décision",
            ),
            "Février",
        ),
        Panel(
            "Mesurer",
            (
                "Pilote Lyon évalué sur 3 chiffres",
                "OTIF à 96 % sur deux sites",
                "Chiffrage du module Prévision",
            ),
            "Mars",
        ),
    )
    return Slide(
        "plan",
        "Plan du Q1 2027",
        "Sécuriser Orléans en janvier, lancer Lyon en février, mesurer en mars",
        (
            Columns(panels),
            Callout("70 utilisateurs actifs et un OTIF de 96 % au 31 mars 2027.", "Mesure de réussite :"),
        ),
        source="Pilotage : Julien Perrot (Valmorin) et Claire Delorme (Sillage), point toutes les deux semaines.",
    )


def _opportunities() -> Slide:
    steps = (
        Step("Pénalités", 92, "92 k€"),
        Step("Heures", 56, "56 k€"),
        Step("Abonnement", -36, "−36 k€"),
        Step("Gain net", 112, "112 k€", total=True),
    )
    return Slide(
        "opportunities",
        "Opportunités (facultatif)",
        "Étendre à Lyon rapporterait environ 148 000 € par an pour 36 000 € d’abonnement",
        (Waterfall(steps, alt="92 k€ de pénalités plus 56 k€ d’heures moins 36 k€ d’abonnement : 112 k€ de gain net"),),
        (
            Bullets("Site de Lyon", ("40 licences, démarrage en février 2027, même contrat",)),
            Bullets(
                "Hypothèses",
                (
                    "Volume de Lyon égal à 98 % de celui d’Orléans ; gains par expédition identiques ;"
                    " montée en charge de 3 mois",
                ),
            ),
            Callout("Orléans repasse 60 % d’actifs avant signature.", "Condition proposée :"),
        ),
        split=0.58,
        source="Estimation Sillage du 12 nov. 2026, à valider par le contrôle de gestion Valmorin."
        " Fourchette : 84 à 131 k€ net.",
    )


def _recap() -> Slide:
    rows = (
        ("Recréer 17 badges pour l’équipe de nuit", "Paul Guérin, Valmorin", "23 nov. 2026"),
        ("Livrer le correctif EDI et suivre chaque jour", "Support, Sillage", "24 nov. 2026"),
        ("Reprise en main de 2 h à Orléans", "Julien Perrot, Valmorin", "4 déc. 2026"),
        ("Désigner un référent à Lyon", "Marc Vasseur, Valmorin", "11 déc. 2026"),
        ("Envoyer la proposition Lyon et renouvellement", "Hugo Marchetti, Sillage", "15 déc. 2026"),
    )
    return Slide(
        "recap",
        "Récap et prochaines étapes",
        "Deux décisions aujourd’hui, cinq actions avant le 15 décembre",
        (
            Decisions("Décisions à prendre", DECISIONS),
            NextDate("Prochain QBR", "25 février 2027, 10:00"),
        ),
        (
            Table(
                (Column("Action", 3.2), Column("Responsable", 2.0), Column("Échéance", 1.2, "right")),
                tuple((Text(what, strong=True), Text(who), Text(due)) for what, who, due in rows),
            ),
        ),
        split=0.37,
        source="Compte rendu envoyé sous 24 h. Plan de succès partagé : lien dans l’invitation.",
    )


def french() -> Deck:
    """The reference deck: twelve slides, the figures of the design."""
    return Deck(
        title="QBR Q4 2026, Groupe Valmorin",
        language="fr",
        organisation="Sillage",
        client="Groupe Valmorin",
        kind_label="QBR",
        period_label="Q4 2026",
        date_label="19 novembre 2026",
        author="Claire Delorme",
        slides=(
            _cover(),
            _agenda(),
            _objectives(),
            _value(),
            _usage(),
            _quotes(),
            _progress(),
            _challenges(),
            _roadmap(),
            _plan(),
            _opportunities(),
            _recap(),
        ),
    )


def english() -> Deck:
    """A shorter deck in English, another brand, unknown values, a target line."""
    return Deck(
        title="QBR Q4 2026, Northwind Traders",
        language="en",
        organisation="Sillage",
        client="Northwind Traders",
        kind_label="QBR",
        period_label="Q4 2026",
        date_label="19 November 2026",
        author="Claire Delorme",
        brand=Brand("#3b2a6b", "#7a4fd0", "#efeaf9"),
        slides=(
            Slide(
                "cover",
                "",
                "Business Review Q4 2026",
                (Cover("Business Review\nQ4 2026", "What we delivered together, and what comes next", "19 Nov 2026"),),
            ),
            Slide(
                "objectives",
                "Your objectives",
                "Two objectives guide our work until the end of June",
                (
                    Objectives(
                        (
                            ObjectiveCard("First response time", "2 h", "Target Q2 2027", "Today:", "5.4 h", "Faster"),
                            ObjectiveCard("Self-service share", "40%", "Target Q4 2027", "Today:", "12%"),
                        )
                    ),
                ),
                source="Success plan, 12 Nov 2026.",
            ),
            Slide(
                "usage",
                "Usage and adoption",
                "Adoption doubled in six months",
                (
                    LineChart(
                        "Active users by month",
                        months("Jun Jul Aug Sep Oct Nov", 21, None, 30, 34, 39, 43),
                        target=50,
                        target_label="Target 50",
                        alt="Active users: 21 in June, unknown in July, 43 in November; target 50",
                    ),
                ),
                (
                    Bullets("Strengths", ("Daily use in three teams", "Champion in place", "Tickets down by a third")),
                    Bullets("Weaknesses", ("No training for newcomers",)),
                ),
                source="Product log, 12 Nov 2026.",
            ),
            Slide(
                "recap",
                "Recap and next steps",
                "One action before the next review",
                (
                    Table(
                        (Column("Action", 3), Column("Owner", 2), Column("Due", 1, "right")),
                        ((Text("Book the training", strong=True), Text("Ann Lee"), Text("4 Dec 2026")),),
                    ),
                    NextDate("Next QBR", "25 February 2027"),
                ),
            ),
        ),
    )


def ukrainian() -> Deck:
    """A shorter deck in Ukrainian."""
    return Deck(
        title="QBR Q4 2026, ТОВ «Світанок»",
        language="uk",
        organisation="Sillage",
        client="ТОВ «Світанок»",
        kind_label="QBR",
        period_label="Q4 2026",
        date_label="19 листопада 2026",
        author="Оксана Коваль",
        slides=(
            Slide(
                "cover",
                "",
                "Бізнес-огляд Q4 2026",
                (Cover("Бізнес-огляд\nQ4 2026", "Що ми зробили разом і що далі", "19 лист. 2026 · Оксана Коваль"),),
            ),
            Slide(
                "value",
                "Отримана цінність",
                "Ви заощадили 312 годин і 94 000 € штрафів за квартал",
                (
                    Metrics(
                        (
                            Metric("312", "год", "заощаджено на претензіях", "Ціль 280 год"),
                            Metric("94", "тис. €", "штрафів уникнуто", "71 тис. € у Q3"),
                            Metric(
                                "92",
                                "%",
                                "претензій за 48 годин",
                                "Ціль 90 %, досягнуто",
                                quarters((71, "71"), (80, "80"), (88, "88"), (92, "92")),
                                "Частка претензій за 48 годин: 71, 80, 88, 92",
                            ),
                        )
                    ),
                ),
                source="Джерело: журнал претензій, 12 лист. 2026.",
            ),
            Slide(
                "progress",
                "Прогрес за цілями",
                "Одну ціль із двох досягнуто; використання потребує уваги",
                (
                    Table(
                        (Column("Ціль", 3), Column("Результат", 1, "right"), Column("Стан", 1.6)),
                        (
                            (Text("Претензії за 48 годин", strong=True), Text("92 %"), Status("ok", "Досягнуто")),
                            (Text("Активні користувачі", strong=True), Text("45"), Status("bad", "Під загрозою")),
                        ),
                    ),
                ),
                source="Джерело: Sillage, 12 лист. 2026.",
            ),
        ),
    )
