"""Reads one file as its mapping says and puts the rows that hold into the scratch file, the others beside their reason."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from haark.formats import fold
from haark.intake import evidence, parents
from haark.intake.checks import CHECKS
from haark.intake.converters import Context, clean, converter
from haark.intake.kinds import Column, Kind
from haark.intake.known import Known
from haark.intake.levels import deltas, levels
from haark.intake.mapping import ColumnRule, TableRule
from haark.intake.reading import Table, open_table
from haark.intake.scratch import BATCH, Item, Scratch, Stage
from haark.intake.wording import N_, AtFault, Refused, Sentence

ACCOUNT = Column("account_id", "account", "account_id", required=True)
START = Column("start", "date", required=True)
END = Column("end", "date")
AMOUNT = Column("amount", "money", required=True, least=0, most=100_000_000_000)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Plan:
    """How a row becomes values: for each column, the cell's position (-1: none, a constant) and the converter."""

    columns: tuple[Column, ...]
    steps: tuple[tuple[int, Callable[[Any], Any]], ...]
    labels: tuple[str, ...]

    def values(self, cells: Sequence[Any]) -> list[Any]:
        """Raises Refused at the first cell that does not hold."""
        return [convert(cells[position] if position >= 0 else "") for position, convert in self.steps]

    def reasons(self, cells: Sequence[Any]) -> list[Sentence]:
        """Every reason against the row's cells."""
        found = []
        for (position, convert), label in zip(self.steps, self.labels, strict=True):
            try:
                convert(cells[position] if position >= 0 else "")
            except Refused as error:
                found.append(Sentence(N_("%(column)s : %(reason)s"), column=label, reason=error.sentence))
        return found


