"""The values of custom fields for the lines of the list and of its files."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from haark.accounts.chunking import within
from haark.accounts.custom import Field, Value
from haark.accounts.models import CustomValue
from haark.extensions import db

Values = dict[int, dict[str, Value]]


def values_of(ids: Sequence[int], wanted: Sequence[Field]) -> Values:
    """What these fields say of these accounts, by account and column; one statement, none where nothing is asked."""
    found: Values = defaultdict(dict)
    if not ids or not wanted:
        return found
    table, columns = CustomValue.__table__.c, {one.id: one.column for one in wanted}
    rows = select(table.account_id, table.field_id, table.text, table.number, table.date)
    rows = rows.where(within(table.account_id, sorted(ids)), table.field_id.in_(columns))
    for account_id, field_id, *held in db.session.execute(rows):
        value = next((one for one in held if one is not None), None)
        if value is not None:
            found[account_id][columns[field_id]] = value
    return found
