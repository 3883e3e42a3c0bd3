"""Many accounts at a time: their ids in chunks, and statements about a chunk that are put together once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from haark.accounts.models import Account
from haark.extensions import db, reading

# How many accounts one statement speaks of: bounds memory, and the time a write lock is held.
CHUNK = 500


def chunks(account_ids: Iterable[int] | None, size: int = CHUNK) -> Iterator[list[int]]:
    """The accounts to work on, `size` ids at a time and in order; None means all that are not deleted."""
    if account_ids is not None:
        wanted = sorted(set(account_ids))
        yield from (wanted[start : start + size] for start in range(0, len(wanted), size))
        return
    last, account = 0, Account.__table__.c
    while True:
        page = select(account.id).where(account.id > last, account.deleted_at.is_(None)).order_by(account.id)
        with reading():
            found = [row[0] for row in db.session.execute(page.limit(size)).all()]  # at once, as in `for_chunk`
        if found:
            yield found
            last = found[-1]
        if len(found) < size:
            return


def everybody() -> list[int]:
    """The ids of all accounts that are not deleted, in order."""
    return [ident for page in chunks(None, 10_000) for ident in page]


def within(column: ColumnElement[Any] | InstrumentedAttribute[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Rows of a chunk of accounts: a range that the index serves, then the list where it has gaps."""
    if len(ids) == 1:
        return column == ids[0]
    span = column.between(ids[0], ids[-1])
    return span if ids[-1] - ids[0] + 1 == len(ids) else and_(span, column.in_(ids))


Chosen = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def for_chunk(build: Callable[[Chosen], Select[Any]]) -> Callable[..., Sequence[Any]]:
    """A statement about a chunk of accounts that is built once, not for each chunk: `build` is given what `within` is
    for one chunk, and names its other values with `bindparam`. Call it with the ids (ascending, at least one) and them;
    it answers with all rows, fetched at once: one after the other costs a microsecond each.

    To put a statement together takes longer than to run it for a few dozen accounts.
    """
    made: dict[bool, Select[Any]] = {}

    def chosen(column: ColumnElement[Any], gaps: bool) -> ColumnElement[bool]:
        span = column.between(bindparam("first_id"), bindparam("last_id"))
        return and_(span, column.in_(bindparam("ids", expanding=True))) if gaps else span

    def run(ids: Sequence[int], **values: Any) -> Sequence[Any]:
        gaps = ids[-1] - ids[0] + 1 != len(ids)
        if gaps not in made:
            made[gaps] = build(lambda column: chosen(column, gaps))
        values |= {"first_id": ids[0], "last_id": ids[-1]}
        return db.session.execute(made[gaps], values | {"ids": list(ids)} if gaps else values).all()

    return run
