"""A number for each account that grows with every change of what its page shows, and one of the house (account 0).

While a page reads the same numbers, what was drawn for it still holds (haark/dossier/kept.py). Every table that
belongs to an account is named here, and with the reason where no kept page depends on it.
"""

HOUSE = 0
# Tables whose rows carry the account themselves.
OWN = (
    "account_card",
    "account_tag",
    "action_item",
    "advice",
    "attachment",
    "comment",
    "contact",
    "contact_change",
    "custom_value",
    "event",
    "go_live",
    "health_snapshot",
    "interaction",
    "loss_note",
    "milestone",
    "next_review",
    "objective",
    "opportunity",
    "plan",
    "plan_member",
    "plan_risk",
    "project_state",
    "proposal",
    "renewal",
    "revenue",
    "review",
    "review_override",
    "review_survey",
    "roi_case",
    "signal",
    "story",
    "survey",
    "ticket",
)
# Tables that find it through another: column, and the table where it leads.
THROUGH = {
    "action_link": ("action_id", "action_item"),
    "action_step": ("action_id", "action_item"),
    "figure_override": ("review_id", "review"),
    "meeting": ("review_id", "review"),
    "objective_value": ("objective_id", "objective"),
    "participant": ("review_id", "review"),
    "plan_version": ("plan_id", "plan"),
    "recap": ("review_id", "review"),
    "rendering": ("review_id", "review"),
    "roi_line": ("case_id", "roi_case"),
}
# What all accounts' pages show; rarely written.
HOUSE_WIDE = ("churn_model", "custom_field", "feature", "plan_template", "setting", "users")
_SHOWN_ELSEWHERE = "a page of its own, which is drawn anew each time"
_USAGE = "the usage tab is drawn anew each time; an import writes millions of rows"
_HANDLED = "the rows are written once, and what points to them carries a stamp"
EXEMPT = {
    "account_stamp": "the stamps themselves",
    "account_alias": "names under which an import finds the account; no page shows them",
    "usage_day": _USAGE,
    "usage_entry": _USAGE,
    "usage_feature": _USAGE,
    "stored_file": _HANDLED,
    "share_link": _SHOWN_ELSEWHERE,
    "job": "background work; no tab shows it",
    "mail": "mails on their way; the timeline shows their event",
    "notice": "the reader's own notices, outside of what is kept",
    "trashed": "what was thrown away; its page is the bin",
}


def sqlite() -> dict[str, str]:
    """The triggers on SQLite, row by row: one step by primary key."""
    made: dict[str, str] = {}

    def on(table: str, kind: str, event: str, body: str) -> None:
        name = f"portfolio_stamp_{table}_{kind}"
        made[name] = f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"

    def step(where: str) -> str:
        return f"UPDATE account_stamp SET n = n + 1 WHERE slot = 0 AND {where};"

    def found(table: str, row: str) -> str:
        if table in OWN:
            return f"{row}.account_id"
        column, above = THROUGH[table]
        return f"(SELECT p.account_id FROM {above} p WHERE p.id = {row}.{column})"

    for table in (*OWN, *THROUGH):
        new, old = found(table, "new"), found(table, "old")
        on(table, "ins", "INSERT", step(f"account_id = {new}"))
        on(table, "upd", "UPDATE", step(f"account_id IN ({new}, {old})"))
        on(table, "del", "DELETE", step(f"account_id = {old}"))
    for table in HOUSE_WIDE:
        for kind, event in (("ins", "INSERT"), ("upd", "UPDATE"), ("del", "DELETE")):
            on(table, kind, event, step(f"account_id = {HOUSE}"))
    # An account's page names what stands above it and counts what stands below. A number that begins by chance: the id
    # of an account that is gone may be given again.
    first = "INSERT INTO account_stamp VALUES (new.id, 0, abs(random() % 4503599627370496))"
    on("account", "ins", "INSERT", f"{first} ON CONFLICT DO UPDATE SET n = n + 1; {step('account_id = new.parent_id')}")
    below = "account_id IN (SELECT c.id FROM account c WHERE c.parent_id = new.id)"
    on("account", "upd", "UPDATE", step("account_id IN (new.id, new.parent_id, old.parent_id)") + step(below))
    on(
        "account",
        "del",
        "DELETE",
        f"DELETE FROM account_stamp WHERE account_id = old.id; {step('account_id = old.parent_id')}",
    )
    return made


