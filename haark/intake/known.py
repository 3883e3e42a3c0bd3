"""What the rows of an import may refer to: accounts, users and features, those that exist and those on their way.

References are numbers: the id of what exists, or a negative number for what this import creates. About 100 bytes an
account, so that 100 000 accounts take 10 MB for each way of naming them.
"""

from flask import current_app
from sqlalchemy import Connection, func, select

from haark.accounts.models import Account
from haark.formats import fold
from haark.intake.models import AccountAlias, Merge
from haark.intake.wording import N_, Refused
from haark.measures.models import Feature
from haark.people.models import User

AMBIGUOUS = 0


class Alias(int):
    """The id of an account that is reached by the name or id of one that was taken into it. `label`: how that one was
    told apart, which stays in the identity of rows that came under its name."""

    label: str

    def __new__(cls, account_id: int, label: str) -> "Alias":
        made = super().__new__(cls, account_id)
        made.label = label
        return made


class Known:
    def __init__(self) -> None:
        self.by_id: dict[str, int] = {}
        self.by_name: dict[str, int] = {}
        self.nameless: set[int] = set()  # existing accounts without an external id: an import may give them one
        self.deleted: set[int] = set()
        self.users: dict[str, int] = {}
        self.features: dict[str, int] = {}
        self.new_features: dict[str, int] = {}
        self.unknown_users: set[str] = set()
        self.labels: dict[int, str] = {}
        self.own_ids: dict[int, str | None] = {}  # of accounts that others were taken into
        self.created = 0

    @classmethod
    def load(cls) -> "Known":
        known = cls()
        # Through the engine that never takes SQLite's write lock: a large portfolio takes a moment to read.
        with current_app.extensions["haark_readonly_engine"].connect() as connection:
            known._read(connection)
        return known

    def _read(self, connection: Connection) -> None:
        accounts = select(Account.id, Account.external_id, Account.name_folded, Account.deleted_at.is_not(None))
        for account_id, external_id, name, deleted in connection.execute(accounts):
            if external_id is not None:
                self.by_id[external_id] = account_id
            else:
                self.nameless.add(account_id)
            if deleted:
                self.deleted.add(account_id)
            else:
                self._name(name, account_id)
        self._read_aliases(connection)
        self.users = {row[0]: row[1] for row in connection.execute(select(func.lower(User.email), User.id))}
        self.features = {row[0]: row[1] for row in connection.execute(select(Feature.key, Feature.id))}

    def _read_aliases(self, connection: Connection) -> None:
        """Accounts that were taken into others lead there, by id and, where no other has it, by name."""
        for external_id, account_id in connection.execute(select(AccountAlias.external_id, AccountAlias.account_id)):
            self.by_id[external_id] = Alias(account_id, external_id)
        merges = (
            select(Account.external_id, Account.name_folded, Merge.gone_id, Merge.kept_id)
            .join(Account, Account.id == Merge.gone_id)
            .where(Merge.undone_at.is_(None))
            .order_by(Merge.id)
        )
        rows = connection.execute(merges).all()
        leads = {row.gone_id: row.kept_id for row in rows}
        for row in rows:
            to, seen = row.kept_id, {row.gone_id}
            while to in leads and to not in seen:
                seen.add(to)
                to = leads[to]
            self.by_name.setdefault(row.name_folded, Alias(to, row.external_id or row.name_folded))
        kept = {ref for ref in self.by_id.values() if isinstance(ref, Alias)}
        if kept:
            own = select(Account.id, Account.external_id).where(Account.id.in_(kept))
            self.own_ids = {row[0]: row[1] for row in connection.execute(own)}

    def own_id(self, ref: int, external_id: str | None) -> str | None:
        """The external id that an account's row may write: that of the account itself, not of one taken into it."""
        return self.own_ids.get(ref) if isinstance(ref, Alias) else external_id

    def account(self, text: str) -> int:
        """The account with this external id, else with exactly this name (case and accents apart). Raises Refused."""
        ref = self.by_id.get(text)
        if ref is None:
            ref = self.by_name.get(fold(text))
        if ref is None:
            raise Refused(N_("le compte « %(value)s » est inconnu"), value=text[:120])
        if ref == AMBIGUOUS:
            raise Refused(N_("plusieurs comptes s’appellent « %(value)s » : donnez leur identifiant"), value=text[:120])
        if ref in self.deleted:
            raise Refused(N_("le compte « %(value)s » est supprimé"), value=text[:120])
        return ref

    def own(self, external_id: str | None, name: str) -> int:
        """The reference of an account's own row: the account it is about, or a new one. Raises Refused."""
        folded = fold(name)
        ref = self.by_id.get(external_id) if external_id else self.by_name.get(folded)
        if ref is None and external_id:
            named = self.by_name.get(folded)
            ref = named if named in self.nameless else None
        if ref == AMBIGUOUS:
            raise Refused(N_("plusieurs comptes s’appellent « %(value)s » : donnez leur identifiant"), value=name[:120])
        if ref in self.deleted:
            raise Refused(N_("le compte « %(value)s » est supprimé"), value=name[:120])
        if ref is None:
            self.created += 1
            ref = -self.created
        return ref

    def learn(self, ref: int, external_id: str | None, name: str) -> None:
        """An account's row was taken: later rows may name it."""
        if external_id:
            self.by_id[external_id] = ref
        self._name(fold(name), ref)

    def forget(self, ref: int) -> None:
        """An account's row was refused after all."""
        for names in (self.by_id, self.by_name):
            for name in [name for name, value in names.items() if value == ref]:
                del names[name]

    def label(self, ref: int | None) -> str:
        """What stays the same about an account from one import to the next: its external id, else its name."""
        if not self.labels:
            own = ((name, ref) for names in (self.by_name, self.by_id) for name, ref in names.items())
            self.labels = {ref: name for name, ref in own if not isinstance(ref, Alias)}
        if isinstance(ref, Alias):
            return ref.label
        return "" if ref is None else self.labels.get(ref, "")

    def user(self, email: str) -> int | None:
        """The colleague with this address; None, remembered for the report, when Haark has no such user."""
        found = self.users.get(email)
        if found is None:
            self.unknown_users.add(email)
        return found

    def feature(self, key: str) -> int:
        """The feature with this key; a key seen for the first time becomes a feature."""
        ref = self.features.get(key)
        if ref is None:
            ref = self.features[key] = self.new_features[key] = -len(self.new_features) - 1
        return ref

    def _name(self, folded: str, ref: int) -> None:
        if self.by_name.get(folded, ref) != ref:
            ref = AMBIGUOUS
        self.by_name[folded] = ref
