"""Reading the portfolio: one table (the account cards), rows and not entities, as many statements at any size."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from haark.accounts import retention
from haark.accounts.chunking import within
from haark.accounts.models import AccountTag
from haark.accounts.retention import Retention
from haark.extensions import db
from haark.portfolio import figures, marks, rules, walking
from haark.portfolio.rules import View
from haark.portfolio.standing import Standing
from haark.portfolio.walking import COLUMNS

__all__ = ["COLUMNS", "Page", "Totals", "page", "partitions", "tags_of", "totals"]


@dataclass(frozen=True)
class Page:
    """At most 50 rows, and the cursor of the next page ('' at the end)."""

    rows: Sequence[Row[Any]]
    after: str

    @property
    def refreshed_on(self) -> date | None:
        """The newest day of the revenues shown."""
        return max((row.refreshed_on for row in self.rows if row.refreshed_on), default=None)

    @property
    def health_on(self) -> date | None:
        """The newest day of the scores shown."""
        return max((row.health_on for row in self.rows if row.health_on), default=None)


@dataclass(frozen=True)
class Totals:
    """Figures of a filtered portfolio (PF-5). Money in cents, None where nothing is known.

    `count` is all there are when `exactly`, else «more than»; the other figures say something when `counted`.
    `arr_before_cents` is 12 months earlier, `health_weighted` weighted by ARR over the accounts that have both. At
    risk is what the signals say of an account; `due` counts the reviews of the next 30 days that are not late. `views`
    are the accounts that each of the default views keeps, whatever this one leaves out.
    """

    count: int
    exactly: bool
    counted: bool
    views: Mapping[str, int]
    with_arr: int = 0
    arr_cents: int | None = None
    arr_before_cents: int | None = None
    health_mean: float | None = None
    health_weighted: float | None = None
    at_risk: int = 0
    at_risk_cents: int | None = None
    late: int = 0
    due: int = 0
    retention: Retention = field(default_factory=Retention)


def page(view: View, me: int, on: date) -> Page:
    """One page in the view's order, accounts without a value last. Raises BadCursor for an `after` that cannot be."""
    cursor = rules.parse_cursor(view)
    rows = walking.rows(view, me, on, cursor, rules.PAGE_SIZE + 1)
    if len(rows) <= rules.PAGE_SIZE:
        return Page(rows, "")
    rows = rows[: rules.PAGE_SIZE]
    last = rows[-1]
    return Page(rows, rules.make_cursor(view, walking.value(view, last), last.name_folded, last.account_id))


def partitions(
    view: View, me: int, on: date, ids: Sequence[int] = (), size: int = 1000
) -> Iterator[Sequence[Row[Any]]]:
    """Every row in the view's order, `size` at a time (nothing else is kept in memory); with `ids` only those."""
    for statement in walking.everything(view, me, on, ids):
        yield from db.session.execute(statement, execution_options={"yield_per": size}).partitions()


def tags_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of these accounts; one statement."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    table = AccountTag.__table__.c
    rows = select(table.account_id, table.tag).where(within(table.account_id, sorted(ids))).order_by(table.tag)
    for account_id, tag in db.session.execute(rows) if ids else ():
        found[account_id].append(tag)
    return found


def totals(view: View, me: int, on: date, whole: bool = False) -> Totals:
    """The figures of everything that the search and the filters keep. Of more than rules.MOST_COUNTED accounts only
    with `whole`, which reads them all; else `counted` is false and there is their number, as far as it is known."""
    found = figures.whole(view, me, on) if whole else figures.of(view, me, on)
    views = _views(found.standing, me)
    if "" not in found.sets:
        return Totals(found.at_least, found.exactly, False, views=views)
    one = found.sets[""]
    sums, risk, review = one.sums, marks.split("risk", one.counts.get("risk", {})), one.counts.get("review", {})
    states = marks.split("review", review)
    return Totals(
        count=sums["accounts"],
        exactly=True,
        counted=True,
        with_arr=sums["arr_n"],
        arr_cents=sums["arr"] if sums["arr_n"] else None,
        arr_before_cents=sums["before"] if sums["before_n"] else None,
        health_mean=_mean(sums["health_sum"], sums["health_n"]),
        health_weighted=_mean(sums["health_product"], sums["health_weights"]),
        at_risk=risk.get(rules.AT_RISK, 0),
        at_risk_cents=sums["risk_arr"] if sums["risk_arr_n"] else None,
        late=states.get("late", 0),
        due=states.get("due", 0),
        retention=retention.Retention(
            accounts=sums["kept_accounts"],
            lost=sums["kept_lost"],
            unknown=sums["kept_unknown"],
            outside=sums["kept_outside"],
            before_cents=sums["kept_before"],
            now_cents=sums["kept_now"],
            kept_cents=sums["kept_kept"],
        ),
        views=views,
    )


def _views(base: Standing, me: int) -> dict[str, int]:
    """Counts of the default views, from the standing totals."""
    counts = {"all": base.accounts}
    for name, view in rules.VIEWS.items():
        for facet in figures.chosen(view):
            counts[name] = figures.value_count(base.counts, facet, view.chosen(facet)[0], me) or 0
    return counts


def _mean(total: int, count: int) -> float | None:
    return total / count if count else None
