"""How the programme's figures are written and drawn."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from markupsafe import Markup

from haark import charts, formats, locale
from haark.programme import rules
from haark.programme.coverage import YEAR, Figure

# The axis of each bullet, so that its target and alert lie well apart; one that a value falls below begins at zero.
AXES = {"coverage": (0.6, 1.0), "on_time": (0.6, 1.0), "sponsor": (0.2, 1.0), "score": (6.0, 10.0)}


def shown(name: str, value: Fraction | None) -> str:
    """A share in percent («88 %», «89,9 %»), a score with one decimal; cut, so that nothing looks like a target that it
    missed."""
    if value is None:
        return str(_("n. d."))
    language = locale.current()
    if name == "score":
        return formats.number(rules.cut(value, 1), language, 1)
    cut = rules.cut(value * 100, 1)
    return formats.percent(cut / 100, language, 0 if cut.is_integer() else 1)


@dataclass(frozen=True)
class Change:
    """Against the period before: `value` by its sign, `text` with its unit."""

    value: float
    text: str


def change(now: Figure, earlier: Figure) -> Change | None:
    """None where either is unknown: also where nobody noted, at that time, who was there."""
    if now.value is None or earlier.value is None or (now.name == "sponsor" and not _noted(earlier)):
        return None
    language = locale.current()
    moved = now.value - earlier.value
    if now.name == "score":
        return Change(round(float(moved), 1), formats.signed(round(float(moved), 1), language, 1))
    points = round(float(moved) * 100)
    return Change(points, str(_("%(change)s pts", change=formats.signed(points, language))))


def _noted(figure: Figure) -> bool:
    return any(line.session is not None and line.session.attendance for line in figure.lines)


def bullet(figure: Figure) -> Markup:
    """The value between alert and target, with a sentence for those who do not see it."""
    target = rules.TARGETS[figure.name]
    tone = {"alert": "fb", "below": "fw", "met": "fo"}.get(figure.level, "")
    label = _(
        "valeur %(value)s, cible %(target)s, alerte sous %(alert)s",
        value=shown(figure.name, figure.value),
        target=shown(figure.name, target.target),
        alert=shown(figure.name, target.alert),
    )
    value = None if figure.value is None else float(figure.value)
    low, high = AXES[figure.name]
    axis = (low if value is None or value > low else 0.0, high)
    return charts.bullet(value, float(target.target), float(target.alert), axis, tone, label)


def period(code: str) -> str:
    """`2026-Q4` as «Q4 2026», and the twelve months."""
    if code == YEAR:
        return str(_("12 mois"))
    year, sign, part = code.partition("-")
    return f"{part} {year}" if sign and not part.isdigit() else code
