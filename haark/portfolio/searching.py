"""Finding accounts by a part of their name or external id, through an index of three-letter pieces.

SQLite keeps the index in `account_search` (FTS5, trigram), PostgreSQL as `ix_account_card_search` (pg_trgm); both hold
the folded name, and after it the external id. An index serves where few accounts match. Where many do, the list finds
its fifty rows sooner by walking its own order and looking at each text; `few` decides, and counts while it is at it.
"""

from functools import lru_cache
from typing import Any

from flask import g
from sqlalchemy import CTE, ColumnElement, column, func, literal, literal_column, or_, select, table

from haark.accounts.models import AccountCard
from haark.extensions import db
from haark.formats import fold
from haark.portfolio import rules, standing

Card = AccountCard.__table__.c
# The same text as in the index, letter for letter: another way to write it would not use the index.
TEXTS = {
    "sqlite": "(' ' || account_card.name_folded || char(10) || ' ' || account_card.external_id)",
    "postgresql": "(' ' || account_card.name_folded || chr(10) || ' ' || lower(account_card.external_id))",
}
SMALL = 20_000  # accounts that are read faster than anybody notices
SHORT = 3  # letters below which the index knows no pieces


def condition(text: str) -> ColumnElement[bool]:
    """The cards that hold this text, whatever its case and accents. Of one or two letters in a large portfolio: those
    where a word begins with them."""
    terms = _terms(text)
    if not few(text):
        return or_(*(_text().like(rules.like(one, folded=True), escape="\\") for one in terms))
    if db.engine.dialect.name == "sqlite":
        return Card.account_id.in_(_matches(terms))
    return Card.account_id.in_(select(_hits(terms, db.engine.dialect.name).c.account_id))


def few(text: str) -> bool:
    """Whether at most rules.MOST_COUNTED accounts match, and the index can say which."""
    return _count(text) <= rules.MOST_COUNTED


def _terms(text: str) -> tuple[str, ...]:
    """What to look for: the folded text; as written too, since an external id keeps its accents."""
    found = dict.fromkeys((fold(text), " ".join(text.lower().split())))
    if len(fold(text)) < SHORT and _large():
        return tuple(f" {one}" for one in found)
    return tuple(found)


def _count(text: str) -> int:
    """How many match, counted up to one more than is counted at all; once for each request."""
    known: dict[str, int] = g.setdefault("portfolio_hits", {}) if standing.reads_only() else {}
    if text not in known:
        known[text] = _asked(_terms(text))
    return known[text]


def _asked(terms: tuple[str, ...]) -> int:
    if min(map(len, terms)) < SHORT:
        return rules.MOST_COUNTED + 1  # nothing in the index: read, a small portfolio or one letter that many have
    limit = rules.MOST_COUNTED + 1
    if db.engine.dialect.name == "sqlite":
        found = _matches(terms).limit(limit).subquery()
    else:
        found = select(Card.account_id).where(_like(terms)).limit(limit).subquery()
    return int(db.session.scalar(select(func.count()).select_from(found)) or 0)


def _matches(terms: tuple[str, ...]) -> Any:
    """The ids that the index finds, on SQLite."""
    search = table("account_search", column("rowid"))
    phrases = " OR ".join('"' + one.replace('"', '""') + '"' for one in terms)
    return select(search.c.rowid).where(literal_column("account_search").op("MATCH")(literal(phrases)))


@lru_cache(maxsize=256)
def _hits(terms: tuple[str, ...], _dialect: str) -> CTE:
    """The same on PostgreSQL, worked out first: its planner would rather walk the list's order. One object for a text,
    as several parts of one statement may name it."""
    found = select(Card.account_id).where(_like(terms))
    return found.cte("hits").prefix_with("MATERIALIZED")


def _like(terms: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(_text().like(rules.like(one, folded=True), escape="\\") for one in terms))


def _text() -> ColumnElement[str]:
    return literal_column(TEXTS[db.engine.dialect.name])


def _large() -> bool:
    return standing.read_size() > SMALL
