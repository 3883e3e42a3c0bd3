"""The panes beside a slide: its figures with their source, and the account's value calculation. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from haark import fields
from haark.reviews import figures
from haark.reviews.assembly import Book
from haark.reviews.figures import Figure, Override
from haark.reviews.wording import Words
from haark.value.rules import RoiResult


@dataclass(frozen=True)
class Collision:
    """Somebody saved first: what stands there, and what was typed here. `field` is a text's name or a figure's key."""

    field: str
    mine: str
    theirs: str
    version: int


@dataclass(frozen=True)
class FigureRow:
    """A figure with where it comes from (RV-6), and a person's correction."""

    id: str
    key: str
    label: str
    shown: str
    typed: str
    computed: str
    previous: str
    source: str
    start: object
    end: object
    taken_at: datetime
    taken_on: date | None
    override: Override | None
    version: int
    error: str = ""
    typed_reason: str = ""
    collision: Collision | None = None


@dataclass(frozen=True)
class RoiCase:
    """The calculation in one of value.rules.CASES, as the deck's figures read; `formula` is '' without a ROI."""

    case: str
    gain: str
    roi: str
    payback: str
    formula: str = ""


@dataclass(frozen=True)
class Roi:
    """The account's value calculation as the deck says it; `cases` are empty where no line has a range."""

    expected: RoiCase
    estimated: bool
    cases: tuple[RoiCase, ...] = ()


def figure_rows(book: Book, keys: Sequence[str], language: str) -> list[FigureRow]:
    """The named figures as rows, in the order of the slide."""
    return [figure_row(book, book.figures[key], language) for key in keys]


def figure_row(
    book: Book,
    figure: Figure,
    language: str,
    error: str = "",
    typed: tuple[str, str] | None = None,
    collision: Collision | None = None,
) -> FigureRow:
    """One figure; `typed` are the value and reason that a form sent and that could not be kept."""
    words = Words(language)
    currency = book.material.facts["account"]["currency"]

    def shown(number: float | None) -> str:
        return figures.show_value(number, figure.unit, language, currency)

    held = "" if figure.value is None else fields.write_number(figures.to_typed(figure.value, figure.unit), language)
    version = figure.override.version if figure.override else 0
    return FigureRow(
        id="k-" + "".join(char if char.isalnum() else "-" for char in figure.key),
        key=figure.key,
        label=words(figure.label, name=figure.name),
        shown=shown(figure.value),
        typed=typed[0] if typed else held,
        computed=shown(figure.computed),
        previous="" if figure.previous is None else shown(figure.previous),
        source=words(f"source.{figure.source}"),
        start=figure.start,
        end=figure.end,
        taken_at=datetime.fromisoformat(book.material.facts["taken_at"]),
        taken_on=figures.day(book.material.facts["taken_on"]),
        override=figure.override,
        version=collision.version if collision else version,
        error=error,
        typed_reason=typed[1] if typed else figure.override.reason if figure.override else "",
        collision=collision,
    )


def roi_of(book: Book, language: str) -> Roi | None:
    """From the figures of the deck, so that a corrected one counts; None where nobody entered a calculation."""
    found = {name: book.figures.get(f"value.{name}") for name in ("roi", "gain", "investment", "payback")}
    if found["roi"] is None:
        return None
    facts = book.material.facts
    currency = facts["account"]["currency"]
    said = {
        name: figures.show(figure, language, currency) if figure and figure.value is not None else ""
        for name, figure in found.items()
    }
    known = said["roi"] and said["gain"] and said["investment"]
    formula = f"({said['gain']} − {said['investment']}) ÷ {said['investment']}" if known else ""
    expected = RoiCase("expected", said["gain"], said["roi"], said["payback"], formula)
    lines = (facts["roi"] or {}).get("lines") or []
    estimated = not all(line.get("confirmed_on") for line in lines)
    low, high = (figures.evaluated_as(facts, case) for case in ("low", "high"))
    if low is None or high is None:
        return Roi(expected, estimated)
    told = {case: _case(case, result, language, currency) for case, result in (("low", low), ("high", high))}
    return Roi(expected, estimated, (told["low"], expected, told["high"]))


def _case(case: str, result: RoiResult, language: str, currency: str) -> RoiCase:
    values = ((result.yearly_gain_cents, "money"), (result.roi_percent, "percent"), (result.payback_months, "months"))
    gain, roi, payback = (
        "" if value is None else figures.show_value(value, unit, language, currency) for value, unit in values
    )
    return RoiCase(case, gain, roi, payback)
