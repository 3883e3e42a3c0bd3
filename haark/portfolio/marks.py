"""What a card is counted as under the filters whose values overlap: a renewal within 30 days is one within 90 too, so
its mark names several values, «+» between them; '' is nothing to choose."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, case, literal_column
from sqlalchemy.types import String

from haark.portfolio import rules
from haark.portfolio.filters import SIDES, TEXTS, Card, renewal_within, review_is
from haark.portfolio.rules import AT_RISK, NONE, PAST, UNKNOWN

MARKED = ("renewal", "review", "risk", "opportunity")
# Facets whose counts the database keeps; custom fields are counted when somebody looks.
COUNTED = (*TEXTS, "owner", *MARKED, "tag")


def of(on: date) -> dict[str, ColumnElement[str]]:
    """The mark of a card for each of MARKED; kinds of signal are counted beside it."""
    windows = [
        (renewal_within(str(days), on), _said("+".join(str(wider) for wider in rules.WINDOWS if wider >= days)))
        for days in rules.WINDOWS
    ]
    states = case(*((review_is(value, on), _said(value)) for value in ("late", "due", NONE)), else_=_said(""))
    risky = case((SIDES["risk"] == 0, _said(NONE)), else_=_said(""))
    return {
        "renewal": case(
            (renewal_within(UNKNOWN, on), _said(UNKNOWN)),
            (renewal_within(PAST, on), _said(PAST)),
            *windows,
            else_=_said(""),
        ),
        "review": states + case((review_is("planned", on), _said("+planned")), else_=_said("")),
        "risk": risky + case((Card.at_risk, _said(f"+{AT_RISK}")), else_=_said("")),
        "opportunity": case((SIDES["opportunity"] == 0, _said(NONE)), else_=_said("")),
    }


def split(facet: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Accounts by value; a text that is missing is `unknown`."""
    if facet in TEXTS or facet == "owner":
        return {value or UNKNOWN: n for value, n in counts.items()}
    if facet == "tag":
        return dict(counts)
    found: defaultdict[str, int] = defaultdict(int)
    for mark, n in counts.items():
        for value in filter(None, mark.split("+")):
            found[value] += n
    return dict(found)


def _said(text: str) -> ColumnElement[str]:
    """Our own word, written into the statement: a parameter for each would make a dozen for every row's columns."""
    return literal_column(f"'{text}'", String)