class Stager:
    """Stages the tables of one import, one after the other, in the order of the kinds."""

    def __init__(self, scratch: Scratch, known: Known, context: Context, progress: Progress) -> None:
        self.scratch = scratch
        self.known = known
        self.context = replace(context, find_account=known.account, find_user=known.user, find_feature=known.feature)
        self.progress = progress
        self.notes: list[Sentence] = []
        self.equals: Counter[str] = Counter()
        self.tables: dict[int, Table] = {}
        self.resolved = False

    def stage(self, rule: TableRule, path: Path, source: str) -> None:
        """Raises AtFault for a file that cannot be read, or that lacks a column."""
        if rule.kind.known_by != "account":
            self._resolve_parents()
        table = open_table(path, rule.headers)
        rule = self._present(rule, table)
        skipped = rule.skip.test({name: _need(table, name) for name in rule.skip.headers}) if rule.skip else None
        watched = _watched(rule, table)
        rows = evidence.scan(table, watched, skipped)
        contexts = self._contexts(table, watched)
        file = self.scratch.add_file(path.name, table.headers)
        self.tables[file] = table
        reached = self._via(rule, table, path)
        wanted = self._wanted(table, rows, skipped)
        if rule.levels:
            self._stage_levels(rule, table, wanted, contexts, file, source, reached)
        else:
            self._stage_rows(rule, self._plan(rule, table, contexts, reached), wanted, file, source)

    def _resolve_parents(self) -> None:
        """Once all accounts were read: parents may come later than their children."""
        if self.resolved:
            return
        self.resolved = True
        refused: dict[int, dict[int, Sentence]] = {}
        for stage in self.scratch.stages:
            if stage.kind.known_by == "account" and "parent_id" in stage.columns:
                for file, row, error in parents.resolve(self.scratch, stage, self.known):
                    refused.setdefault(file, {})[row] = error.sentence
        for file, rows in refused.items():
            for number, cells in self.tables[file].rows():
                if number in rows:
                    self.scratch.refuse("accounts", file, number, rows[number], cells)

    def finish(self) -> None:
        """After the last table: parents, features met on the way, and who could not be found."""
        self._resolve_parents()
        self.scratch.connection.executemany(
            "INSERT INTO new_feature (ref, key) VALUES (?, ?)",
            [(ref, key) for key, ref in self.known.new_features.items()],
        )
        if self.known.unknown_users:
            self.notes.append(
                Sentence(
                    N_("Responsables inconnus de Haark, laissés vides : %(emails)s"),
                    emails=", ".join(sorted(self.known.unknown_users)[:20]),
                )
            )

    def identity(self, kind: Kind, source: str, names: Sequence[str], values: Sequence[Any]) -> str:
        """What tells a row without an id from others: its content, and its rank among equals of this import."""
        given = dict(zip(names, values, strict=True))
        if "account_id" in given:
            given["account_id"] = self.known.label(given["account_id"])
        content = hashlib.sha256(json.dumps([kind.name, given], sort_keys=True).encode()).hexdigest()[:24]
        self.equals[content] += 1
        return f"{source}:{content}:{self.equals[content]}"

    def _present(self, rule: TableRule, table: Table) -> TableRule:
        """The rule without the canonical columns that the file does not have."""
        if rule.given:
            for header in rule.headers:
                _need(table, header)
            return rule
        present = tuple(column for column in rule.columns if table.position(str(column.header)) is not None)
        for column in rule.kind.columns:
            if column.required and not any(each.canonical == column.name for each in present):
                raise _missing(table, column.name)
        used = {table.position(str(column.header)) for column in present}
        spare = [name for position, name in enumerate(table.headers) if name and position not in used]
        if spare:
            self.notes.append(
                Sentence(
                    N_("« %(file)s » : colonnes ignorées, car inconnues : %(columns)s"),
                    file=table.path.name,
                    columns=", ".join(spare),
                )
            )
        return replace(rule, columns=present)

    def _contexts(self, table: Table, watched: list[evidence.Watched]) -> dict[int, Context]:
        orders, marks = evidence.orders(table, watched), evidence.marks(table, watched)
        return {
            column.position: replace(
                self.context, order=orders.get(column.position, "ymd"), mark=marks.get(column.position, "")
            )
            for column in watched
        }

    def _wanted(self, table: Table, total: int, skipped: Callable[[Any], bool] | None) -> Iterator[tuple[int, Any]]:
        """The rows that the mapping does not skip, reporting progress on the way."""
        for count, (number, cells) in enumerate(table.rows()):
            if count % BATCH == 0:
                self.progress(count, total, table.path.name)
            if skipped and not isinstance(cells, Sentence) and skipped(cells):
                continue
            yield number, cells

    def _via(self, rule: TableRule, table: Table, path: Path) -> Callable[[Any], int] | None:
        """The converter that finds the account through another file."""
        if rule.via is None:
            return None
        via = rule.via
        other = open_table(beside(path, via.file), (via.key, via.value))
        key, value = _need(other, via.key), _need(other, via.value)
        accounts: dict[str, str | None] = {}
        for _, cells in other.rows():
            if not isinstance(cells, Sentence):
                name, account = clean(cells[key]), clean(cells[value])
                accounts[name] = account if accounts.get(name, account) == account else None

        def find(text: str) -> int:
            if text not in accounts:
                raise Refused(N_("« %(value)s » est introuvable dans « %(file)s »"), value=text[:120], file=via.file)
            account = accounts[text]
            if account is None:
                raise Refused(
                    N_("« %(value)s » désigne plusieurs comptes dans « %(file)s »"), value=text[:120], file=via.file
                )
            return self.known.account(account)

        return converter(ACCOUNT, ColumnRule("account_id", header=via.column), replace(self.context, find_account=find))

    def _plan(
        self,
        rule: TableRule,
        table: Table,
        contexts: dict[int, Context],
        reached: Callable[[Any], int] | None,
    ) -> Plan:
        columns, steps, labels = [], [], []
        for column in rule.kind.columns:
            given = rule.rule_for(column.name)
            if column.name == "account_id" and reached and rule.via:
                columns.append(column)
                steps.append((_need(table, rule.via.column), reached))
                labels.append(rule.via.column)
            elif given:
                position = _need(table, given.header) if given.header else -1
                columns.append(column)
                steps.append((position, converter(column, given, contexts.get(position, self.context))))
                labels.append(given.header or column.name)
        return Plan(tuple(columns), tuple(steps), tuple(labels))

    def _stage_rows(self, rule: TableRule, plan: Plan, rows: Iterator[tuple[int, Any]], file: int, source: str) -> None:
        kind = rule.kind
        finish = FINISH[kind.known_by](self, kind, plan, source)
        check = CHECKS.get(kind.name)
        names = tuple(column.target for column in plan.columns)
        waiting: dict[str, tuple[Stage, list[Item]]] = {}
        values_of = plan.values
        for number, cells in rows:
            if isinstance(cells, Sentence):
                self.scratch.refuse(kind.name, file, number, cells, ())
                continue
            try:
                values = values_of(cells)
                against = check(dict(zip(names, values, strict=True))) if check else None
                if against is None:
                    stage, full = finish(values)
            except Refused as error:
                reasons = plan.reasons(cells) or [error.sentence]
                self.scratch.refuse(kind.name, file, number, _joined(reasons), cells)
                continue
            if against is not None:
                self.scratch.refuse(kind.name, file, number, against, cells)
                continue
            batch = waiting.setdefault(stage.name, (stage, []))[1]
            batch.append(Item(number, full, cells))
            if len(batch) >= BATCH:
                self.scratch.add(stage, file, batch)
                batch.clear()
        for stage, batch in waiting.values():
            self.scratch.add(stage, file, batch)

    def _stage_levels(
        self,
        rule: TableRule,
        table: Table,
        rows: Iterator[tuple[int, Any]],
        contexts: dict[int, Context],
        file: int,
        source: str,
        reached: Callable[[Any], int] | None,
    ) -> None:
        """Intervals go to the scratch file as deltas, come back summed by account and day, and leave as revenue."""
        spec = rule.levels
        assert spec is not None
        by = _need(table, spec.by)
        parts = ((START, spec.start), (END, spec.end), (AMOUNT, spec.amount))
        positions = [_need(table, part.header) if part.header else -1 for _, part in parts]
        steps = [(by, reached or converter(ACCOUNT, ColumnRule("account_id", header=spec.by), self.context))]
        steps += [
            (position, converter(column, part, contexts.get(position, self.context)))
            for position, (column, part) in zip(positions, parts, strict=True)
        ]
        labels = (spec.by, *(part.header or column.name for column, part in parts))
        plan = Plan((ACCOUNT, START, END, AMOUNT), tuple(steps), labels)
        self.scratch.connection.execute("DELETE FROM delta")
        self.scratch.connection.executemany("INSERT INTO delta VALUES (?, ?, ?, ?)", self._deltas(plan, rows, file))
        stage = self.scratch.stage(
            rule.kind, ("external_id", "account_id", "date", "arr_cents", "reason"), source, ("likeness",), levels=True
        )
        batch: list[Item] = []
        for item in self._level_rows(source):
            batch.append(item)
            if len(batch) >= BATCH:
                self.scratch.add(stage, file, batch)
                batch.clear()
        self.scratch.add(stage, file, batch)

    def _deltas(self, plan: Plan, rows: Iterator[tuple[int, Any]], file: int) -> Iterator[tuple[int, str, int, str]]:
        for number, cells in rows:
            if isinstance(cells, Sentence):
                self.scratch.refuse("revenue", file, number, cells, ())
                continue
            try:
                ref, start, end, amount = plan.values(cells)
            except Refused:
                self.scratch.refuse("revenue", file, number, _joined(plan.reasons(cells)), cells)
                continue
            if end is not None and end < start:
                reason = Sentence(N_("la fin (%(end)s) précède le début (%(start)s)"), end=end, start=start)
                self.scratch.refuse("revenue", file, number, reason, cells)
                continue
            who = clean(cells[plan.steps[0][0]])
            yield from ((ref, day, cents, who) for day, cents in deltas(start, end, amount))
            if not amount:
                yield (ref, start, 0, who)  # the account is spoken of, even if it pays nothing

    def _level_rows(self, source: str) -> Iterator[Item]:
        summed = self.scratch.connection.execute(
            "SELECT ref, day, sum(cents), min(who) FROM delta GROUP BY ref, day ORDER BY ref, day"
        )
        for ref, days in groupby(summed, key=itemgetter(0)):
            who = ""
            changes = []
            for _, day, cents, name in days:
                who = who or name
                changes.append((day, cents))
            for level in levels(changes):
                identity = level_identity(source, who, level.day)
                yield Item(0, (identity, ref, level.day, level.amount, level.reason, level.day), ())


