"""What must hold within one row, beyond each cell: by kind, a function from its values to the reason against it."""

from collections.abc import Callable, Mapping
from typing import Any

from haark.intake.wording import N_, Sentence

Check = Callable[[Mapping[str, Any]], Sentence | None]
SCALES = {"nps": (0, 10), "csat": (1, 5)}


def _account(row: Mapping[str, Any]) -> Sentence | None:
    start, renewal = row.get("contract_start"), row.get("renewal_date")
    if start and renewal and renewal < start:
        return Sentence(
            N_("le renouvellement (%(renewal)s) précède le début du contrat (%(start)s)"), renewal=renewal, start=start
        )
    return None


def _contact(row: Mapping[str, Any]) -> Sentence | None:
    if not row.get("name") and not row.get("email"):
        return Sentence(N_("un contact a besoin d’un nom ou d’une adresse e-mail"))
    return None


def _renewal(row: Mapping[str, Any]) -> Sentence | None:
    notice = row.get("notice_date")
    if notice and notice > row["date"]:
        return Sentence(N_("le préavis (%(notice)s) suit la fin du contrat (%(end)s)"), notice=notice, end=row["date"])
    return None


def _survey(row: Mapping[str, Any]) -> Sentence | None:
    least, most = SCALES[row["kind"]]
    score = row["score"]
    if not least <= score <= most or (row["kind"] == "nps" and score != int(score)):
        return Sentence(
            N_("la note %(score)s n’est pas une note %(kind)s (de %(least)s à %(most)s)"),
            score=f"{score:g}",
            kind=row["kind"].upper(),
            least=least,
            most=most,
        )
    return None


def _ticket(row: Mapping[str, Any]) -> Sentence | None:
    closed = row.get("closed_at")
    if closed and closed < row["opened_at"]:
        return Sentence(N_("le ticket est fermé avant d’être ouvert"))
    return None


CHECKS: Mapping[str, Check] = {
    "accounts": _account,
    "contacts": _contact,
    "renewals": _renewal,
    "surveys": _survey,
    "tickets": _ticket,
}
