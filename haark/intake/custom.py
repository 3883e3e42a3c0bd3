"""Custom fields in an import: columns `cf_KEY` of the kind accounts, kept as rows of their own.

They ride in the account's stage beside its real columns; the statements here reach their values through the field's
key, because a field may be made by the same import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from haark.events.models import Event
from haark.intake.kinds import Column
from haark.intake.mapping import ColumnRule, TableRule
from haark.intake.target import Target
from haark.intake.wording import N_, AtFault

PREFIX = "cf_"
# A field's kind: how its cells are read; and where such values are kept.
READ = {"text": "text", "number": "number", "date": "date", "choice": "option"}
KEPT = {"text": "text", "number": "number", "date": "date", "option": "text"}


@dataclass(frozen=True)
class Field:
    """One live custom field."""

    key: str
    kind: str  # accounts.models.FIELD_KINDS
    choices: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        name = PREFIX + self.key
        return Column(name, READ[self.kind], name, choices=self.choices)


def is_custom(name: str) -> bool:
    return name.startswith(PREFIX)


def complete(rule: TableRule, fields: Iterable[Field]) -> TableRule:
    """The rule of accounts with the custom fields there are; any other as it is.

    Raises AtFault for a mapping that fills a field there is none of.
    """
    if rule.kind.known_by != "account":
        return rule
    columns = tuple(field.column for field in fields)
    known = {column.name for column in columns}
    for wanted in rule.columns:
        if is_custom(wanted.canonical) and wanted.canonical not in known:
            raise AtFault(N_("Aucun champ de compte ne s’appelle « %(column)s »."), column=wanted.canonical)
    kind = replace(rule.kind, columns=(*rule.kind.columns, *columns))
    rules = rule.columns
    if not rule.given:
        rules = (*rules, *(ColumnRule(column.name, header=column.name) for column in columns))
    return replace(rule, kind=kind, columns=rules)


def present(column: Column) -> str:
    """The SQL of the value that account `t` has."""
    kept = KEPT[column.type]
    return f"(SELECT v.{kept} FROM custom_value v WHERE v.account_id = t.id AND v.field_id = {_field(column)})"


def write(target: Target, stage: str, columns: Sequence[Column]) -> None:
    """Keeps the values of the new and changed accounts of a stage, whose `target` is set; a blank empties."""
    for column in columns:
        kept, staged = KEPT[column.type], f"s.{column.name}"
        target.run(
            f"DELETE FROM custom_value WHERE field_id = {_field(column)} AND account_id IN"
            f" (SELECT s.target FROM {stage} s WHERE s.state = 'c' AND {staged} IS NULL)"
        )
        target.run(
            f"INSERT INTO custom_value (account_id, field_id, {kept}) SELECT s.target, {_field(column)}, {staged}"
            f" FROM {stage} s WHERE s.state <> 'u' AND {staged} IS NOT NULL"
            f" ON CONFLICT (account_id, field_id) DO UPDATE SET {kept} = excluded.{kept}"
        )


def set_back(target: Target, account: int, fields: Mapping[str, Sequence[Any]]) -> list[str]:
    """Undoing: {column: [before, after]} of an account become what they were. Returns those that were changed since."""
    left = []
    for name, (before, after) in fields.items():
        found = target.rows(
            "SELECT f.id, f.kind, v.text, v.number, v.date FROM custom_field f LEFT JOIN custom_value v"
            " ON v.field_id = f.id AND v.account_id = :account WHERE f.key = :key AND f.deleted_at IS NULL",
            account=account,
            key=name.removeprefix(PREFIX),
        )
        if not found:
            continue
        ident, kind, *held = found[0]
        now = next((one if isinstance(one, str | float) else str(one) for one in held if one is not None), None)
        if now == before:
            continue
        if now != after:
            left.append(name)
            continue
        given = {"account": account, "field": ident}
        target.run("DELETE FROM custom_value WHERE account_id = :account AND field_id = :field", **given)
        if before is not None:
            kept = KEPT[READ[kind]]
            value = "CAST(:value AS date)" if kept == "date" and not target.sqlite else ":value"
            target.run(
                f"INSERT INTO custom_value (account_id, field_id, {kept}) VALUES (:account, :field, {value})",
                value=before,
                **given,
            )
    return left


def written(target: Target, accounts: Sequence[int]) -> dict[int, str]:
    """{account: column}: of these accounts, those of which somebody wrote a custom field, as their events tell."""
    event = Event.__table__.c
    told = select(event.account_id, event.data).where(event.account_id.in_(accounts), event.kind == "account.changed")
    found: dict[int, str] = {}
    for account, data in target.connection.execute(told):
        names = [name for name in data.get("changes", {}) if is_custom(name)]
        if names:
            found[account] = names[0]
    return found


def _field(column: Column) -> str:
    # A key is letters, digits and underscores; nothing else becomes a field.
    key = column.name.removeprefix(PREFIX)
    return f"(SELECT f.id FROM custom_field f WHERE f.key = '{key}' AND f.deleted_at IS NULL)"
