"""The page of risks and opportunities as a file for a spreadsheet: what the filters show, all of it."""

import csv
import io
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from haark import formats, locale
from haark.settings import queries as settings
from haark.signals import advice_words, overview, sentences, wording
from haark.signals.overview import Line
from haark.signals.scope import View

# Accounts of each side that a file holds; a portfolio with more at risk needs filters, not a longer list.
MOST = 5_000
BOM = "\ufeff"  # so that spreadsheets read it as UTF-8


def table(view: View, user_id: int, on: date) -> str:
    """CSV text: a line for each account and side, in the order of the page. Money in whole units of the organisation's
    currency, shares in percent, days in ISO form; cells that begin like a formula are defused.

    The separator is what a spreadsheet of the reader's language expects: a semicolon where the comma is decimal.
    """
    risks, gains = overview.listed(replace(view, shown=MOST), user_id, on)
    file = io.StringIO()
    writer = csv.writer(file, delimiter="," if locale.current() == "en" else ";")
    writer.writerow(_head(settings.get("organisation.currency")))
    for line in risks:
        told, group = line.told.risks, str(wording.GROUPS[line.card.standing])
        writer.writerow([formats.safe_cell(cell) for cell in _cells(line, group, sentences.line(told), "risk")])
    for line in gains:
        words = sentences.line(line.told.opportunities)
        writer.writerow([formats.safe_cell(cell) for cell in _cells(line, _("Opportunités"), words, "opportunity")])
    return BOM + file.getvalue()


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
