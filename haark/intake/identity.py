"""How a parsed row is known again: the last columns that it gets before it is staged."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from haark.formats import fold
from haark.intake.kinds import Kind
from haark.intake.known import Alias, Known
from haark.intake.scratch import Scratch, Stage
from haark.intake.wording import N_, AtFault, Refused

MEASURES = ("active_users", "events", "logins")


class Identities:
    """Makes, for the rows of one table, the function that completes their values and says in which stage they go."""

    def __init__(self, scratch: Scratch, known: Known) -> None:
        self.scratch = scratch
        self.known = known
        self.equals: Counter[str] = Counter()

    def finisher(self, kind: Kind, names: tuple[str, ...], source: str) -> "Finish":
        """`names` are the database columns of the row's values, in order. The function may raise Refused."""
        return FINISH[kind.known_by](self, kind, names, source)

    def by_content(self, kind: Kind, source: str, names: Sequence[str], values: Sequence[Any]) -> str:
        """What tells a row without an id from others: its content, and its rank among equals of this import."""
        given = dict(zip(names, values, strict=True))
        if "account_id" in given:
            given["account_id"] = self.known.label(given["account_id"])
        content = hashlib.sha256(json.dumps([kind.name, given], sort_keys=True).encode()).hexdigest()[:24]
        self.equals[content] += 1
        return f"{source}:{content}:{self.equals[content]}"


Finish = Callable[[list[Any]], tuple[Stage, tuple[Any, ...]]]


def _account_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """An account's row carries its reference, the name as searched, and what identifies it without an external id."""
    name = names.index("name")
    own = names.index("external_id") if "external_id" in names else -1
    stage = make.scratch.stage(kind, names, source, ("name_folded", "ref", "likeness"), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        external_id = values[own] if own >= 0 else None
        folded = fold(values[name])
        ref = make.known.own(external_id, values[name])
        if external_id not in make.known.by_id or ref > 0:
            make.known.learn(ref, external_id, values[name])
        if own >= 0 and isinstance(ref, Alias):
            values[own] = external_id = make.known.own_id(ref, external_id)
        return stage, (*values, folded, ref, None if external_id else folded)

    return finish


def _natural_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    own = names.index("external_id") if "external_id" in names else -1
    parts = [names.index(name) for name in kind.natural if name in names]
    always = kind.name == "revenue"  # one level a day, whatever ids the rows carry
    stage = make.scratch.stage(kind, names, source, ("likeness",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        natural = None
        if always or own < 0 or values[own] is None:
            natural = "\x1f".join(str(values[at] or "") for at in parts)
            if kind.name == "contacts" and "email" in names and values[names.index("email")]:
                natural = values[names.index("email")]
        return stage, (*values, natural)

    return finish


def _identity_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """Rows known by source and id, else by source, content and rank among equals."""
    own = names.index("external_id") if "external_id" in names else -1
    stores_id = kind.name == "tickets"
    kept = [at for at, name in enumerate(names) if name != "external_id" or stores_id]
    stage = make.scratch.stage(kind, tuple(names[at] for at in kept), source, ("identity",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        identity = (
            f"{source}:{values[own]}" if own >= 0 and values[own] else make.by_content(kind, source, names, values)
        )
        return stage, (*(values[at] for at in kept), identity)

    return finish


def _deal_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """Like the rows above, but the external id itself is kept, and the owner is a user where one has that address."""
    own = names.index("external_id") if "external_id" in names else -1
    owner = names.index("owner_email") if "owner_email" in names else -1
    kept = [at for at in range(len(names)) if at != own]
    columns = ("external_id", *(names[at] for at in kept), *(("owner_id",) if owner >= 0 else ()))
    stage = make.scratch.stage(kind, columns, source, ("likeness",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        identity = (values[own] if own >= 0 else None) or make.by_content(kind, source, names, values)
        who = (make.known.users.get(str(values[owner]).lower()),) if owner >= 0 else ()
        return stage, (identity, *(values[at] for at in kept), *who, None)

    return finish


def _key_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    stage = make.scratch.stage(kind, names, source, (), levels=False)
    return lambda values: (stage, tuple(values))


def _usage_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """Usage without a feature is about the whole product: feature 0."""
    own = names.index("external_id") if "external_id" in names else -1
    measures = [at for at, name in enumerate(names) if name in MEASURES]
    if not measures:
        raise AtFault(N_("L’usage a besoin d’au moins une mesure : active_users, events ou logins."))
    first = measures[0]
    has_feature = "feature_id" in names
    plain_columns = tuple(name for name in names if name != "external_id") + (() if has_feature else ("feature_id",))
    tail = () if has_feature else (0,)
    plain = make.scratch.stage(kind, plain_columns, source, (), levels=False)
    with_ids = make.scratch.stage(kind, ("external_id", *plain_columns), source, (), levels=False) if own >= 0 else None

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        # The first measure is there in nearly every row, and a million rows pass here.
        if values[first] is None and all(values[at] is None for at in measures):
            raise Refused(N_("la ligne ne porte aucune mesure (utilisateurs actifs, actions ou connexions)"))
        if with_ids is not None and values[own] is not None:
            return with_ids, (*values, *tail)
        if own >= 0:
            values = values[:own] + values[own + 1 :]
        return plain, (*values, *tail)

    return finish


FINISH: dict[str, Callable[[Identities, Kind, tuple[str, ...], str], Finish]] = {
    "account": _account_rows,
    "natural": _natural_rows,
    "identity": _identity_rows,
    "deal": _deal_rows,
    "key": _key_rows,
    "usage": _usage_rows,
}
