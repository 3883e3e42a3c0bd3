"""The columns of the list (PF-1): which there are, which a person chose, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_pgettext
from flask_babel import lazy_gettext as _l

from haark.accounts import custom
from haark.extensions import db
from haark.people.models import User
from haark.portfolio.rules import CUSTOM

MOST = 24


@dataclass(frozen=True)
class Column:
    """`head` is its short name above the list, `label` the one by which it is chosen; `sort`: the order it asks for,
    '' for none; `css`: the classes of its cells."""

    name: str
    label: LazyString | str
    head: LazyString | str
    css: str = ""
    sort: str = ""


def _column(name: str, label: Any, head: Any = None, css: str = "c-x", sort: str = "") -> Column:
    return Column(name, label, head or label, css, sort)


# Beside the name, which always stands first.
COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        _column("arr", _l("ARR et MRR"), css="r", sort="arr"),
        _column("change", _l("Évolution de l’ARR sur 12 mois"), _l("12 mois"), "c-spark", "change"),
        _column("health", _l("Santé"), css="", sort="health"),
        _column("trend", _l("Tendance de la santé"), _l("Tend. 30 j"), "c-trend", "trend"),
        _column("churn", _l("Risque de départ"), css="r c-churn", sort="churn"),
        _column("risk", _l("Risques"), css="c-risk", sort="risk"),
        _column("opportunity", _l("Opportunités"), css="c-opp", sort="opportunity"),
        _column("renewal", _l("Renouvellement"), _l("Renouv."), "c-renew", "renewal"),
        _column("review", _l("Prochaine revue"), css="c-next", sort="review"),
        _column("owner", _l("Responsable"), _l("Resp."), "c-own", "owner"),
        _column("tier", lazy_pgettext("rang d’un compte", "Rang"), sort="rank"),
        _column("rank", _l("Score de classement"), _l("Classement"), "c-x r", "rank"),
        _column("lifetime", _l("Valeur sur la durée"), css="c-x r"),
        _column("loss", _l("Perte attendue"), css="c-x r"),
        _column("usage", _l("Évolution de l’usage en 30 jours"), _l("Usage 30 j"), "c-x r"),
        _column("segment", _l("Segment")),
        _column("sector", _l("Secteur")),
        _column("size", _l("Taille")),
        _column("tags", _l("Étiquettes")),
        _column("external_id", _l("Identifiant externe"), _l("Identifiant")),
    )
}
DEFAULT = tuple(COLUMNS)[:10]


def offered() -> dict[str, Column]:
    """All that can be chosen, the custom fields after the others."""
    added = {one.column: _column(one.column, one.name) for one in custom.fields()}
    return COLUMNS | added


def of(user: User) -> list[Column]:
    """The columns that a person sees, in their order. One statement, where they chose a custom field."""
    wanted = [str(name) for name in user.portfolio_columns or ()]
    known = offered() if any(CUSTOM.fullmatch(name) for name in wanted) else COLUMNS
    return [known[name] for name in wanted if name in known] or [COLUMNS[name] for name in DEFAULT]


def choose(user: User, names: Sequence[str]) -> None:
    """These columns from now on, in this order; what is no column is left out, and nothing means the usual ones."""
    known = offered()
    wanted = [name for name in dict.fromkeys(names) if name in known][:MOST]
    user.portfolio_columns = [] if tuple(wanted) == DEFAULT else wanted
    db.session.flush()


def order(names: Sequence[str], moved: str, step: int) -> list[str]:
    """The same names, one of them a step (-1, 1) further; as they are where it cannot go there."""
    found = list(names)
    place = found.index(moved) if moved in found else -1
    if place >= 0 and 0 <= place + step < len(found):
        found[place], found[place + step] = found[place + step], found[place]
    return found
