"""The triggers on SQLite: one writer at a time, so each row moves its figures where they stand (slot 0).

Each fires only where its columns moved; a night that changes a hundred thousand scores touches four sums.
"""

from haark.portfolio.upkeep import stamps
from haark.portfolio.upkeep.facts import CHANGES, FACETS, LIVE, MONEY, PULSE, PULSES, SUMS, UNDER, of

_MORE = "ON CONFLICT (facet, value, slot) DO UPDATE SET n = n + excluded.n"
_CHANGED = f"UPDATE portfolio_count SET n = n + 1 WHERE facet = 'sum' AND value = '{CHANGES}' AND slot = 0;"


_PULSE = _CHANGED.replace(f"'{CHANGES}'", f"'{PULSE}'")


def triggers() -> dict[str, str]:
    """The statements that make the triggers, by the names of the triggers."""
    made: dict[str, str] = {}
    made |= _of_cards()
    made |= _of_search()
    made |= _of_signals()
    made |= _of_tags()
    for table, columns in (("users", " OF name"), ("custom_value", "")):
        made |= _on(f"{table}_ins", f"INSERT ON {table}", "", _CHANGED)
        made |= _on(f"{table}_upd", f"UPDATE{columns} ON {table}", "", _CHANGED)
        made |= _on(f"{table}_del", f"DELETE ON {table}", "", _CHANGED)
    for table, names in PULSES.items():
        made |= _on(f"pulse_{table}_ins", f"INSERT ON {table}", "", _PULSE)
        made |= _on(f"pulse_{table}_upd", f"UPDATE{' OF ' + names if names else ''} ON {table}", "", _PULSE)
        made |= _on(f"pulse_{table}_del", f"DELETE ON {table}", "", _PULSE)
    return made | stamps.sqlite()


def search_text(row: str) -> str:
    """What is searched of a card, as `portfolio.searching` writes it: a space before the name and before the external
    id, so that «the beginning of a word» can be asked for."""
    return f"' ' || {row}.name_folded || char(10) || ' ' || {row}.external_id"


def _on(name: str, when: str, condition: str, body: str) -> dict[str, str]:
    name = f"portfolio_{name}"
    clause = f" WHEN {condition}" if condition else ""
    return {name: f"CREATE TRIGGER {name} AFTER {when}{clause} BEGIN {body} END"}


def _add(facet: str, value: str, n: int, where: str = "1") -> str:
    where = f"{value} IS NOT NULL AND {where}"
    return (
        f"INSERT INTO portfolio_count (facet, value, slot, n) SELECT '{facet}', {value}, 0, {n} WHERE {where} {_MORE};"
    )


def _sums(names: tuple[str, ...], new: str, old: str) -> str:
    """Moves sums by what the new row has more than the old; either may be ''."""
    cases = []
    for name in names:
        more = f"+ ({of(SUMS[name], new)})" if new else ""
        less = f"- ({of(SUMS[name], old)})" if old else ""
        cases.append(f"WHEN '{name}' THEN n {more} {less}")
    listed = ", ".join(f"'{name}'" for name in names)
    cases_text = " ".join(cases)
    return (
        f"UPDATE portfolio_count SET n = CASE value {cases_text} ELSE n END"
        f" WHERE facet = 'sum' AND value IN ({listed}) AND slot = 0;"
    )


