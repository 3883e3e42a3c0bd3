"""What the product is worth to a client (RO-1 to RO-4): the gain of each line, ROI in the first year, payback. Pure.

    time line   hours = people x hours a day x days a year;  gain = hours x hourly cost x share saved
    other line  gain = the yearly amount that was stated
    ROI year 1  = (yearly gain - licence - one-time costs) / (licence + one-time costs)
    payback     = (licence + one-time costs) / (yearly gain / 12), in months

Three cases: the expected one is what was typed; the conservative and the optimistic one replace the share saved, or the
amount, where a line says so (RO). A claim that the client confirmed is a fact, any other an estimate (XB-2).

A missing factor makes its result unknown (None), never zero. Reference (RO-3): 10 people x 8 h x 220 days = 17 600 h;
x 35 €/h = 616 000 €; 30 % saved = 184 800 €; against 24 000 € + 10 000 €: ROI 443 %, payback 2.2 months.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import floor

CATEGORIES = ("time_saved", "cost_saved", "revenue_gained", "strategic")
CASES = ("low", "expected", "high")
FACTORS = ("people", "hours_per_day", "days_per_year", "hourly_cost_cents", "saved_percent")


@dataclass(frozen=True)
class Line:
    """One gain a year. Either the five factors of time, or `amount_cents`; strategic lines are words only.

    people and days_per_year >= 0, hours_per_day 0-24, saved_percent 0-100, money in cents. Where an amount is stated it
    is the gain: the factors, if any, only explain it.
    """

    category: str
    label: str = ""
    people: float | None = None
    hours_per_day: float | None = None
    days_per_year: float | None = None
    hourly_cost_cents: int | None = None
    saved_percent: float | None = None
    amount_cents: int | None = None
    note: str = ""
    # The conservative and the optimistic case, where they differ from the expected one.
    saved_percent_low: float | None = None
    saved_percent_high: float | None = None
    amount_low_cents: int | None = None
    amount_high_cents: int | None = None
    # The claim (XB-2): how it was, how it is, where that is read; the client's word comes by another way than the form.
    baseline: str = ""
    present: str = ""
    source: str = ""
    id: int | None = field(default=None, compare=False)
    confirmed_on: date | None = field(default=None, compare=False)
    confirmed_by: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """`words` (strategic), `amount` (stated), `time` (computed from factors) or `blank` (nothing entered yet)."""
        if self.category == "strategic":
            return "words"
        if self.amount_cents is not None:
            return "amount"
        return "time" if any(getattr(self, name) is not None for name in FACTORS) else "blank"

    @property
    def ranged(self) -> bool:
        """Whether a case differs from the expected one."""
        low, high = self.in_case("low"), self.in_case("high")
        return low != self or high != self

    def in_case(self, case: str) -> "Line":
        """The same line with the share or the amount of `low` or `high`, where it has one; `expected` is itself."""
        if case == "expected":
            return self
        share, amount = getattr(self, f"saved_percent_{case}"), getattr(self, f"amount_{case}_cents")
        if self.kind == "amount":
            return self if amount is None else replace(self, amount_cents=amount)
        return self if share is None else replace(self, saved_percent=share)

    @property
    def claim(self) -> tuple[object, ...]:
        """What a client confirms: when any of it changes, the confirmation no longer holds."""
        factors = tuple(getattr(self, name) for name in FACTORS)
        return (self.category, self.label, *factors, self.amount_cents, self.baseline, self.present)


@dataclass(frozen=True)
class Gain:
    """What a line gives a year: `hours` and `cost_cents` of the work concerned, `gain_cents` saved or earned.

    `missing` names the factors without which the gain is unknown.
    """

    line: Line
    hours: float | None
    cost_cents: int | None
    gain_cents: int | None
    missing: tuple[str, ...] = ()

    @property
    def counted(self) -> bool:
        return self.gain_cents is not None


@dataclass(frozen=True)
class RoiResult:
    """The calculation as a whole.

    `roi` is a fraction (4.4353), `roi_percent` the whole percent shown (443, truncated towards zero),
    `roi_percent_exact` the same with one decimal (443.5, truncated likewise), `payback_months` rounded to one decimal
    (2.2). `missing` says why they are None: `gain`, `licence`, `one_time`, or `investment` when it is zero.
    `incomplete` counts the lines whose gain is unknown and which therefore are not in the total.
    """

    gains: tuple[Gain, ...]
    yearly_gain_cents: int | None
    licence_cents: int | None
    one_time_cents: int | None
    investment_cents: int | None
    net_cents: int | None
    roi: float | None
    roi_percent: int | None
    roi_percent_exact: float | None
    payback_months: float | None
    missing: tuple[str, ...]
    incomplete: int

    @property
    def by_category(self) -> dict[str, int]:
        """The known yearly gain per category, in cents; categories without one are left out."""
        totals: dict[str, int] = {}
        for category in CATEGORIES:
            known = [g.gain_cents for g in self.gains if g.line.category == category and g.gain_cents is not None]
            if known:
                totals[category] = sum(known)
        return totals


def evaluate(lines: Iterable[Line], licence_cents: int | None, one_time_cents: int | None) -> RoiResult:
    """The whole calculation. Costs in cents, >= 0; None is «not known», which makes ROI and payback unknown."""
    gains = tuple(gain_of(line) for line in lines)
    known = [gain.gain_cents for gain in gains if gain.gain_cents is not None]
    yearly = sum(known) if known else None
    unknown_costs = licence_cents is None or one_time_cents is None
    investment = None if unknown_costs else (licence_cents or 0) + (one_time_cents or 0)
    roi = _roi(yearly, investment)
    return RoiResult(
        gains=gains,
        yearly_gain_cents=yearly,
        licence_cents=licence_cents,
        one_time_cents=one_time_cents,
        investment_cents=investment,
        net_cents=None if yearly is None or investment is None else yearly - investment,
        roi=None if roi is None else float(roi),
        roi_percent=None if roi is None else int(roi * 100),
        roi_percent_exact=None if roi is None else int(roi * 1000) / 10,
        payback_months=payback(yearly, investment),
        missing=_missing(yearly, licence_cents, one_time_cents, investment),
        incomplete=sum(1 for gain in gains if gain.missing),
    )


def evaluate_cases(
    lines: Iterable[Line], licence_cents: int | None, one_time_cents: int | None
) -> dict[str, RoiResult]:
    """The calculation in each of CASES, conservative first; only the expected one when no line has a range."""
    kept = tuple(lines)
    cases = CASES if any(line.ranged for line in kept) else ("expected",)
    return {case: evaluate([line.in_case(case) for line in kept], licence_cents, one_time_cents) for case in cases}


def gain_of(line: Line) -> Gain:
    """What one line gives a year. Exact in decimal arithmetic, rounded half up to the cent."""
    if line.kind == "words":
        return Gain(line, None, None, None)
    hours = _product(line.people, line.hours_per_day, line.days_per_year)
    cost = None if hours is None else _product(hours, line.hourly_cost_cents)
    saved = None if cost is None else _product(cost, line.saved_percent)
    gain = line.amount_cents if line.kind == "amount" else None if saved is None else _half_up(saved / 100)
    lacking = [name for name in FACTORS if getattr(line, name) is None]
    missing = () if gain is not None else tuple(lacking) if line.kind == "time" else ("amount_cents",)
    return Gain(line, None if hours is None else float(hours), None if cost is None else _half_up(cost), gain, missing)


def payback(yearly_gain_cents: int | None, investment_cents: int | None) -> float | None:
    """Months until the gains have paid the investment, half up to one decimal; None without a gain above zero."""
    if yearly_gain_cents is None or investment_cents is None or yearly_gain_cents <= 0:
        return None
    return _half_up(Fraction(investment_cents * 12 * 10, yearly_gain_cents)) / 10


def _roi(yearly: int | None, investment: int | None) -> Fraction | None:
    return None if yearly is None or not investment else Fraction(yearly - investment, investment)


def _missing(yearly: int | None, licence: int | None, one_time: int | None, investment: int | None) -> tuple[str, ...]:
    parts = (("gain", yearly is None), ("licence", licence is None), ("one_time", one_time is None))
    return tuple(name for name, lacks in (*parts, ("investment", investment == 0)) if lacks)


def _product(*factors: float | Fraction | None) -> Fraction | None:
    """The exact product of what people typed: 0.1 counts as a tenth, not as the float next to it."""
    total = Fraction(1)
    for factor in factors:
        if factor is None:
            return None
        total *= factor if isinstance(factor, Fraction) else Fraction(str(factor))
    return total


def _half_up(value: Fraction) -> int:
    """The nearest whole number, halves upwards; `value` >= 0."""
    return floor(value + Fraction(1, 2))
