"""How the cells of one table's rows become values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from haark.intake import evidence
from haark.intake.converters import Context, converter, meaning
from haark.intake.dates import OrderEvidence
from haark.intake.kinds import MONEY_MAX, Column
from haark.intake.mapping import DATED, TOTALS, ColumnRule, Spread, TableRule
from haark.intake.periods import evenly, portions, working_days
from haark.intake.reading import Table
from haark.intake.steps import Convert, FirstStep, JoinedStep, ShiftedStep, Step
from haark.intake.wording import N_, AtFault, Refused, Sentence

ACCOUNT = Column("account_id", "account", "account_id", required=True)
START = Column("start", "date", required=True)
END = Column("end", "date")
PERIOD_END = Column("end", "date", required=True)
SHIFTED_BY = Column("shift", "number")
# A number of rows beyond this is no count of calls or tickets.
COUNT = Column("count", "integer", least=0, most=1000)
IDLE = Column("idle", "number", least=0, most=100_000)
AMOUNT = Column("amount", "money", required=True, least=0, most=MONEY_MAX)


class Plan:
    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = tuple(steps)
        self.names = tuple(step.column.target for step in self.steps)
        cells = [(step.position, step.convert) for step in self.steps]
        self._by_position = [(at, convert) for at, convert in cells if at is not None]
        self._whole = len(self._by_position) == len(cells) and all(type(each) is Step for each in steps)

    def values(self, cells: Sequence[Any]) -> list[Any]:
        """Raises Refused at the first cell that does not hold."""
        if self._whole:  # the common case, kept tight: a million rows pass here
            return [convert(cells[position]) for position, convert in self._by_position]
        return [step.value(cells) for step in self.steps]

    @property
    def by_column(self) -> bool:
        """Whether `columns` may be asked: each value comes from one cell of its own."""
        return self._whole and type(self) is Plan

    def columns(self, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """The values of many rows at once, column by column. Raises Refused at the first cell that does not hold."""
        cells = list(zip(*rows, strict=True))
        return [list(map(convert, cells[position])) for position, convert in self._by_position]

    def made(self, cells: Sequence[Any]) -> list[list[Any]]:
        """The values of every row that these cells stand for: one, but for periods. Raises Refused."""
        return [self.values(cells)]

    def reasons(self, cells: Sequence[Any]) -> list[Sentence]:
        """Every reason against the row's cells."""
        found = []
        for step in self.steps:
            try:
                step.value(cells)
            except Refused as error:
                found.append(Sentence(N_("%(column)s : %(reason)s"), column=step.label, reason=error.sentence))
        return found


class PeriodPlan(Plan):
    """Rows that speak of a period: each becomes several dated ones. `dated` converts their day, a further value;
    `count` is that of rows where the spread has `by`, else that of idle days, if any."""

    def __init__(self, steps: Sequence[Step], spread: Spread, dated: Step, end: Step, count: Step | None) -> None:
        super().__init__([*steps, end, *([count] if count else [])])
        self._inner = Plan(steps)
        self._spread, self._dated, self._end, self._count = spread, dated, end, count
        self.names = (*self._inner.names, dated.column.target)
        self._totals = [at for at, name in enumerate(self._inner.names) if name in TOTALS]

    def made(self, cells: Sequence[Any]) -> list[list[Any]]:
        values = self._inner.values(cells)
        end = date.fromisoformat(self._end.value(cells))
        count = (self._count.value(cells) if self._count else None) or 0
        if self._spread.by is None:
            return self._portions(values, end, int(count))
        return [[*values, self._dated.convert(day)] for day in evenly(int(count), self._spread.days, end)]

    def _portions(self, values: list[Any], end: date, idle: int) -> list[list[Any]]:
        """A row for each working day with something on it, and for the first and last: they say what was observed."""
        observed = working_days(self._spread.days, end)
        # Longer idle than the period: what was used, was used at its beginning.
        used = [day for day in observed if day <= end - timedelta(idle)] or observed[:1]
        parts = {
            at: dict(zip(used, portions(Decimal(str(values[at])), len(used)), strict=True))
            for at in self._totals
            if values[at] is not None
        }
        levels = [at for at, name in enumerate(self._inner.names) if name == "active_users" and values[at]]
        found = []
        for day in observed:
            row = [parts[at].get(day, 0) if at in parts else value for at, value in enumerate(values)]
            if day not in used:
                row = [0 if at in levels else value for at, value in enumerate(row)]
            if day in (observed[0], observed[-1]) or any(row[at] for at in (*parts, *levels)):
                found.append([*row, self._dated.convert(day)])
        return found


