"""The triggers on PostgreSQL: each statement adds rows of differences, so that two writers never wait for one total.

Now and then the rows of a figure are folded into one, by whoever comes by while nobody else does.
"""

from haark.portfolio.upkeep import stamps
from haark.portfolio.upkeep.facts import CHANGES, FACETS, LIVE, PULSE, PULSES, SUMS, UNDER, of

FOLD_EVERY = 256  # statements that changed something
LOCK = 4_715_023  # of the advisory lock that says who folds
_INTO = "INSERT INTO portfolio_count (facet, value, slot, n)"
_HEAD = "RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE here bigint := nextval('portfolio_count_slot'); BEGIN"
_TAIL = f"IF mod(here, {FOLD_EVERY}) = 0 THEN PERFORM portfolio_fold(); END IF; RETURN NULL; END $$"
_SOURCES = {
    "ins": ("INSERT", "REFERENCING NEW TABLE AS fresh", {"fresh": 1}),
    "del": ("DELETE", "REFERENCING OLD TABLE AS stale", {"stale": -1}),
    "upd": ("UPDATE", "REFERENCING NEW TABLE AS fresh OLD TABLE AS stale", {"fresh": 1, "stale": -1}),
}
FOLD = f"""CREATE OR REPLACE FUNCTION portfolio_fold() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    IF pg_try_advisory_xact_lock({LOCK}) THEN
        WITH gone AS (DELETE FROM portfolio_count RETURNING facet, value, n),
            rest AS (SELECT facet, value, sum(n) AS n FROM gone GROUP BY facet, value HAVING sum(n) <> 0),
            place AS (SELECT nextval('portfolio_count_slot') AS slot)
        {_INTO} SELECT facet, value, place.slot, rest.n FROM rest, place;
    END IF; END $$"""


def triggers() -> dict[str, str]:
    """The statements that make functions and triggers, by a name of each (functions end in «()»)."""
    made = {"portfolio_fold()": FOLD, **_gone()}
    for kind, (event, tables, sources) in _SOURCES.items():
        made |= _on("account_card", kind, event, tables, _cards(kind, sources))
        made |= _on("signal", kind, event, tables, _signals(sources))
        made |= _on("account_tag", kind, event, tables, _tags(sources))
        made |= _on("custom_value", kind, event, "", _changed("true"))
        made |= _on("users", kind, "UPDATE OF name" if kind == "upd" else event, "", _changed("true"))
        for table, names in PULSES.items():
            when = f"UPDATE OF {names}" if kind == "upd" and names else event
            pulse = f"{_INTO} VALUES ('sum', '{PULSE}', here, 1);"
            made |= _on(table, kind, when, "", pulse, "portfolio_pulse")
    return made | stamps.postgresql("portfolio_count_slot")


def _on(table: str, kind: str, event: str, tables: str, body: str, called: str = "portfolio") -> dict[str, str]:
    name = f"{called}_{table}_{kind}"
    return {
        f"{name}()": f"CREATE OR REPLACE FUNCTION {name}() {_HEAD} {body} {_TAIL}",
        name: f"CREATE TRIGGER {name} AFTER {event} ON {table} {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    }


def _rows(sources: dict[str, int], where: str = "") -> str:
    clause = f" WHERE {where}" if where else ""
    return " UNION ALL ".join(f"SELECT {weight} AS w, t.* FROM {name} t{clause}" for name, weight in sources.items())


def _changed(condition: str) -> str:
    return f"{_INTO} SELECT 'sum', '{CHANGES}', here, 1 WHERE {condition};"


def _cards(kind: str, sources: dict[str, int]) -> str:
    lines = [
        f"('{UNDER.get(name, name)}', CAST({of(value, 'r')} AS text), r.w)" for name, (value, _c) in FACETS.items()
    ]
    lines += [f"('sum', '{name}', r.w * CAST({of(value, 'r')} AS bigint))" for name, value in SUMS.items()]
    lines.append(f"('sum', '{CHANGES}', CASE WHEN r.w > 0 OR '{kind}' = 'del' THEN 1 ELSE 0 END)")
    listed = ", ".join(lines)
    parts = f"SELECT f.* FROM ({_rows(sources)}) r CROSS JOIN LATERAL (VALUES {listed}) f (facet, value, n)"
    if kind == "ins":
        parts += (
            " UNION ALL SELECT s.side, s.kind, count(DISTINCT s.account_id) FROM signal s"
            f" JOIN fresh r ON r.account_id = s.account_id WHERE {of(LIVE, 's')} GROUP BY s.side, s.kind"
            " UNION ALL SELECT 'tag', t.tag, count(*) FROM account_tag t"
            " JOIN fresh r ON r.account_id = t.account_id GROUP BY t.tag"
        )
    return (
        f"{_INTO} SELECT q.facet, q.value, here, sum(q.n) FROM ({parts}) q"
        " WHERE q.value IS NOT NULL GROUP BY q.facet, q.value HAVING sum(q.n) <> 0;"
    )


def _gone() -> dict[str, str]:
    """What hangs on a card that goes. Before it and not after: with the account go its card, its signals and its tags,
    in this order, and what should happen after each happens when all are gone."""
    name = "portfolio_account_card_gone"
    body = (
        f"{_INTO} SELECT s.side, s.kind, here, -1 FROM signal s WHERE s.account_id = old.account_id"
        f" AND {of(LIVE, 's')} GROUP BY s.side, s.kind UNION ALL"
        " SELECT 'tag', t.tag, here, -1 FROM account_tag t WHERE t.account_id = old.account_id; RETURN old; END $$"
    )
    return {
        f"{name}()": f"CREATE OR REPLACE FUNCTION {name}() {_HEAD} {body}",
        name: f"CREATE TRIGGER {name} BEFORE DELETE ON account_card FOR EACH ROW EXECUTE FUNCTION {name}()",
    }


def _signals(sources: dict[str, int]) -> str:
    """Accounts whose last signal of a kind ended, or whose first began. Their cards are locked first: of two causes
    that come at once, one is the second."""
    live = _rows(sources, of(LIVE, "t"))
    moved = f"SELECT account_id, side, kind, sum(w) AS w FROM ({live}) m GROUP BY 1, 2, 3 HAVING sum(w) <> 0"
    return (
        f"PERFORM 1 FROM account_card c WHERE c.account_id IN (SELECT account_id FROM ({moved}) k)"
        " ORDER BY c.account_id FOR NO KEY UPDATE;"
        f" {_INTO} SELECT m.side, m.kind, here, sum((a.n > 0)::int - (a.n - m.w > 0)::int) FROM ({moved}) m"
        " JOIN account_card c ON c.account_id = m.account_id CROSS JOIN LATERAL (SELECT count(*) AS n FROM signal s"
        f" WHERE s.account_id = m.account_id AND s.side = m.side AND s.kind = m.kind AND {of(LIVE, 's')}) a"
        " GROUP BY m.side, m.kind HAVING sum((a.n > 0)::int - (a.n - m.w > 0)::int) <> 0;"
        f" {_changed(f'EXISTS (SELECT 1 FROM ({moved}) k)')}"
    )


def _tags(sources: dict[str, int]) -> str:
    return (
        f"{_INTO} SELECT 'tag', t.tag, here, sum(t.w) FROM ({_rows(sources)}) t"
        " JOIN account_card c ON c.account_id = t.account_id GROUP BY t.tag HAVING sum(t.w) <> 0;"
        f" {_changed('true')}"
    )
