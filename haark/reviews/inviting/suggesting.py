"""Whom to invite to a review, and why (RV-8). Pure: who is known in, suggestions with their reasons out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

# Our executive comes to so many reviews after having helped to close.
EXECUTIVE_REVIEWS = 3
SILENT_DAYS = 14  # a sponsor from whom nothing came for longer is told so
NAMED = re.compile(r"([a-z]{2,})[.\-_]([a-z]{2,})", re.I)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of ours."""

    user_id: int
    name: str
    email: str
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Known:
    """A contact of the client who is still there. `heard_on`: the last day on which something came from them."""

    contact_id: int
    name: str
    email: str
    role: str
    main: bool
    language: str
    heard_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of an account. `held`: reviews held before this one; `since`: when the contract was won;
    `executive`: the address of our executive who helped to close, '' for none, `executive_user` when it is a user's."""

    on: date
    held: int
    contacts: Sequence[Known] = ()
    csm: Colleague | None = None
    sales: Colleague | None = None
    executive: str = ""
    executive_user: Colleague | None = None
    renewal_on: date | None = None
    since: date | None = None


@dataclass(frozen=True)
class Suggestion:
    """Somebody to invite. `chosen` False: told with the reason why not. `data`: the values of the reason, as JSON."""

    role: str
    reason: str
    name: str
    email: str
    language: str = ""
    ours: bool = False
    chosen: bool = True
    contact_id: int | None = None
    user_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """Who it is, as forms name them."""
        if self.contact_id is not None:
            return f"c{self.contact_id}"
        return f"u{self.user_id}" if self.user_id is not None else "x"


def suggest(facts: Facts) -> tuple[Suggestion, ...]:
    """The CSM, then the client's people by what they decide, then the sales owner and our executive.

    Somebody who is two of these comes once, with the first reason. The executive comes to reviews 1 to 3; from the
    fourth on they are named, not chosen.
    """
    found = [*_organiser(facts), *_contacts(facts), *_seller(facts), *_executive(facts)]
    kept: list[Suggestion] = []
    for one in found:
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def name_of(address: str) -> str:
    """«nadia.ferrand@…» is Nadia Ferrand; an address that does not say a name stands for itself."""
    local = address.partition("@")[0]
    found = NAMED.fullmatch(local)
    return f"{found[1].capitalize()} {found[2].capitalize()}" if found else address


def first_name(name: str) -> str:
    """How a mail greets; '' for what is no name."""
    word = name.split()[0] if name.split() else ""
    return "" if "@" in word else word


def _organiser(facts: Facts) -> list[Suggestion]:
    return [] if facts.csm is None else [_ours(facts.csm, "csm", "organises")]


def _ours(who: Colleague, role: str, reason: str, **data: Any) -> Suggestion:
    told = {key: value for key, value in data.items() if value is not None}
    return Suggestion(role, reason, who.name, who.email, who.language, True, True, None, who.user_id, told)


def _contacts(facts: Facts) -> list[Suggestion]:
    order = {"sponsor": 0, "decision_maker": 1, "champion": 2}
    ranked = sorted(facts.contacts, key=lambda one: (order.get(one.role, 3), one.contact_id))
    found = []
    for one in ranked:
        reason, data = _why(one, facts)
        if reason:
            role = one.role if one.role in (*order, "day_to_day") else "guest"
            found.append(
                Suggestion(role, reason, one.name, one.email, one.language, contact_id=one.contact_id, data=data)
            )
    return found


def _why(one: Known, facts: Facts) -> tuple[str, dict[str, Any]]:
    """The reason to invite a contact, '' for none. A decision maker decides of the coming renewal, if there is one."""
    if one.role == "decision_maker":
        coming = facts.renewal_on is not None and facts.renewal_on >= facts.on
        return ("renewal", {"on": facts.renewal_on.isoformat()}) if coming and facts.renewal_on else ("decides", {})
    if one.role == "sponsor":
        days = (facts.on - one.heard_on).days if one.heard_on else None
        return ("sponsor_silent", {"days": days}) if days is not None and days > SILENT_DAYS else ("sponsor", {})
    if one.role == "champion":
        return ("champion_main" if one.main else "champion"), {}
    return ("main" if one.main else ""), {}


def _seller(facts: Facts) -> list[Suggestion]:
    if facts.sales is None:
        return []
    return [_ours(facts.sales, "sales", "closed", year=facts.since.year if facts.since else None)]


def _executive(facts: Facts) -> list[Suggestion]:
    if not facts.executive:
        return []
    comes = facts.held < EXECUTIVE_REVIEWS
    who = facts.executive_user
    told = (
        _ours(who, "executive", "executive")
        if who
        else Suggestion("executive", "executive", name_of(facts.executive), facts.executive, ours=True)
    )
    number = {"number": facts.held + 1}
    return [replace(told, chosen=comes, reason="executive" if comes else "executive_past", data=number)]


def _same(one: Suggestion, other: Suggestion) -> bool:
    if one.user_id is not None and one.user_id == other.user_id:
        return True
    return bool(one.email) and one.email.casefold() == other.email.casefold()