_TABLES = {
    "ins": ("INSERT", "REFERENCING NEW TABLE AS fresh", ("fresh",)),
    "del": ("DELETE", "REFERENCING OLD TABLE AS stale", ("stale",)),
    "upd": ("UPDATE", "REFERENCING NEW TABLE AS fresh OLD TABLE AS stale", ("fresh", "stale")),
}


def postgresql(place: str) -> dict[str, str]:
    """The triggers on PostgreSQL, one for each statement; functions end in «()». `place`: a sequence of slots.

    A stamp is the sum over its rows: a writer raises those that nobody else holds, or puts down one more, so that two
    writers of one account never wait for each other. There are no more rows than there were writers at once.
    """
    made: dict[str, str] = {}

    def on(table: str, kind: str, touched: str) -> None:
        event, tables, _sources = _TABLES[kind]
        name = f"portfolio_stamp_{table}_{kind}"
        body = f"""WITH touched AS MATERIALIZED ({touched}),
            mine AS MATERIALIZED (SELECT s.account_id, s.slot FROM account_stamp s
                WHERE s.account_id IN (SELECT t.ident FROM touched t) FOR UPDATE SKIP LOCKED),
            raised AS (UPDATE account_stamp s SET n = s.n + 1 FROM mine m
                WHERE s.account_id = m.account_id AND s.slot = m.slot RETURNING s.account_id)
            INSERT INTO account_stamp (account_id, slot, n) SELECT t.ident, nextval('{place}'), 1 FROM touched t
                WHERE NOT EXISTS (SELECT 1 FROM raised r WHERE r.account_id = t.ident);"""
        made[f"{name}()"] = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {body} RETURN NULL; END $$"
        )
        made[name] = (
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )

    def there(select: str) -> str:
        """What goes with its account leaves no stamp behind."""
        return f"SELECT DISTINCT a.id AS ident FROM account a WHERE a.id IN ({select})"

    for kind, (_event, _tables, sources) in _TABLES.items():
        for table in OWN:
            on(table, kind, there(" UNION ALL ".join(f"SELECT account_id FROM {name}" for name in sources)))
        for table, (column, above) in THROUGH.items():
            joined = f"SELECT p.account_id FROM {above} p JOIN {{}} t ON t.{column} = p.id"
            on(table, kind, there(" UNION ALL ".join(joined.format(name) for name in sources)))
        for table in HOUSE_WIDE:
            some = " UNION ALL ".join(f"SELECT 1 FROM {name}" for name in sources)
            on(table, kind, f"SELECT {HOUSE} AS ident WHERE EXISTS ({some})")
        near = " UNION ALL ".join(f"SELECT id FROM {name} UNION ALL SELECT parent_id FROM {name}" for name in sources)
        if kind == "upd":
            near += " UNION ALL SELECT c.id FROM account c JOIN fresh t ON t.id = c.parent_id"
        on("account", kind, there(near))
    return made


def fill(sqlite: bool) -> list[str]:
    """Statements that give a stamp to every account that has none, and raise all others: after a migration nothing that
    was kept holds."""
    place, first = (
        ("0", "abs(random() % 4503599627370496)") if sqlite else ("0", "floor(random() * 4503599627370496)::bigint")
    )
    every = f"SELECT id FROM account UNION ALL SELECT {HOUSE}"
    return [
        "DELETE FROM account_stamp",
        f"INSERT INTO account_stamp (account_id, slot, n) SELECT e.id, {place}, {first} FROM ({every}) e",
    ]


MISSING = (
    f"SELECT count(*) FROM (SELECT id FROM account UNION ALL SELECT {HOUSE}) e"
    " WHERE NOT EXISTS (SELECT 1 FROM account_stamp s WHERE s.account_id = e.id)"
)