class Planner:
    """Plans one table, after its columns were read whole."""

    def __init__(self, rule: TableRule, table: Table, context: Context) -> None:
        self.rule = rule
        self.table = table
        self.context = context
        self.watched = _watched(rule, table)
        self._contexts: dict[int, Context] = {}

    def decide(self) -> None:
        """Once the evidence is in. Raises AtFault when a column's dates or numbers cannot be told."""
        orders = evidence.orders(self.table, self.watched, self.rule.date_order)
        marks = evidence.marks(self.table, self.watched, self.rule.decimal)
        for column in self.watched:
            at = column.position
            self._contexts[at] = replace(
                self.context,
                order=orders.get(at, "ymd"),
                mark=marks.get(at, ""),
                proof=column.evidence.example if isinstance(column.evidence, OrderEvidence) and column.settled else "",
                file=self.table.path.name,
                column=self.table.headers[at],
            )

    def rows(self, reached: Convert | None) -> Plan:
        """The plan of plain rows; `reached` finds the account through another file."""
        steps = []
        for column in self.rule.kind.every:
            given = self.rule.rule_for(column.name)
            if column.name == "account_id" and reached and self.rule.via:
                steps.append(self._reached(reached, self.rule.via.column))
            elif given:
                steps.append(self._step(self.rule.column(column.name) or column, given))
        return self._period(steps, self.rule.spread) if self.rule.spread else Plan(steps)

    def _period(self, steps: list[Step], spread: Spread) -> PeriodPlan:
        name = DATED[self.rule.kind.name]
        column = self.rule.kind.column(name)
        assert column is not None
        dated = Step(column, None, converter(column, ColumnRule(name), self.context), name)
        counted = spread.by or spread.idle
        count = self._step(COUNT if spread.by else IDLE, counted) if counted else None
        return PeriodPlan(steps, spread, dated, self._step(PERIOD_END, spread.end), count)

    def intervals(self, reached: Convert | None) -> Plan:
        """The plan of intervals: account, start, end, amount."""
        spec = self.rule.levels
        assert spec is not None
        account = (
            self._reached(reached, self.rule.via.column)
            if reached and self.rule.via
            else self._step(ACCOUNT, ColumnRule("account_id", header=spec.by))
        )
        parts = ((START, spec.start), (END, spec.end), (AMOUNT, spec.amount))
        return Plan([account, *(self._step(column, part) for column, part in parts)])

    def _reached(self, reached: Convert, header: str) -> Step:
        return Step(ACCOUNT, need(self.table, header), reached, header)

    def _step(self, column: Column, given: ColumnRule) -> Step:
        position = need(self.table, given.header) if given.header else None
        context = self.context if position is None else self._contexts.get(position, self.context)
        label = given.header or column.name
        if position is not None and given.join:
            positions = (position, *(need(self.table, header) for header in given.join))
            return JoinedStep(column, position, converter(column, given, context), label, positions)
        if position is not None and given.other:
            at = need(self.table, given.other)
            convert_other = converter(column, given, self._contexts.get(at, self.context))
            convert = converter(column, given, context)
            return FirstStep(column, position, convert, label, meaning(column, given), at, convert_other)
        if given.shift is None:
            return Step(column, position, converter(column, given, context), label)
        plain = converter(column, ColumnRule(column.name), context)
        base = converter(replace(column, type="date", required=False), given, context)
        by = need(self.table, given.shift.header) if given.shift.header else None
        number = self.context if by is None else self._contexts.get(by, self.context)
        amount = converter(SHIFTED_BY, ColumnRule("shift"), number)
        return ShiftedStep(column, position, plain, label, base, amount, given.shift, by)


def _watched(rule: TableRule, table: Table) -> list[evidence.Watched]:
    """The columns whose reading the whole column decides."""
    pairs = [(rule.column(given.canonical), given) for given in rule.columns]
    pairs += [(rule.column(one.canonical), ColumnRule(one.canonical, one.other)) for one in rule.columns if one.other]
    pairs += [(SHIFTED_BY, ColumnRule("shift", header=one.shift.header)) for one in rule.columns if one.shift]
    if rule.spread:
        pairs.append((PERIOD_END, rule.spread.end))
    if rule.levels:
        pairs += [(START, rule.levels.start), (END, rule.levels.end), (AMOUNT, rule.levels.amount)]
    return [
        evidence.Watched(given, column.type, need(table, given.header))
        for column, given in pairs
        if column and given.header and not given.formats and column.type in evidence.DATE_TYPES | evidence.NUMBER_TYPES
    ]


def need(table: Table, header: str) -> int:
    """The position of a header. Raises AtFault when the table has none."""
    position = table.position(header)
    if position is None:
        raise missing(table, header)
    return position


def missing(table: Table, header: str) -> AtFault:
    return AtFault(
        N_("Dans « %(file)s », il manque la colonne « %(column)s ». Ses colonnes sont : %(columns)s."),
        file=table.path.name,
        column=header,
        columns=", ".join(filter(None, table.headers))[:400],
    )
