"""The deck of a trial: the latest review, else four slides of plain words in the reader's language."""

from flask_babel import gettext as _

from haark.decks.outline import (
    Agenda,
    AgendaItem,
    Bars,
    Brand,
    Bullets,
    Column,
    Cover,
    Decisions,
    Deck,
    Language,
    Metric,
    Metrics,
    Point,
    Slide,
    Status,
    Table,
    Text,
)
from haark.reviews import domain, queries
from haark.reviews.corporate.queries import latest_review_id
from haark.settings import domain as settings


def deck(language: Language) -> Deck:
    """A deck to try a template with. It shows no account that the reader may not see: administrators see all."""
    found = latest_review_id()
    book = domain.compose(queries.get(found)) if found is not None else None
    return book.deck if book is not None else plain(language)


def plain(language: Language) -> Deck:
    """A cover, an agenda, figures and a table, with no account in them."""
    return Deck(
        title=_("Essai du modèle"),
        language=language,
        organisation=settings.get("organisation.name"),
        client=_("Client d’exemple"),
        kind_label="QBR",
        period_label="Q4 2026",
        date_label="",
        author=settings.get("organisation.name"),
        slides=(_cover(), _agenda(), _figures(), _table()),
        brand=Brand(),
    )


def _cover() -> Slide:
    title = _("Business Review\nQ4 2026")
    return Slide("cover", "", title, (Cover(title, _("Essai de votre modèle, sur des chiffres d’exemple")),))


def _agenda() -> Slide:
    parts = ((_("Vos objectifs"), 10), (_("Valeur délivrée"), 15), (_("Défis et retours"), 10), (_("Plan Q+1"), 10))
    items = tuple(
        AgendaItem(str(at), title, _("Tous"), minutes, _("%(minutes)s min", minutes=minutes))
        for at, (title, minutes) in enumerate(parts, start=1)
    )
    wanted = Decisions(_("Décisions attendues"), (_("Valider les objectifs"), _("Fixer la prochaine revue")))
    headline = _("Quarante-cinq minutes pour faire le point et décider de la suite")
    return Slide("agenda", _("Ordre du jour"), headline, (Agenda(items, _("Durée des parties")),), (wanted,))


def _figures() -> Slide:
    metrics = (
        Metric("312", "h", _("gagnées"), _("Objectif 280 h"), _series(180, 221, 264, 312), _("De 180 à 312 heures")),
        Metric(
            "92", "%", _("de demandes traitées en 48 h"), _("Objectif 90 %"), _series(71, 80, 88, 92), _("De 71 à 92 %")
        ),
    )
    bars = tuple(
        Point(_("Fonction %(name)s", name=name), value, f"{value} %")
        for name, value in zip("ABC", (96, 64, 37), strict=True)
    )
    headline = _("Deux chiffres d’exemple, et l’usage de trois fonctions")
    chart = Bars(_("Part des utilisateurs actifs"), bars, 100, _("De 96 % à 37 %"))
    return Slide("value", _("Valeur délivrée"), headline, (Metrics(metrics),), (chart,), source=_("Source : exemple"))


def _series(*values: int) -> tuple[Point, ...]:
    return tuple(Point(f"Q{at}", value, str(value)) for at, value in enumerate(values, start=1))


def _table() -> Slide:
    columns = (
        Column(_("Objectif"), 3),
        Column(_("Cible"), 1, "right"),
        Column(_("Actuel"), 1, "right"),
        Column(_("État"), 1.4),
    )
    rows = (
        (Text(_("Délai de réponse"), strong=True), Text("2 h"), Text("1,8 h"), Status("ok", _("Atteint"))),
        (Text(_("Satisfaction"), strong=True), Text("90 %"), Text("87 %"), Status("warn", _("À surveiller"))),
    )
    points = Bullets(_("Suite"), (_("Former la nouvelle équipe"), _("Mesurer à nouveau dans un mois")))
    headline = _("Un objectif est atteint, l’autre demande un suivi")
    return Slide("recap", _("Récap et prochaines étapes"), headline, (Table(columns, rows), points))
