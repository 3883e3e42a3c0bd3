"""How the files of an export name an account: by what an import into an empty Haark finds it with."""

from collections import Counter

from sqlalchemy import Connection, select

from haark.accounts.models import Account

NAME_LIMIT = 120  # of what may stand in a column that names an account


class References:
    """For every account that is not deleted its name in files (`of`), and the mark of those without an external id.

    An external id names its account. Without one it is the exact name, where nothing else answers to it; and the mark
    `haark:3`, the third row of accounts.csv, where something does. About 200 bytes an account.
    """

    def __init__(self, connection: Connection) -> None:
        alive = Account.deleted_at.is_(None)
        columns = (Account.id, Account.external_id, Account.name, Account.name_folded)
        rows = connection.execute(select(*columns).where(alive).order_by(Account.id)).all()
        folded = Counter(row.name_folded for row in rows)
        ids = {row.external_id for row in rows if row.external_id is not None}
        prefix = "haark:"
        while any(one.startswith(prefix) for one in ids):
            prefix += ":"
        self.of: dict[int, str] = {}
        self.marks: dict[int, str] = {}
        for place, row in enumerate(rows, 1):
            if row.external_id is not None:
                self.of[row.id] = row.external_id
                continue
            mark = self.marks[row.id] = f"{prefix}{place}"
            name = row.name
            clear = folded[row.name_folded] == 1 and name not in ids and len(name) <= NAME_LIMIT
            self.of[row.id] = name if clear and name == name.strip() and not name.startswith(prefix) else mark