def level_identity(source: str, account: str, day: str) -> str:
    """The external id of a computed level: it tells which rows to take back when the intervals change."""
    name = account if len(account) <= 40 else hashlib.sha256(account.encode()).hexdigest()[:40]
    return f"{level_prefix(source)}{name}/{day}"


def level_prefix(source: str) -> str:
    return f"levels/{source}/"


def beside(path: Path, name: str) -> Path:
    return path.parent / name


def _watched(rule: TableRule, table: Table) -> list[evidence.Watched]:
    """The columns whose reading the whole column decides."""
    pairs = [(rule.kind.column(given.canonical), given) for given in rule.columns]
    if rule.levels:
        pairs += [(START, rule.levels.start), (END, rule.levels.end), (AMOUNT, rule.levels.amount)]
    return [
        evidence.Watched(given, column.type, _need(table, given.header))
        for column, given in pairs
        if column and given.header and not given.formats and column.type in evidence.DATE_TYPES | evidence.NUMBER_TYPES
    ]


def _need(table: Table, header: str) -> int:
    position = table.position(header)
    if position is None:
        raise _missing(table, header)
    return position


def _missing(table: Table, header: str) -> AtFault:
    return AtFault(
        N_("Dans « %(file)s », il manque la colonne « %(column)s ». Ses colonnes sont : %(columns)s."),
        file=table.path.name,
        column=header,
        columns=", ".join(filter(None, table.headers))[:400],
    )


def _joined(reasons: Sequence[Sentence]) -> str:
    return " ; ".join(map(str, reasons))


Finish = Callable[[list[Any]], tuple[Stage, tuple[Any, ...]]]


