"""How a table writes its numbers, dates and currency, by what its columns say together. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from haark.intake.numerals import CURRENCIES, decimal_mark
from haark.intake.profiles import Profile, tells


@dataclass(frozen=True)
class Finding:
    """One way of writing that was found: in `held` of `total` cells. `value` is '' when it is undecided.

    By name of the format: decimal «,» or «.»; thousands « », «.», «,» or «'»; dates dmy, mdy or ymd; currency a code;
    repaired the encoding in which UTF-8 was misread, `example` and `after` the text before and after the repair.
    `columns` are the headers that leave it open, which a person has to decide on when they are imported.
    """

    value: str
    example: str
    held: int
    total: int
    after: str = ""
    columns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Finding":
        return cls(**{**kept, "columns": tuple(kept.get("columns", ()))})


def decimals(columns: Iterable[Profile]) -> Finding | None:
    """The decimal mark of the table's numbers, None when no number has one."""
    written: Counter[str] = Counter()
    for column in columns:
        written.update(column.written)
    proven = Counter({mark: written[mark] for mark in ",." if written[mark]})
    if not proven and not written["?"]:
        return None
    open_columns = tuple(each.header for each in columns if each.marks.unclear and not each.marks.marks)
    mark, held = proven.most_common(1)[0] if len(proven) == 1 else ("", 0)
    telling = [each.example for each in columns if not mark or decimal_mark(each.example) == mark]
    example = max(telling, key=tells, default="")
    return Finding(mark, example, held, proven.total() + written["?"], columns=() if mark else open_columns)


def thousands(columns: Iterable[Profile]) -> Finding | None:
    """The sign that groups thousands; a lone group such as `1,234` is not counted where it could be decimals."""
    groups: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for column in columns:
        for sign, times in column.groups.items():
            if sign in ",." and sign in column.marks.marks:
                continue
            groups[sign] += times
            examples.setdefault(sign, column.example)
    if not groups:
        return None
    sign, held = groups.most_common(1)[0]
    return Finding(sign, examples[sign], held, groups.total())


def currency(columns: Iterable[Profile]) -> Finding | None:
    """The currency that signs and codes name; '' when they name several."""
    named: Counter[str] = Counter()
    examples: list[str] = []
    for column in columns:
        named.update(column.currencies)
        if column.currencies:
            examples.append(column.example)
        if column.nature == "currency":
            named.update({CURRENCIES.get(word, word): times for word, times in column.words.items()})
            examples += list(column.words)[:1]
    if not named:
        return None
    code, held = named.most_common(1)[0]
    return Finding(code if len(named) == 1 else "", examples[0], held, named.total())


def dates(columns: Iterable[Profile]) -> Finding | None:
    """The order of day and month in the table's dates: decided by each whole column, else by the others."""
    columns = list(columns)
    if not columns:
        return None
    decided = [each.orders.order for each in columns if len(each.orders.orders) == 1 and each.orders.order]
    unsure = [each for each in columns if each.orders.order is None]
    usual = Counter(order for order in decided if order != "ymd")
    open_columns = () if len(usual) == 1 else tuple(each.header for each in unsure)
    either = any(len(each.orders.orders) == 2 for each in columns)  # only days that read the same both ways
    value = "" if open_columns else usual.most_common(1)[0][0] if usual else "dmy" if either else "ymd"
    written: Counter[str] = Counter()
    for column in columns:
        written.update(column.written)
    shown = unsure[0] if open_columns else next((each for each in columns if each.orders.order == value), columns[0])
    example = shown.orders.example or shown.samples[0]
    held = written.total() - written["?"] if open_columns else written[value] + written["?"] + written[""]
    return Finding(value, example, held, written.total(), columns=open_columns)
