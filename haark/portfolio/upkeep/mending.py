"""Setting the triggers up, taking them away, counting anew and comparing."""

from typing import Any

from sqlalchemy import Connection, CursorResult

from haark.portfolio.upkeep import postgresql, sqlite, stamps
from haark.portfolio.upkeep.facts import CHANGES, PULSE, counted


def _sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def install(connection: Connection) -> None:
    """Triggers as the present code wants them, totals and search index counted anew. Commits nothing."""
    remove(connection)
    for statement in (sqlite if _sqlite(connection) else postgresql).triggers().values():
        _run(connection, statement)
    recount(connection)


def remove(connection: Connection) -> None:
    """Takes every trigger of ours away; what they kept stays as it was."""
    for name, table in _present(connection).items():
        _run(connection, f"DROP TRIGGER {name}" + ("" if _sqlite(connection) else f" ON {table}"))


def recount(connection: Connection) -> None:
    """Totals and search index made from the rows. Nobody else writes cards, signals or tags meanwhile."""
    if not _sqlite(connection):
        _run(connection, "LOCK TABLE account_card, signal, account_tag IN SHARE ROW EXCLUSIVE MODE")
        _run(connection, f"SELECT pg_advisory_xact_lock({postgresql.LOCK})")
    own = f"facet = 'sum' AND value IN ('{CHANGES}', '{PULSE}')"
    before = _run(connection, f"SELECT sum(n) FROM portfolio_count WHERE {own}").scalar() or 0
    _run(connection, "DELETE FROM portfolio_count")
    place = "0" if _sqlite(connection) else "(SELECT nextval('portfolio_count_slot'))"
    _run(
        connection,
        "INSERT INTO portfolio_count (facet, value, slot, n)"
        f" SELECT q.facet, q.value, {place}, sum(q.n) FROM ({counted()}) q GROUP BY q.facet, q.value",
    )
    for statement in stamps.fill(_sqlite(connection)):
        _run(connection, statement)
    for name in (CHANGES, PULSE):
        _run(connection, f"INSERT INTO portfolio_count VALUES ('sum', '{name}', 0, {int(before) + 1})")
    if _sqlite(connection):
        _run(connection, "INSERT INTO account_search (account_search) VALUES ('delete-all')")
        text = sqlite.search_text("c")
        _run(connection, f"INSERT INTO account_search (rowid, text) SELECT c.account_id, {text} FROM account_card c")


def faults(connection: Connection) -> list[str]:
    """What does not agree with the rows, each in a few English words: triggers, figures, the search index."""
    wanted = (sqlite if _sqlite(connection) else postgresql).triggers()
    missing = {name for name in wanted if not name.endswith("()")} - set(_present(connection))
    found = [f"trigger {name} is missing" for name in sorted(missing)]
    own = f"facet = 'sum' AND value IN ('{CHANGES}', '{PULSE}')"
    kept = _figures(connection, f"SELECT facet, value, n FROM portfolio_count WHERE NOT ({own})")
    true = _figures(connection, counted())
    for key in sorted(kept.keys() | true.keys()):
        if kept.get(key, 0) != true.get(key, 0):
            found.append(f"{key[0]} «{key[1]}»: {kept.get(key, 0)} kept, {true.get(key, 0)} counted")
    unstamped = _run(connection, stamps.MISSING).scalar()
    if unstamped:
        found.append(f"{unstamped} accounts have no stamp")
    if _sqlite(connection):
        # The index has no content of its own to compare: it is asked for each name's beginning instead.
        lost = _run(
            connection,
            "SELECT count(*) FROM account_card c WHERE length(c.name_folded) > 1 AND NOT EXISTS (SELECT 1 FROM"
            " account_search s WHERE s.rowid = c.account_id AND account_search MATCH"
            " '\"' || replace(' ' || substr(c.name_folded, 1, 2), '\"', '\"\"') || '\"')",
        ).scalar()
        if lost:
            found.append(f"{lost} accounts cannot be found by their name")
    elif not _run(connection, "SELECT 1 FROM pg_class WHERE relname = 'ix_account_card_search'").scalar():
        found.append("without the extension pg_trgm a search reads every account (docs/production.md)")
    return found


def _figures(connection: Connection, statement: str) -> dict[tuple[str, str], int]:
    rows: Any = _run(connection, f"SELECT q.facet, q.value, sum(q.n) FROM ({statement}) q GROUP BY q.facet, q.value")
    return {(facet, value): int(n) for facet, value, n in rows}


def _present(connection: Connection) -> dict[str, str]:
    if _sqlite(connection):
        statement = (
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'portfolio\\_%' ESCAPE '\\'"
        )
    else:
        statement = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND starts_with(t.tgname::text, 'portfolio_')"
        )
    rows: Any = _run(connection, statement)
    return dict(rows.all())


def _run(connection: Connection, statement: str) -> CursorResult[Any]:
    return connection.exec_driver_sql(statement)
