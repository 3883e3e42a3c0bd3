"""The list as a file for a spreadsheet (PF-7): what the filters keep, in the order of the screen, with its columns.

Rows are made one at a time, so that memory does not depend on how many there are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from haark.accounts.custom import fields
from haark.portfolio import custom, queries, wording
from haark.portfolio.columns import Column
from haark.portfolio.rules import CUSTOM, View

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read beside the rows, for the accounts of one part of them."""

    values: custom.Values
    tags: dict[int, list[str]]


# A header and how the value is read, for each column of the file.
_Part = tuple[str, Callable[[Any, _Known], Cell]]


def rows(
    view: View, chosen: Sequence[Column], me: int, on: date, currency: str, ids: Sequence[int] = ()
) -> Iterator[list[Cell]]:
    """The header, then a line for each account; with `ids` only those. Money in units of `currency`, shares in
    percent; None where nothing is known."""
    parts = [*_identity(), *(part for column in chosen for part in _parts(column, currency))]
    yield [header for header, _read in parts]
    names = {column.name for column in chosen}
    own = [field for field in fields() if field.column in names]
    for some in queries.partitions(view, me, on, ids):
        here = [row.account_id for row in some]
        known = _Known(custom.values_of(here, own), queries.tags_of(here) if "tags" in names else {})
        for row in some:
            yield [read(row, known) for _header, read in parts]


def _identity() -> list[_Part]:
    return [
        (_("Identifiant externe"), lambda row, _known: row.external_id or None),
        (_("Identifiant Haark"), lambda row, _known: row.account_id),
        (_("Compte"), lambda row, _known: row.name),
    ]


def _parts(column: Column, currency: str) -> list[_Part]:
    """The columns of the file for one of the list; those that stand in it already have none."""
    name = column.name
    if CUSTOM.fullmatch(name):
        return [(str(column.label), lambda row, known: known.values[row.account_id].get(name))]
    made: dict[str, Callable[[], list[_Part]]] = {
        "arr": lambda: [
            (_("ARR (%(currency)s)", currency=currency), lambda row, _known: _units(row.arr_cents)),
            (_("MRR (%(currency)s)", currency=currency), lambda row, _known: _units(row.arr_cents, 12)),
        ],
        "change": lambda: [
            (
                _("ARR d’il y a 12 mois (%(currency)s)", currency=currency),
                lambda row, _known: _units(row.arr_before_cents),
            ),
            (_("Évolution sur 12 mois, en %"), lambda row, _known: _percent(row.arr_change)),
        ],
        "health": lambda: [
            (_("Santé"), lambda row, _known: row.health_score),
            (_("Santé calculée le"), lambda row, _known: row.health_on),
        ],
        "trend": lambda: [(_("Tend. 30 j"), lambda row, _known: row.health_change)],
        "churn": lambda: [(_("Risque de départ, en %"), lambda row, _known: _percent(row.churn))],
        "risk": lambda: [
            (_("Risques ouverts"), lambda row, _known: row.risk_count),
            (_("Risque principal"), lambda row, _known: _signal(row.risk_top)),
        ],
        "opportunity": lambda: [
            (_("Opportunités ouvertes"), lambda row, _known: row.opportunity_count),
            (_("Opportunité principale"), lambda row, _known: _signal(row.opportunity_top)),
        ],
        "renewal": lambda: [(_("Renouvellement"), lambda row, _known: row.renewal_date)],
        "review": lambda: [
            (_("Prochaine revue"), lambda row, _known: row.next_review_on),
            (_("Type de revue"), lambda row, _known: _word(wording.REVIEWS, row.next_review_kind)),
            (_("État de la revue"), lambda row, _known: _review_state(row)),
        ],
        "owner": lambda: [(_("Responsable"), lambda row, _known: row.owner_name)],
        "tier": lambda: [(str(column.label), lambda row, _known: row.tier or None)],
        "rank": lambda: [(str(column.label), lambda row, _known: _percent(row.rank_score))],
        "lifetime": lambda: [
            (f"{column.label} ({currency})", lambda row, _known: _units(row.lifetime_cents)),
        ],
        "loss": lambda: [(f"{column.label} ({currency})", lambda row, _known: _units(row.expected_loss_cents))],
        "usage": lambda: [
            (_("Évolution de l’usage en 30 jours, en %"), lambda row, _known: _percent(row.usage_change))
        ],
        "segment": lambda: [(str(column.label), lambda row, _known: row.segment.capitalize() or None)],
        "sector": lambda: [(str(column.label), lambda row, _known: row.sector or None)],
        "size": lambda: [(str(column.label), lambda row, _known: wording.size_label(row.size) or None)],
        "tags": lambda: [
            (str(column.label), lambda row, known: ", ".join(known.tags.get(row.account_id, ())) or None),
        ],
    }
    return made[name]() if name in made else []


def _units(cents: int | None, by: int = 1) -> float | int | None:
    if cents is None:
        return None
    return _plain(round(cents / by) / 100)


def _percent(fraction: float | None) -> float | int | None:
    return None if fraction is None else _plain(round(fraction * 100, 1))


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _signal(kind: str) -> str | None:
    return wording.signal(kind)[1] if kind else None


def _word(words: Any, key: str) -> str | None:
    return str(words[key]) if key in words else None


def _review_state(row: Any) -> str | None:
    if row.next_review_late:
        return _("En retard")
    return _("Planifiée") if row.next_review_planned else None
