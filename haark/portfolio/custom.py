"""The custom fields as the list knows them: a filter, a column and a column of the file each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import g
from sqlalchemy import select

from haark.accounts.chunking import within
from haark.accounts.models import CustomField, CustomValue
from haark.extensions import db

Values = dict[int, dict[str, str | float | date]]


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field that is there; `kind` as in accounts.models.FIELD_KINDS."""

    id: int
    key: str
    name: str
    kind: str

    @property
    def column(self) -> str:
        """Its name in addresses and files."""
        return f"cf_{self.key}"


def fields() -> Sequence[Field]:
    """All of them in the order of the settings; one statement a request."""
    if "portfolio_fields" not in g:
        table = CustomField.__table__.c
        order = (table.position, table.id)
        rows = select(table.id, table.key, table.name, table.kind).where(table.deleted_at.is_(None)).order_by(*order)
        g.portfolio_fields = [Field(*row) for row in db.session.execute(rows)]
    found: Sequence[Field] = g.portfolio_fields
    return found


def values_of(ids: Sequence[int], wanted: Sequence[Field]) -> Values:
    """What these fields say of these accounts, by account and column; one statement, none where nothing is asked."""
    found: Values = defaultdict(dict)
    if not ids or not wanted:
        return found
    table, columns = CustomValue.__table__.c, {one.id: one.column for one in wanted}
    rows = select(table.account_id, table.field_id, table.text, table.number, table.date)
    rows = rows.where(within(table.account_id, sorted(ids)), table.field_id.in_(columns))
    for account_id, field_id, text, number, day in db.session.execute(rows):
        value = text if text is not None else number if number is not None else day
        if value is not None:
            found[account_id][columns[field_id]] = value
    return found