def _account_rows(stager: Stager, kind: Kind, plan: Plan, source: str) -> Finish:
    """An account's row carries its reference, the name as searched, and what identifies it without an external id."""
    columns = tuple(column.target for column in plan.columns)
    name = columns.index("name")
    own = columns.index("external_id") if "external_id" in columns else -1
    stage = stager.scratch.stage(kind, columns, source, ("name_folded", "ref", "likeness"), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        external_id = values[own] if own >= 0 else None
        folded = fold(values[name])
        ref = stager.known.own(external_id, values[name])
        if external_id not in stager.known.by_id or ref > 0:
            stager.known.learn(ref, external_id, values[name])
        return stage, (*values, folded, ref, None if external_id else folded)

    return finish


def _natural_rows(stager: Stager, kind: Kind, plan: Plan, source: str) -> Finish:
    columns = tuple(column.target for column in plan.columns)
    own = columns.index("external_id") if "external_id" in columns else -1
    parts = [columns.index(name) for name in kind.natural if name in columns]
    always = kind.name == "revenue"  # one level a day, whatever ids the rows carry
    stage = stager.scratch.stage(kind, columns, source, ("likeness",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        natural = None
        if always or own < 0 or values[own] is None:
            natural = "\x1f".join(str(values[at] or "") for at in parts)
            if kind.name == "contacts" and "email" in columns and values[columns.index("email")]:
                natural = values[columns.index("email")]
        return stage, (*values, natural)

    return finish


def _identity_rows(stager: Stager, kind: Kind, plan: Plan, source: str) -> Finish:
    """Rows known by source and id, else by source, content and rank among equals."""
    names = tuple(column.target for column in plan.columns)
    own = names.index("external_id") if "external_id" in names else -1
    stores_id = kind.name == "tickets"
    kept = [at for at, name in enumerate(names) if name != "external_id" or stores_id]
    stage = stager.scratch.stage(kind, tuple(names[at] for at in kept), source, ("identity",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        identity = f"{source}:{values[own]}" if own >= 0 and values[own] else stager.identity(kind, source, names, values)
        return stage, (*(values[at] for at in kept), identity)

    return finish


def _deal_rows(stager: Stager, kind: Kind, plan: Plan, source: str) -> Finish:
    """Like the rows above, but the external id itself is kept, and the owner is a user where one has that address."""
    names = tuple(column.target for column in plan.columns)
    own = names.index("external_id") if "external_id" in names else -1
    owner = names.index("owner_email") if "owner_email" in names else -1
    kept = [at for at in range(len(names)) if at != own]
    columns = ("external_id", *(names[at] for at in kept), *(("owner_id",) if owner >= 0 else ()))
    stage = stager.scratch.stage(kind, columns, source, ("likeness",), levels=False)

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        identity = (values[own] if own >= 0 else None) or stager.identity(kind, source, names, values)
        who = (stager.known.users.get(str(values[owner]).lower()),) if owner >= 0 else ()
        return stage, (identity, *(values[at] for at in kept), *who, None)

    return finish


def _key_rows(stager: Stager, kind: Kind, plan: Plan, source: str) -> Finish:
    columns = tuple(column.target for column in plan.columns)
    stage = stager.scratch.stage(kind, columns, source, (), levels=False)
    return lambda values: (stage, tuple(values))


def _usage_rows(stager: Stager, kind: Kind, plan: Plan, source: str) -> Finish:
    """Usage without a feature is about the whole product: feature 0."""
    names = tuple(column.target for column in plan.columns)
    own = names.index("external_id") if "external_id" in names else -1
    measures = [at for at, name in enumerate(names) if name in ("active_users", "events", "logins")]
    has_feature = "feature_id" in names
    plain_columns = tuple(name for name in names if name != "external_id") + (() if has_feature else ("feature_id",))
    tail = () if has_feature else (0,)
    plain = stager.scratch.stage(kind, plain_columns, source, (), levels=False)
    with_ids = (
        stager.scratch.stage(kind, ("external_id", *plain_columns), source, (), levels=False) if own >= 0 else None
    )

    def finish(values: list[Any]) -> tuple[Stage, tuple[Any, ...]]:
        if not any([values[at] is not None for at in measures]):
            raise Refused(N_("la ligne ne porte aucune mesure (utilisateurs actifs, actions ou connexions)"))
        if with_ids is not None and values[own] is not None:
            return with_ids, (*values, *tail)
        if own >= 0:
            values = values[:own] + values[own + 1 :]
        return plain, (*values, *tail)

    return finish


FINISH: dict[str, Callable[[Stager, Kind, Plan, str], Finish]] = {
    "account": _account_rows,
    "natural": _natural_rows,
    "identity": _identity_rows,
    "deal": _deal_rows,
    "key": _key_rows,
    "usage": _usage_rows,
}
