"""Reading the value calculation of an account."""

from dataclasses import dataclass, fields

from haark.accounts.models import Account
from haark.extensions import db
from haark.value import rules
from haark.value.models import RoiCase, RoiLine
from haark.value.rules import Line, RoiResult


@dataclass(frozen=True)
class Calculation:
    """What was entered, `version` 0 as long as nothing was."""

    lines: tuple[Line, ...] = ()
    licence_cents: int | None = None
    one_time_cents: int | None = None
    version: int = 0

    def result(self) -> RoiResult:
        return rules.evaluate(self.lines, self.licence_cents, self.one_time_cents)

    def cases(self) -> dict[str, RoiResult]:
        """The result by case (rules.CASES); only the expected one when no line has a range."""
        return rules.evaluate_cases(self.lines, self.licence_cents, self.one_time_cents)


@dataclass(frozen=True)
class ValueTab:
    """What value/_tab.html shows. Money in cents of the account's `currency`."""

    account_id: int
    currency: str
    calculation: Calculation
    result: RoiResult

    @property
    def cases(self) -> dict[str, RoiResult]:
        return self.calculation.cases()


def calculation(account_id: int) -> Calculation:
    """The saved calculation of an account, an empty one when there is none."""
    case = db.session.scalar(db.select(RoiCase).where(RoiCase.account_id == account_id))
    if case is None:
        return Calculation()
    lines = tuple(line_of(row) for row in case.lines)
    return Calculation(lines, case.licence_cents, case.one_time_cents, case.version)


def tab(account_id: int) -> ValueTab:
    """The calculation and its result."""
    saved = calculation(account_id)
    return ValueTab(account_id, currency(account_id), saved, saved.result())


def currency(account_id: int) -> str:
    """The currency that the account's amounts are in."""
    found: str = db.session.scalar(db.select(Account.currency).where(Account.id == account_id)) or "EUR"
    return found


def line_of(row: RoiLine) -> Line:
    """A saved line as the rules see it."""
    return Line(**{field.name: getattr(row, field.name) for field in fields(Line)})
