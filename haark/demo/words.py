"""What people of the sample say and want, in the client's language. Observations only: nothing here is a judgement."""

# title, kpi, why, unit, comparator, baseline, target
OBJECTIVES = {
    "fr": (
        (
            "Litiges traités sous 48 h",
            "Part des litiges clos en 48 h",
            "Les magasins attendent moins leurs avoirs",
            "%",
            "ge",
            71,
            90,
        ),
        (
            "Taux de service OTIF",
            "Livraisons complètes et à l’heure",
            "Livraisons complètes, à l’heure",
            "%",
            "ge",
            92.3,
            96,
        ),
        (
            "Utilisateurs actifs",
            "Personnes actives chaque jour ouvré",
            "Un seul outil pour toutes les équipes",
            "",
            "ge",
            55,
            70,
        ),
        ("Coût par expédition", "Coût complet d’une expédition", "Moins de relances manuelles", "€", "le", 4.71, 4.40),
    ),
    "en": (
        (
            "Claims settled within 48 h",
            "Share of claims closed within 48 h",
            "Stores wait less for their credit notes",
            "%",
            "ge",
            64,
            85,
        ),
        ("OTIF service rate", "Deliveries complete and on time", "Complete deliveries, on time", "%", "ge", 91.0, 95),
        ("Cost per shipment", "Full cost of one shipment", "Fewer manual reminders", "€", "le", 5.20, 4.80),
    ),
    "uk": (
        (
            "Претензії, закриті за 48 год",
            "Частка претензій, закритих за 48 год",
            "Магазини швидше отримують повернення",
            "%",
            "ge",
            60,
            85,
        ),
        ("Рівень сервісу OTIF", "Повні доставки вчасно", "Повні доставки, вчасно", "%", "ge", 90.5, 95),
        (
            "Вартість відправлення",
            "Повна вартість одного відправлення",
            "Менше ручних нагадувань",
            "€",
            "le",
            3.90,
            3.50,
        ),
    ),
}

MILESTONES = {
    "fr": (
        ("Fondation", "Équipe centrale formée", -330, -270, "done"),
        ("Fondation", "Flux de base en service", -300, -210, "done"),
        ("Extension", "Toute l’équipe connectée", -200, -60, "done"),
        ("Extension", "Import EDI par lots", -60, 25, "in_progress"),
        ("Extension", "Pilote sur le deuxième site", 40, 120, "todo"),
        ("Optimisation", "Tableaux de bord de la direction", -40, 45, "in_progress"),
        ("Optimisation", "Prévision de charge", 130, 240, "todo"),
    ),
    "en": (
        ("Foundation", "Core team trained", -300, -240, "done"),
        ("Expansion", "Whole team on board", -150, -20, "done"),
        ("Expansion", "EDI integration", -20, 60, "in_progress"),
        ("Optimisation", "Load forecasting", 90, 200, "todo"),
    ),
    "uk": (
        ("Основа", "Навчання ключової команди", -280, -230, "done"),
        ("Розширення", "Підключення всієї команди", -120, -10, "done"),
        ("Розширення", "Інтеграція EDI", -10, 70, "in_progress"),
        ("Оптимізація", "Прогноз навантаження", 100, 210, "todo"),
    ),
}

# title, days from today, one of ours (True) or the client's
ACTIONS = {
    "fr": (
        ("Former l’équipe du quai B aux litiges", 12, True),
        ("Désigner un référent par site", 19, False),
        ("Livrer le correctif de l’import EDI", -2, True),
        ("Envoyer les chiffres du contrôle de gestion", 26, False),
        ("Ouvrir le portail aux transporteurs restants", 33, True),
    ),
    "en": (
        ("Train the dock team on claims", 11, True),
        ("Name one lead per site", 18, False),
        ("Share finance figures for the quarter", 27, False),
    ),
    "uk": (
        ("Навчити команду складу роботі з претензіями", 10, True),
        ("Призначити відповідального на кожному майданчику", 17, False),
        ("Надати фінансові показники за квартал", 28, False),
    ),
}

PRAISE = {
    "fr": (
        "Avant, un avoir prenait deux semaines. Maintenant, le magasin a sa réponse le lendemain.",
        "Le tableau des pénalités est devenu ma première page du lundi.",
        "Douze transporteurs déposent leurs preuves eux-mêmes, sans un appel de notre part.",
        "Les alertes de retard nous laissent le temps de prévenir le client avant qu’il n’appelle.",
        "L’équipe a pris l’outil en main en une matinée.",
    ),
    "en": (
        "We used to chase proofs of delivery for days; now they are simply there.",
        "The claims screen saved my team a full day every week.",
    ),
    "uk": (
        "Раніше ми шукали підтвердження доставки днями, тепер вони одразу в системі.",
        "Екран претензій економить команді цілий день щотижня.",
    ),
}
BLAME = {
    "fr": (
        "L’import est lent le lundi matin et personne ne sait pourquoi.",
        "Nous avons perdu notre référent et rien n’a été réexpliqué.",
        "Trop de clics pour clore un litige.",
    ),
    "en": ("The Monday import is slow and nobody can say why.",),
    "uk": ("Імпорт у понеділок повільний, і ніхто не знає чому.",),
}
TICKETS = {
    "fr": (
        "Import EDI lent depuis la mise à jour",
        "Preuves de livraison manquantes pour deux transporteurs",
        "Droits d’accès d’un nouveau site",
        "Écart entre le tableau de bord et l’export",
        "Alerte de retard envoyée deux fois",
        "Étiquettes illisibles sur l’imprimante du quai",
        "Rapprochement des avoirs en double",
    ),
    "en": ("Slow EDI import since the update", "Access rights for a new site", "Dashboard and export disagree"),
    "uk": ("Повільний імпорт EDI після оновлення", "Права доступу для нового майданчика", "Розбіжність у звіті"),
}
EXCHANGES = {
    "fr": (
        ("call", "both", "Point mensuel : volumes, litiges et prochaine étape"),
        ("email", "in", "Question sur l’export des pénalités"),
        ("email", "out", "Réponse et guide pas à pas sur l’export"),
        ("meeting", "both", "Atelier avec l’équipe transport"),
        ("call", "both", "Appel de suivi avec le référent"),
        ("note", "", "Le site de Lyon pourrait démarrer l’an prochain"),
    ),
    "en": (
        ("call", "both", "Monthly call: volumes, claims and next step"),
        ("email", "in", "Question about the penalty export"),
        ("meeting", "both", "Workshop with the transport team"),
    ),
    "uk": (
        ("call", "both", "Щомісячний дзвінок: обсяги, претензії, наступний крок"),
        ("email", "in", "Запитання про експорт штрафів"),
        ("meeting", "both", "Робоча зустріч із командою транспорту"),
    ),
}
DEALS = (
    ("Module Prévision de charge", "upsell"),
    ("Extension à un deuxième site", "upsell"),
    ("Bilan carbone", "cross_sell"),
    ("Portail transporteur", "cross_sell"),
    ("Renouvellement annuel", "renewal"),
)
STAGES = ("Découverte", "Qualification", "Démonstration", "Proposition", "Négociation")
