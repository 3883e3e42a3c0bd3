"""What a review is called: «QBR Q4 2026», in the reader's language. Pure."""

from collections.abc import Mapping

from haark.cadence import rules as cadence
from haark.reviews.content.context import period_label
from haark.reviews.wording import Words


def review_title(kind: str, described: Mapping[str, object], language: str) -> str:
    """`described`: a period as facts.gather writes it."""
    words = Words(language)
    return f"{words(f'kind.{kind}')} {period_label(described, words)}"


def title_of(kind: str, period: str, language: str) -> str:
    """The same from the period's code; names do not depend on when the fiscal year starts."""
    found = cadence.parse(period)
    described = {"unit": found.unit, "number": found.number, "year": found.year, "start": found.start.isoformat()}
    return review_title(kind, described, language)
