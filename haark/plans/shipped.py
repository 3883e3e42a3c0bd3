"""The plan that Haark ships to start from (SP-7), in three languages, as data. Pure.

`quarter` counts from the next fiscal quarter: 1 is the first one that begins after today.
"""

from collections.abc import Mapping
from typing import Any

KEY = "shipped"
# Language-free: comparator, target, unit, and in how many quarters an objective is due.
_GOALS = (("le", 2.0, "h", 2), ("ge", 90.0, "%", 3), ("ge", 40.0, "%", 4))
_IMPACTS = ("high", "medium", "medium")

_WORDS: Mapping[str, Mapping[str, Any]] = {
    "fr": {
        "name": "Réussir le déploiement du support",
        "hint": "Trois objectifs, trois phases (fondation, extension, optimisation) et leurs risques.",
        "title": "Plan de succès",
        "objectives": (
            (
                "Répondre en moins de 2 h",
                "Délai moyen de première réponse",
                "Les clients attendent moins, les équipes reçoivent moins de relances",
            ),
            (
                "CSAT au-dessus de 90 %",
                "Part des réponses satisfaites",
                "Une satisfaction mesurée, visible par la direction",
            ),
            (
                "40 % des tickets évités par le libre-service",
                "Part des demandes résolues sans ticket",
                "L’équipe se consacre aux cas difficiles",
            ),
        ),
        "phases": (
            ("Fondation", ("Équipe centrale embarquée", "Flux de base en service", "Formation avancée")),
            ("Extension", ("Toute l’équipe connectée", "Intégration au CRM", "Chatbot en service")),
            ("Optimisation", ("Analyses et tableaux de bord", "Flux complexes automatisés", "Bilan du plan")),
        ),
        "risks": (
            ("Résistance au changement", "Champions dans chaque équipe, et formations"),
            ("Ressources limitées", "Priorités claires, et appui du CSM"),
            ("Intégration complexe", "Preuve de concept d’abord, et aide technique"),
        ),
    },
    "en": {
        "name": "A successful support rollout",
        "hint": "Three objectives, three phases (foundation, expansion, optimisation) and their risks.",
        "title": "Success plan",
        "objectives": (
            (
                "Answer in less than 2 h",
                "Average first response time",
                "Customers wait less, teams get fewer reminders",
            ),
            ("CSAT above 90%", "Share of satisfied answers", "Satisfaction that is measured and seen by management"),
            (
                "40% of tickets avoided by self-service",
                "Share of requests solved without a ticket",
                "The team spends its time on the hard cases",
            ),
        ),
        "phases": (
            ("Foundation", ("Core team onboarded", "Base workflows live", "Advanced training")),
            ("Expansion", ("Whole team connected", "CRM integration", "Chatbot live")),
            ("Optimisation", ("Analytics and dashboards", "Complex workflows automated", "Review of the plan")),
        ),
        "risks": (
            ("Resistance to change", "Champions in each team, and training"),
            ("Limited resources", "Clear priorities, and support of the CSM"),
            ("Complex integration", "A proof of concept first, and technical help"),
        ),
    },
    "uk": {
        "name": "Успішне розгортання підтримки",
        "hint": "Три цілі, три фази (основа, розширення, оптимізація) та їхні ризики.",
        "title": "План успіху",
        "objectives": (
            (
                "Відповідати менш ніж за 2 год",
                "Середній час першої відповіді",
                "Клієнти чекають менше, команди отримують менше нагадувань",
            ),
            ("CSAT понад 90 %", "Частка задоволених відповідей", "Вимірювана задоволеність, яку бачить керівництво"),
            (
                "40 % звернень вирішено самообслуговуванням",
                "Частка запитів, вирішених без звернення",
                "Команда зосереджується на складних випадках",
            ),
        ),
        "phases": (
            ("Основа", ("Основну команду підключено", "Базові процеси працюють", "Поглиблене навчання")),
            ("Розширення", ("Уся команда підключена", "Інтеграція з CRM", "Чат-бот працює")),
            ("Оптимізація", ("Аналітика та панелі", "Складні процеси автоматизовано", "Підсумки плану")),
        ),
        "risks": (
            ("Опір змінам", "Прихильники в кожній команді та навчання"),
            ("Обмежені ресурси", "Чіткі пріоритети та підтримка CSM"),
            ("Складна інтеграція", "Спершу пілотна перевірка, а також технічна допомога"),
        ),
    },
}
UNITS = {"uk": {"h": "год"}}


def name(language: str) -> str:
    return str(_words(language)["name"])


def hint(language: str) -> str:
    return str(_words(language)["hint"])


def content(language: str) -> dict[str, Any]:
    """The template in the shape that `PlanTemplate.content` has; French for an unknown language."""
    words = _words(language)
    units = UNITS.get(language, {})
    return {
        "title": words["title"],
        "vision": "",
        "objectives": [
            {
                "title": title,
                "kpi": kpi,
                "why": why,
                "comparator": comparator,
                "target": target,
                "unit": units.get(unit, unit),
                "quarter": quarter,
            }
            for (title, kpi, why), (comparator, target, unit, quarter) in zip(words["objectives"], _GOALS, strict=True)
        ],
        "milestones": [
            {"phase": phase, "title": title, "quarter": quarter}
            for quarter, (phase, titles) in enumerate(words["phases"], start=1)
            for title in titles
        ],
        "risks": [
            {"title": title, "mitigation": mitigation, "impact": impact}
            for (title, mitigation), impact in zip(words["risks"], _IMPACTS, strict=True)
        ],
    }


def _words(language: str) -> Mapping[str, Any]:
    return _WORDS.get(language, _WORDS["fr"])
