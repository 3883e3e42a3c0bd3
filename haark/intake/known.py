"""What the rows of an import may refer to: accounts, users and features, those that exist and those on their way.

References are numbers: the id of what exists, or a negative number for what this import creates. About 100 bytes an
account, so that 100 000 accounts take 10 MB for each way of naming them.
"""

from flask import current_app
from sqlalchemy import Connection, func, select

from haark.accounts.models import Account, CustomField
from haark.formats import fold
from haark.intake.custom import Field
from haark.intake.wording import N_, Refused
from haark.measures.models import Feature
from haark.people.models import User

AMBIGUOUS = 0


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
        self.created = 0
        self.fields: list[Field] = []
        # An archive is taken back into a Haark without accounts: every row of it is a row of its own.
        self.restoring = False

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
        self.users = {row[0]: row[1] for row in connection.execute(select(func.lower(User.email), User.id))}
        self.features = {row[0]: row[1] for row in connection.execute(select(Feature.key, Feature.id))}
        alive = select(CustomField.key, CustomField.kind, CustomField.choices).where(CustomField.deleted_at.is_(None))
        for key, kind, choices in connection.execute(alive.order_by(CustomField.position, CustomField.id)):
            self.fields.append(Field(key, kind, tuple(choices)))

    @property
    def is_empty(self) -> bool:
        """No account is there, not even a deleted one."""
        return not (self.by_id or self.nameless)

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
        return self.fresh() if ref is None else ref

    def fresh(self) -> int:
        """The reference of an account that this import creates."""
        self.created += 1
        return -self.created

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
            self.labels = {ref: name for name, ref in self.by_name.items()}
            self.labels |= {ref: external_id for external_id, ref in self.by_id.items()}
        return "" if ref is None else self.labels.get(ref, "")

    def user(self, email: str) -> int | None:
        """The colleague with this address; None, remembered for the report, when Haark has no such user."""
        found = self.users.get(email)
        if found is None:
            self.unknown_users.add(email)
        return found

    def expect(self, email: str) -> int:
        """A colleague who comes with the archive: the one Haark has, else a negative reference."""
        return self.users.setdefault(email.lower(), -len(self.users) - 1)

    def add_field(self, field: Field) -> bool:
        """A custom field that comes with the archive; False when there is one of this key."""
        if any(one.key == field.key for one in self.fields):
            return False
        self.fields.append(field)
        return True

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
