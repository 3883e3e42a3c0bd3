"""What is counted of each account card, as SQL that both databases understand; `{r}` is where the row's name goes."""

_ARR, _BEFORE, _SCORE = "{r}.arr_cents", "{r}.arr_before_cents", "{r}.health_score"
_LEFT = f"CASE WHEN {_ARR} > 0 THEN {_ARR} ELSE 0 END"
_COHORT = f"{_BEFORE} > 0 AND {_ARR} IS NOT NULL"

# facet: the value that a card counts for, NULL for none; and the columns that it follows from.
FACETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sector": ("{r}.sector", ("sector",)),
    "size": ("{r}.size", ("size",)),
    "segment": ("{r}.segment", ("segment",)),
    "health": ("{r}.health_band", ("health_band",)),
    "tier": ("{r}.tier", ("tier",)),
    "owner": ("coalesce(CAST({r}.owner_id AS TEXT), '')", ("owner_id",)),
    # Days and not windows: what «within 30 days» means moves on with the calendar.
    "renewal": ("coalesce(CAST({r}.renewal_date AS TEXT), '')", ("renewal_date",)),
    "review": (
        "CASE WHEN {r}.next_review_late THEN 'L' ELSE '-' END"
        " || CASE WHEN {r}.next_review_planned THEN 'P' ELSE '-' END"
        " || coalesce(CAST({r}.next_review_on AS TEXT), '')",
        ("next_review_late", "next_review_planned", "next_review_on"),
    ),
    "risk": ("CASE WHEN {r}.risk_count = 0 THEN 'none' END", ("risk_count",)),
    "at_risk": ("CASE WHEN {r}.at_risk THEN 'at_risk' END", ("at_risk",)),
    "opportunity": ("CASE WHEN {r}.opportunity_count = 0 THEN 'none' END", ("opportunity_count",)),
}
# Where a facet's values stand in the table when not under its own name.
UNDER = {"at_risk": "risk"}


def _if(condition: str, amount: str = "1") -> str:
    return f"CASE WHEN {condition} THEN {amount} ELSE 0 END"


# Sums over all cards. Those of `health_` move with the score of every night, the others seldom.
SUMS: dict[str, str] = {
    "accounts": "1",
    "arr": f"coalesce({_ARR}, 0)",
    "arr_n": _if(f"{_ARR} IS NOT NULL"),
    "before": f"coalesce({_BEFORE}, 0)",
    "before_n": _if(f"{_BEFORE} IS NOT NULL"),
    "health_n": _if(f"{_SCORE} IS NOT NULL"),
    "health_product": f"coalesce({_SCORE} * {_ARR}, 0)",
    "health_sum": f"coalesce({_SCORE}, 0)",
    "health_weights": _if(f"{_SCORE} IS NOT NULL", f"coalesce({_ARR}, 0)"),
    "kept_accounts": _if(_COHORT),
    "kept_before": _if(_COHORT, _BEFORE),
    "kept_kept": _if(_COHORT, f"CASE WHEN {_LEFT} < {_BEFORE} THEN {_LEFT} ELSE {_BEFORE} END"),
    "kept_lost": _if(f"{_COHORT} AND {_ARR} <= 0"),
    "kept_now": _if(_COHORT, _LEFT),
    "kept_outside": _if(f"coalesce({_BEFORE}, 0) <= 0 AND {_ARR} > 0"),
    "kept_unknown": _if(f"{_ARR} IS NULL"),
    "risk_arr": _if("{r}.at_risk", f"coalesce({_ARR}, 0)"),
    "risk_arr_n": _if(f"{{r}}.at_risk AND {_ARR} IS NOT NULL"),
}
MONEY = tuple(name for name in SUMS if not name.startswith("health_") and name != "accounts")
# Grows with every change of what a list can show, whatever the figures say.
CHANGES = "changes"
# Grows with every change of what somebody may have to do today, for the number in the side bar: table, and the columns
# that matter where not all do.
PULSE = "pulse"
PULSES: dict[str, str] = {
    "account": "owner_id, sales_owner_id, deleted_at",
    **dict.fromkeys(("review", "meeting", "recap", "action_item", "postponement", "proposal", "comment", "notice"), ""),
    **dict.fromkeys(("next_review", "advice", "signal", "setting", "saved_view"), ""),
}

LIVE = "{r}.resolved_on IS NULL AND {r}.state IN ('open', 'acknowledged')"  # as portfolio.filters.live


def of(expression: str, row: str) -> str:
    return expression.format(r=row)


def counted() -> str:
    """A select of (facet, value, n) that counts everything from the rows."""
    parts = [
        f"SELECT '{UNDER.get(name, name)}' AS facet, CAST({of(value, 'c')} AS TEXT) AS value, count(*) AS n"
        f" FROM account_card c GROUP BY {of(value, 'c')}"
        for name, (value, _columns) in FACETS.items()
    ]
    parts.append(
        f"SELECT s.side, s.kind, count(DISTINCT s.account_id) FROM signal s JOIN account_card c"
        f" ON c.account_id = s.account_id WHERE {of(LIVE, 's')} GROUP BY s.side, s.kind"
    )
    parts.append(
        "SELECT 'tag', t.tag, count(*) FROM account_tag t JOIN account_card c ON c.account_id = t.account_id"
        " GROUP BY t.tag"
    )
    parts += [
        f"SELECT 'sum', '{name}', CAST(coalesce(sum({of(value, 'c')}), 0) AS BIGINT) FROM account_card c"
        for name, value in SUMS.items()
    ]
    return "SELECT facet, value, n FROM (" + " UNION ALL ".join(parts) + ") q WHERE value IS NOT NULL"
