"""How the cells of one table's rows become values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from haark.intake import evidence
from haark.intake.converters import Context, converter
from haark.intake.dates import OrderEvidence
from haark.intake.kinds import MONEY_MAX, Column
from haark.intake.mapping import ColumnRule, TableRule
from haark.intake.reading import Table
from haark.intake.wording import N_, AtFault, Refused, Sentence

Convert = Callable[[Any], Any]
ACCOUNT = Column("account_id", "account", "account_id", required=True)
START = Column("start", "date", required=True)
END = Column("end", "date")
AMOUNT = Column("amount", "money", required=True, least=0, most=MONEY_MAX)


@dataclass(frozen=True)
class Step:
    """One column: the cell's position (None: a constant), its converter, and the header that people know."""

    column: Column
    position: int | None
    convert: Convert
    label: str

    def value(self, cells: Sequence[Any]) -> Any:
        return self.convert("" if self.position is None else cells[self.position])


class Plan:
    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = tuple(steps)
        self.names = tuple(step.column.target for step in self.steps)
        cells = [(step.position, step.convert) for step in self.steps]
        self._by_position = [(at, convert) for at, convert in cells if at is not None]
        self._whole = len(self._by_position) == len(cells)

    def values(self, cells: Sequence[Any]) -> list[Any]:
        """Raises Refused at the first cell that does not hold."""
        if self._whole:  # the common case, kept tight: a million rows pass here
            return [convert(cells[position]) for position, convert in self._by_position]
        return [step.value(cells) for step in self.steps]

    def reasons(self, cells: Sequence[Any]) -> list[Sentence]:
        """Every reason against the row's cells."""
        found = []
        for step in self.steps:
            try:
                step.value(cells)
            except Refused as error:
                found.append(Sentence(N_("%(column)s : %(reason)s"), column=step.label, reason=error.sentence))
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
        orders, marks = evidence.orders(self.table, self.watched), evidence.marks(self.table, self.watched)
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
        for column in self.rule.kind.columns:
            given = self.rule.rule_for(column.name)
            if column.name == "account_id" and reached and self.rule.via:
                steps.append(self._reached(reached, self.rule.via.column))
            elif given:
                steps.append(self._step(column, given))
        return Plan(steps)

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
        return Step(column, position, converter(column, given, context), given.header or column.name)


def _watched(rule: TableRule, table: Table) -> list[evidence.Watched]:
    """The columns whose reading the whole column decides."""
    pairs = [(rule.kind.column(given.canonical), given) for given in rule.columns]
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
