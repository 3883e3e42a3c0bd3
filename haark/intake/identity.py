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

    def together(self, kind: Kind, names: tuple[str, ...], source: str) -> "Together":
        """The same for many rows of usage at once, given and returned column by column; None where they have to be
        looked at one by one."""
        own = names.index("external_id") if "external_id" in names else -1
        measures = [at for at, name in enumerate(names) if name in MEASURES]
        if not measures or "source" in names or own > 0:
            return lambda columns: None
        finish, first = self.finisher(kind, names, source), measures[0]

        def complete(columns: list[list[Any]]) -> tuple[Stage, list[list[Any]]] | None:
            if None in columns[first]:
                return None
            if own >= 0:
                without = columns[own].count(None)
                if 0 < without < len(columns[own]):
                    return None
            stage, row = finish([column[0] for column in columns])
            kept = columns[1:] if own >= 0 and columns[own][0] is None else columns
            # What every row gets besides its own values: the feature that stands for the whole product.
            return stage, [*kept, *([value] * len(kept[0]) for value in row[len(kept) :])]

        return complete

    def by_content(self, kind: Kind, source: str, names: Sequence[str], values: Sequence[Any]) -> str:
        """What tells a row without an id from others: its content, and its rank among equals of this import."""
        given = dict(zip(names, values, strict=True))
        if "account_id" in given:
            given["account_id"] = self.known.label(given["account_id"])
        content = hashlib.sha256(json.dumps([kind.name, given], sort_keys=True).encode()).hexdigest()[:24]
        self.equals[content] += 1
        return f"{source}:{content}:{self.equals[content]}"


Finish = Callable[[list[Any]], tuple[Stage, tuple[Any, ...]]]
Together = Callable[[list[list[Any]]], tuple[Stage, list[list[Any]]] | None]


def _account_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """An account's row carries its reference, the name as searched, and what identifies it without an external id."""
    name = names.index("name")
    own = names.index("external_id") if "external_id" in names else -1
    mark = names.index("archive_id") if "archive_id" in names else -1
    known, restoring = make.known, make.known.restoring
    # When a row was made is told by who makes it, but where an archive is taken back.
    aside = {"archive_id"} if restoring else {"archive_id", "created_at"}
    kept = [at for at, column in enumerate(names) if column not in aside]
    stage = make.scratch.stage(
        kind, tuple(names[at] for at in kept), source, ("name_folded", "ref", "likeness"), levels=False
    )
    whole = len(kept) == len(names)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        external_id = values[own] if own >= 0 else None
        folded = fold(values[name])
        marked = values[mark] if mark >= 0 else None
        alone = restoring and marked and not external_id
        ref = known.fresh() if alone else known.own(external_id, values[name])
        if external_id not in known.by_id or ref > 0:
            known.learn(ref, external_id, values[name])
        if marked:
            known.by_id.setdefault(marked, ref)
        if own >= 0 and isinstance(ref, Alias):
            values[own] = external_id = known.own_id(ref, external_id)
        shown = values if whole else [values[at] for at in kept]
        return stage, (*shown, folded, ref, None if external_id or alone else folded)

    return finish


def _natural_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    own = names.index("external_id") if "external_id" in names else -1
    parts = [names.index(name) for name in kind.natural if name in names]
    always = kind.name == "revenue"  # one level a day, whatever ids the rows carry
    known_again = always or not make.known.restoring
    stage = make.scratch.stage(kind, names, source, ("likeness",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        natural = None
        if known_again and (always or own < 0 or values[own] is None):
            natural = "\x1f".join(str(values[at] or "") for at in parts)
            if kind.name == "contacts" and "email" in names and values[names.index("email")]:
                natural = values[names.index("email")]
        return stage, (*values, natural)

    return finish


def _identity_rows(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """Rows known by source and id, else by source, content and rank among equals."""
    own = names.index("external_id") if "external_id" in names else -1
    given = names.index("identity") if "identity" in names else -1
    stores_id = kind.name == "tickets"
    kept = [at for at, name in enumerate(names) if name != "identity" and (name != "external_id" or stores_id)]
    stage = make.scratch.stage(kind, tuple(names[at] for at in kept), source, ("identity",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        if given >= 0 and values[given]:
            return stage, (*(values[at] for at in kept), values[given])
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
    looked_up = owner >= 0 and "owner_id" not in names
    restoring = make.known.restoring
    columns = ("external_id", *(names[at] for at in kept), *(("owner_id",) if looked_up else ()))
    stage = make.scratch.stage(kind, columns, source, ("likeness",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        identity = values[own] if own >= 0 else None
        if not identity and not restoring:
            identity = make.by_content(kind, source, names, values)
        who = (make.known.users.get(str(values[owner]).lower()),) if looked_up else ()
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
    told = names.index("source") if "source" in names else -1
    if told >= 0:
        return _usage_of_sources(make, kind, names, source)
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


def _usage_of_sources(make: Identities, kind: Kind, names: tuple[str, ...], source: str) -> Finish:
    """The usage of an archive: each row with an id of its own says in which source it is one."""
    own, told = names.index("external_id"), names.index("source")
    kept = [at for at, name in enumerate(names) if name not in ("external_id", "source")]
    columns = tuple(names[at] for at in kept)
    plain = make.scratch.stage(kind, columns, source, (), levels=False)
    with_ids: dict[str, Stage] = {}

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        row = [values[at] for at in kept]
        if values[own] is None:
            return plain, tuple(row)
        place = values[told] or source
        if place not in with_ids:
            with_ids[place] = make.scratch.stage(kind, ("external_id", *columns), place, (), levels=False)
        return with_ids[place], (values[own], *row)

    return finish


FINISH: dict[str, Callable[[Identities, Kind, tuple[str, ...], str], Finish]] = {
    "account": _account_rows,
    "natural": _natural_rows,
    "identity": _identity_rows,
    "deal": _deal_rows,
    "key": _key_rows,
    "usage": _usage_rows,
}
