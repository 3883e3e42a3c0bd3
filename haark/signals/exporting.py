"""The page of risks and opportunities as a file for a spreadsheet: what the filters show, all of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from haark.settings import queries as settings
from haark.signals import advice_words, overview, sentences, wording
from haark.signals.overview import Line
from haark.signals.scope import View

# Accounts of each side that a file holds; a portfolio with more at risk needs filters, not a longer list.
MOST = 5_000


def rows(view: View, user_id: int, on: date) -> Iterator[list[str]]:
    """The header, then a line for each account and side, in the order of the page. Money in whole units of the
    organisation's currency, shares in percent."""
    risks, gains = overview.listed(replace(view, shown=MOST), user_id, on)
    yield _head(settings.get("organisation.currency"))
    for line in risks:
        yield _cells(line, str(wording.GROUPS[line.card.standing]), sentences.line(line.told.risks), "risk")
    for line in gains:
        yield _cells(line, _("Opportunités"), sentences.line(line.told.opportunities), "opportunity")


def _head(currency: str) -> list[str]:
    return [
        _("Liste"),
        _("Compte"),
        _("Identifiant externe"),
        _("Signaux"),
        _("ARR (%(currency)s)", currency=currency),
        _("Santé"),
        _("Tend. 30 j"),
        _("Risque de départ, en %"),
        _("Perte attendue (%(currency)s)", currency=currency),
        _("Potentiel (%(currency)s)", currency=currency),
        _("Renouvellement"),
        _("Action conseillée"),
        _("Responsable"),
    ]


def _cells(line: Line, group: str, words: str, side: str) -> list[str]:
    card = line.card
    advice = next((one for one in line.told.advice if one.side == side), None)
    return [
        group,
        card.name,
        card.external_id,
        words,
        _whole(card.arr_cents),
        _text(card.health_score),
        _text(card.health_change),
        "" if card.churn is None else str(round(100 * card.churn)),
        _whole(card.expected_loss_cents),
        _whole(line.potential),
        card.renewal_date.isoformat() if card.renewal_date else "",
        advice_words.headline(advice) if advice else "",
        card.owner_name or "",
    ]


def _whole(cents: int | None) -> str:
    return "" if cents is None else str(round(cents / 100))


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
