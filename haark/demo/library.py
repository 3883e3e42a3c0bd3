"""What Sillage tells its clients: six success stories and six items of its roadmap. Facts only; what fits whom follows.

Permissions are as varied as in life: named, without a name, ended, none at all.
"""

from datetime import date, datetime, timedelta
from typing import Any

from haark import clock
from haark.demo.cast import TEAM
from haark.extensions import db
from haark.library import domain
from haark.library.models import RoadmapItem, Story
from haark.people.models import User

# Days are counted from today. `until`: of the permission; `valid`: first and last day.
STORIES: tuple[dict[str, Any], ...] = (
    {
        "title": "Des avoirs rendus en quatre jours au lieu de neuf",
        "client": "Groupe Montclar",
        "result": "Délai moyen d’un avoir : 4 jours au lieu de 9, six mois après le démarrage.",
        "quote": "Les magasins ne nous appellent plus pour savoir où en est leur avoir.",
        "speaker": "Camille Aubry, responsable transport",
        "sectors": ["Distribution"],
        "features": ["litiges"],
        "needs": ["avoirs"],
        "permission": "named",
        "until": 210,
    },
    {
        "title": "Trois sites ouverts en un trimestre, sans recruter",
        "client": "Sofradis",
        "result": "3 sites et 19 transporteurs raccordés en onze semaines, à effectif constant.",
        "quote": "Le premier site a pris cinq semaines, le troisième neuf jours.",
        "speaker": "Une responsable logistique",
        "sectors": ["Distribution"],
        "features": ["suivi", "portail"],
        "needs": ["nouveau site"],
        "permission": "anonymous",
        "until": 95,
    },
    {
        "title": "Prévision de charge : 12 % d’intérim en moins",
        "client": "Pharmalys",
        "result": "12 % d’heures d’intérim en moins sur les quais, à volume égal, en deux trimestres.",
        "quote": "Nous savons le jeudi combien de quais ouvrir le lundi.",
        "speaker": "Rémi Caron, directeur des opérations",
        "sectors": ["Santé"],
        "features": ["prevision"],
        "needs": ["prévision"],
        "permission": "named",
    },
    {
        "title": "Les retards annoncés avant que le client n’appelle",
        "client": "Messagerie Alpine",
        "result": "Réclamations pour retard : 41 par mois au lieu de 118.",
        "quote": "C’est nous qui appelons, maintenant.",
        "speaker": "Inès Brunet, service clients",
        "sectors": ["Logistique"],
        "features": ["alertes"],
        "needs": ["relation client"],
        "permission": "named",
        "until": -20,
    },
    {
        "title": "Quatorze fournisseurs passés à l’EDI en deux mois",
        "client": "Terres d’Armor",
        "result": "92 % des bons de livraison reçus par EDI, contre 31 %.",
        "quote": "",
        "speaker": "",
        "sectors": ["Agroalimentaire", "Distribution"],
        "features": ["edi"],
        "needs": ["EDI"],
        "permission": "none",
    },
    {
        "title": "Carriers upload their own proofs of delivery",
        "client": "Harbour & Lane Foods",
        "result": "22 carriers upload proofs themselves; chasing them took two people a day a week before.",
        "quote": "We used to chase proofs of delivery for days; now they are simply there.",
        "speaker": "Grace Whitfield, Head of Logistics",
        "language": "en",
        "sectors": ["Agroalimentaire", "Distribution"],
        "features": ["portail"],
        "needs": [],
        "permission": "named",
        "until": 300,
    },
)
ROADMAP: tuple[dict[str, Any], ...] = (
    {
        "title": "Import EDI en deux minutes",
        "benefit": "Les gros fichiers du lundi passent en deux minutes au lieu de onze.",
        "stage": "in_progress",
        "available": 25,
        "features": ["edi"],
        "needs": ["EDI"],
    },
    {
        "title": "Prévision de charge par site",
        "benefit": "Chaque site voit ses arrivées à sept jours et ouvre le bon nombre de quais.",
        "stage": "planned",
        "available": 130,
        "features": ["prevision"],
        "needs": ["prévision", "nouveau site"],
    },
    {
        "title": "Portail transporteur sur téléphone",
        "benefit": "Le chauffeur dépose la preuve de livraison depuis son téléphone, sans compte à créer.",
        "stage": "available",
        "available": -20,
        "features": ["portail"],
    },
    {
        "title": "Pénalités par enseigne",
        "benefit": "Le tableau de bord compare les pénalités évitées enseigne par enseigne.",
        "stage": "in_progress",
        "available": 60,
        "sectors": ["Distribution"],
        "features": ["tableaux"],
        "needs": ["pénalités"],
    },
    {
        "title": "Bilan carbone par expédition",
        "benefit": "Chaque expédition porte ses émissions, prêtes pour la déclaration annuelle.",
        "stage": "planned",
        "available": 220,
        "features": ["carbone"],
        "needs": ["carbone"],
    },
    {
        "title": "Tarif à l’expédition",
        "benefit": "Étude en cours : facturer selon le volume plutôt que par licence.",
        "stage": "planned",
        "public": False,
    },
)


def stock(on: date) -> None:
    """Fills both libraries, as a CSM and the manager wrote them over the last months; the caller commits."""
    authors = dict(db.session.execute(db.select(User.email, User.id)).all())
    by = [authors[TEAM[0][0]], authors[TEAM[2][0]]]
    for number, told in enumerate(STORIES):
        values = {"language": "fr", "valid_from": None, "valid_until": None, **told}
        values["permission_until"] = _day(on, values.pop("until", None))
        domain.add(Story, values, by=by[number % 2], at=_at(on, 160 - 20 * number))
    for number, told in enumerate(ROADMAP):
        tags: dict[str, list[str]] = {"sectors": [], "features": [], "needs": []}
        values = {"language": "fr", "public": True, "valid_from": None, "valid_until": None, **tags, **told}
        values["available_on"] = _day(on, values.pop("available", None))
        domain.add(RoadmapItem, values, by=by[1], at=_at(on, 100 - 12 * number))


def _day(on: date, days: int | None) -> date | None:
    return None if days is None else on + timedelta(days=days)


def _at(on: date, ago: int) -> datetime:
    return clock.start_of(on - timedelta(days=ago)) + timedelta(hours=10)
