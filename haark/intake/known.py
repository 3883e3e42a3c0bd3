"""What the rows of an import may refer to: accounts, users and features, those that exist and those on their way.

References are numbers: the id of what exists, or a negative number for what this import creates. About 100 bytes an
account, so that 100 000 accounts take 10 MB for each way of naming them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Connection, func, or_, select

from haark.accounts.models import Account, CustomField
from haark.formats import fold
from haark.intake.custom import Field
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


@dataclass(frozen=True)
class Viewer:
    """Who may import only what is theirs to change. Accounts that they create without an owner become theirs."""

    id: int


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
        self.colleagues: dict[str, int] = {}
        self.viewer: Viewer | None = None
        self.foreign: dict[int, str] = {}  # accounts that are not the viewer's to change, and the name of their owner
        self.fields: list[Field] = []
        # An archive is taken back into a Haark without accounts: every row of it is a row of its own.
        self.restoring = False

    @classmethod
    def load(cls, viewer: Viewer | None = None) -> "Known":
        """All that exists; for a `viewer` also what of it is not theirs to change."""
        known = cls()
        known.viewer = viewer
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
        if self.viewer is not None:
            mine = or_(Account.owner_id == self.viewer.id, Account.sales_owner_id == self.viewer.id)
            others = select(Account.id, func.coalesce(User.name, "")).outerjoin(User, User.id == Account.owner_id)
            found = connection.execute(others.where(func.coalesce(mine, False).is_(False)))
            self.foreign = {row[0]: row[1] for row in found}
        self.features = {row[0]: row[1] for row in connection.execute(select(Feature.key, Feature.id))}
        self.colleagues = by_spelling(connection.execute(select(User.name, User.id)))
        alive = select(CustomField.key, CustomField.kind, CustomField.choices).where(CustomField.deleted_at.is_(None))
        for key, kind, choices in connection.execute(alive.order_by(CustomField.position, CustomField.id)):
            self.fields.append(Field(key, kind, tuple(choices)))

    @property
    def is_empty(self) -> bool:
        """No account is there, not even a deleted one."""
        return not (self.by_id or self.nameless)

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
        self._check_mine(ref)
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
        self._check_mine(ref)
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
            own = ((name, ref) for names in (self.by_name, self.by_id) for name, ref in names.items())
            self.labels = {ref: name for name, ref in own if not isinstance(ref, Alias)}
        if isinstance(ref, Alias):
            return ref.label
        return "" if ref is None else self.labels.get(ref, "")

    def user(self, email: str) -> int | None:
        """The colleague with this address, or of this name; None, remembered for the report, when there is none."""
        found = self.users.get(email) or self.colleagues.get(_spelt(email))
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

    def _check_mine(self, ref: int | None) -> None:
        owner = self.foreign.get(ref) if ref else None
        if owner:
            raise Refused(N_("ce compte est suivi par %(owner)s : demandez-lui, ou à un manager"), owner=owner)
        if owner is not None:
            raise Refused(N_("ce compte n’a pas de responsable : demandez à un manager"))

    def _name(self, folded: str, ref: int) -> None:
        if self.by_name.get(folded, ref) != ref:
            ref = AMBIGUOUS
        self.by_name[folded] = ref


def by_spelling(people: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Ids by every way of writing a name («Claire Delorme», «Delorme Claire», «C. Delorme») that is only one's."""
    found: dict[str, set[int]] = {}
    for name, ident in people:
        first, _, last = _spelt(name).partition(" ")
        for spelling in {f"{first} {last}", f"{last} {first}", f"{first[:1]} {last}", f"{last} {first[:1]}"}:
            found.setdefault(spelling.strip(), set()).add(ident)
    return {spelling: idents.pop() for spelling, idents in found.items() if spelling and len(idents) == 1}


def _spelt(name: str) -> str:
    return " ".join(fold(name).replace(".", " ").replace(",", " ").split())
