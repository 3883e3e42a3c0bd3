"""Groupe Valmorin, the reference case SG-6: an unhappy turn that nobody is alarmed about yet."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

KEY = "S-001"
PARIS = ZoneInfo("Europe/Paris")
Row = dict[str, Any]


def _at(today: date, ago: int, hour: int, minute: int = 0) -> str:
    """Exactly `ago` days before today, weekend or not: the reference case must read the same on every day."""
    return datetime.combine(today - timedelta(days=ago), time(hour, minute), PARIS).isoformat()


def contacts(_today: date) -> Iterator[Row]:
    for name, email, role, main in (
        ("Sophie Marchand", "s.marchand", "sponsor", True),
        ("Anne Leclerc", "a.leclerc", "decision_maker", False),
        ("Julien Perrot", "j.perrot", "champion", True),
        ("Marc Vasseur", "m.vasseur", "day_to_day", False),
        ("Lila Benhamou", "l.benhamou", "day_to_day", False),
        ("Paul Guérin", "p.guerin", "day_to_day", False),
    ):
        yield {
            "account_id": KEY,
            "name": name,
            "email": f"{email}@valmorin.example",
            "role": role,
            "main": main,
            "language": "fr",
        }


def revenue(today: date) -> Iterator[Row]:
    for ago, arr, reason in (
        (1340, 84000, "new"),
        (760, 96000, "expansion"),
        (420, 108000, "expansion"),
        (150, 120000, "expansion"),
    ):
        yield {"account_id": KEY, "date": today - timedelta(days=ago), "arr": arr, "reason": reason}


def golives(today: date) -> Iterator[Row]:
    yield {"account_id": KEY, "date": today - timedelta(days=1240), "name": "Suivi et litiges", "major": True}
    yield {"account_id": KEY, "date": today - timedelta(days=400), "name": "Site d’Orléans", "major": True}


def surveys(today: date) -> Iterator[Row]:
    answers = (
        (20, "a.leclerc", 9, ""),
        (24, "j.perrot", 9, "Avant, un avoir prenait deux semaines. Maintenant, le magasin a sa réponse le lendemain."),
        (26, "l.benhamou", 9, "Douze transporteurs déposent leurs preuves eux-mêmes."),
        (112, "s.marchand", 7, ""),
        (115, "j.perrot", 7, ""),
        (118, "a.leclerc", 9, "Le tableau des pénalités est devenu ma première page du lundi."),
        (205, "j.perrot", 8, ""),
        (208, "l.benhamou", 7, ""),
    )
    for ago, who, score, comment in answers:
        yield {
            "account_id": KEY,
            "date": today - timedelta(days=ago),
            "kind": "nps",
            "score": score,
            "comment": comment,
            "contact_email": f"{who}@valmorin.example",
        }


def tickets(today: date) -> Iterator[Row]:
    for number, opened, closed, priority, subject, csat in (
        (4821, 8, None, "high", "Import EDI lent : onze minutes au lieu de deux", None),
        (4790, 25, 23, "normal", "Preuves de livraison manquantes pour deux transporteurs", 5),
        (4702, 58, 53, "normal", "Droits d’accès de l’équipe d’Orléans", 4),
        (4655, 96, 93, "normal", "Écart entre le tableau de bord et l’export", 5),
        (4611, 130, 128, "low", "Étiquettes illisibles sur l’imprimante du quai", 5),
        (4540, 182, 179, "normal", "Rapprochement des avoirs en double", 4),
    ):
        yield {
            "account_id": KEY,
            "external_id": str(number),
            "opened_at": _at(today, opened, 9, 40),
            "closed_at": _at(today, closed, 17) if closed is not None else None,
            "priority": priority,
            "subject": subject,
            "csat": csat,
        }


# What the exchanges were about, by their days: the tags that a CSM gave them.
TAGS = {19: "prévision, nouveau site", 101: "EDI", 104: "pénalités", 117: "EDI"}


def interactions(today: date) -> Iterator[Row]:
    for ago, kind, direction, summary, who in (
        (
            2,
            "email",
            "out",
            "Relance : préparation du QBR. Deuxième message à Sophie Marchand, sans réponse.",
            "s.marchand",
        ),
        (9, "email", "out", "Proposition de date pour le QBR", "s.marchand"),
        (
            19,
            "call",
            "both",
            "Point avec Julien Perrot : Lyon veut démarrer au Q1, demande un chiffrage de Prévision.",
            "j.perrot",
        ),
        (38, "email", "out", "Question à Julien Perrot : les badges d’Orléans sont-ils recréés ?", "j.perrot"),
        (47, "email", "out", "Guide pour recréer les badges", "j.perrot"),
        (55, "call", "both", "Point mensuel avec Julien Perrot", "j.perrot"),
        (65, "email", "out", "Détail des pénalités évitées", "a.leclerc"),
        (97, "meeting", "both", "Comité de pilotage avec Sophie Marchand et Anne Leclerc", "s.marchand"),
        (101, "call", "both", "Point sur l’import EDI avec Julien Perrot", "j.perrot"),
        (104, "email", "in", "Anne Leclerc demande le détail des pénalités évitées", "a.leclerc"),
        (112, "call", "both", "Point mensuel avec Julien Perrot", "j.perrot"),
        (117, "meeting", "both", "Atelier EDI avec Julien Perrot et l’équipe d’Orléans", "j.perrot"),
        (134, "call", "both", "Point mensuel avec Julien Perrot", "j.perrot"),
        (165, "meeting", "both", "Revue du plan de succès", "s.marchand"),
    ):
        yield {
            "account_id": KEY,
            "at": _at(today, ago, 11),
            "kind": kind,
            "direction": direction,
            "tags": TAGS.get(ago, ""),
            "summary": summary,
            "contact_email": f"{who}@valmorin.example",
        }


VALMORIN_ROWS: dict[str, Callable[[date], Iterator[Row]]] = {
    "contacts": contacts,
    "revenue": revenue,
    "golives": golives,
    "surveys": surveys,
    "tickets": tickets,
    "interactions": interactions,
}