def _of_cards() -> dict[str, str]:
    made: dict[str, str] = {}
    everything = tuple(SUMS)
    for row, event, n in (("new", "INSERT", 1), ("old", "DELETE", -1)):
        body = [_add(UNDER.get(name, name), of(value, row), n) for name, (value, _columns) in FACETS.items()]
        body.append(_sums(everything, row if n > 0 else "", row if n < 0 else ""))
        body.append(
            "INSERT INTO portfolio_count (facet, value, slot, n) SELECT DISTINCT s.side, s.kind, 0, "
            f"{n} FROM signal s WHERE s.account_id = {row}.account_id AND {of(LIVE, 's')} {_MORE};"
        )
        body.append(
            "INSERT INTO portfolio_count (facet, value, slot, n) SELECT 'tag', t.tag, 0, "
            f"{n} FROM account_tag t WHERE t.account_id = {row}.account_id {_MORE};"
        )
        made |= _on(f"card_{event[:3].lower()}", f"{event} ON account_card", "", " ".join([*body, _CHANGED]))
    for name, (value, columns) in FACETS.items():
        facet, new, old = UNDER.get(name, name), of(value, "new"), of(value, "old")
        gone = f"UPDATE portfolio_count SET n = n - 1 WHERE facet = '{facet}' AND value = {old} AND slot = 0;"
        event = f"UPDATE OF {', '.join(columns)} ON account_card"
        made |= _on(f"card_{name}", event, f"{new} IS NOT {old}", f"{gone} {_add(facet, new, 1)}")
    health = tuple(name for name in SUMS if name.startswith("health_"))
    moved = "new.{0} IS NOT old.{0}".format
    made |= _on(
        "card_scores",
        "UPDATE OF health_score, arr_cents ON account_card",
        f"{moved('health_score')} OR {moved('arr_cents')}",
        _sums(health, "new", "old"),
    )
    made |= _on(
        "card_money",
        "UPDATE OF arr_cents, arr_before_cents, at_risk ON account_card",
        f"{moved('arr_cents')} OR {moved('arr_before_cents')} OR {moved('at_risk')}",
        _sums(MONEY, "new", "old"),
    )
    return made | _on("card_upd", "UPDATE ON account_card", "", _CHANGED)


def _of_search() -> dict[str, str]:
    def put(row: str) -> str:
        return f"INSERT INTO account_search (rowid, text) VALUES ({row}.account_id, {search_text(row)});"

    def take(row: str) -> str:
        return (
            "INSERT INTO account_search (account_search, rowid, text) VALUES"
            f" ('delete', {row}.account_id, {search_text(row)});"
        )

    moved = "new.name_folded IS NOT old.name_folded OR new.external_id IS NOT old.external_id"
    return {
        **_on("search_ins", "INSERT ON account_card", "", put("new")),
        **_on("search_del", "DELETE ON account_card", "", take("old")),
        **_on("search_upd", "UPDATE OF name_folded, external_id ON account_card", moved, take("old") + put("new")),
    }


def _of_signals() -> dict[str, str]:
    """Accounts by kind of living signal; two causes of one kind are one account."""

    def step(row: str, n: int) -> str:
        other = (
            f"SELECT 1 FROM signal s WHERE s.account_id = {row}.account_id AND s.side = {row}.side"
            f" AND s.kind = {row}.kind AND s.id <> {row}.id AND {of(LIVE, 's')}"
        )
        card = f"SELECT 1 FROM account_card c WHERE c.account_id = {row}.account_id"
        return (
            "INSERT INTO portfolio_count (facet, value, slot, n)"
            f" SELECT {row}.side, {row}.kind, 0, {n} WHERE EXISTS ({card}) AND NOT EXISTS ({other}) {_MORE};"
        )

    new, old = of(LIVE, "new"), of(LIVE, "old")
    key = " OR ".join(f"new.{name} IS NOT old.{name}" for name in ("account_id", "side", "kind"))
    columns = "UPDATE OF state, resolved_on, account_id, side, kind ON signal"
    return {
        **_on("signal_ins", "INSERT ON signal", new, step("new", 1) + _CHANGED),
        **_on("signal_del", "DELETE ON signal", old, step("old", -1) + _CHANGED),
        **_on("signal_began", columns, f"({new}) AND NOT ({old})", step("new", 1) + _CHANGED),
        **_on("signal_ended", columns, f"({old}) AND NOT ({new})", step("old", -1) + _CHANGED),
        **_on("signal_moved", columns, f"({old}) AND ({new}) AND ({key})", step("old", -1) + step("new", 1) + _CHANGED),
    }


def _of_tags() -> dict[str, str]:
    def step(row: str, n: int) -> str:
        card = f"EXISTS (SELECT 1 FROM account_card c WHERE c.account_id = {row}.account_id)"
        return _add("tag", f"{row}.tag", n, card)

    return {
        **_on("tag_ins", "INSERT ON account_tag", "", step("new", 1) + _CHANGED),
        **_on("tag_del", "DELETE ON account_tag", "", step("old", -1) + _CHANGED),
        **_on("tag_upd", "UPDATE ON account_tag", "", step("old", -1) + step("new", 1) + _CHANGED),
    }
