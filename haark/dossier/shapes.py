"""The drawings of the account's page, from its numbers, in the reader's language."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from markupsafe import Markup

from haark import charts, formats, locale
from haark.dossier import drawings
from haark.dossier.revenue import RevenueView
from haark.dossier.score import ScoreView
from haark.dossier.usage import UsageView
from haark.health.queries import Explanation

SPARK = (150, 34)  # width and height of the curve in the head


def arr_spark(months: Sequence[int | None], change: float | None) -> Markup:
    """Twelve months of ARR, empty below three known ones."""
    kind = "" if not change else "up" if change > 0 else "dn"
    return charts.sparkline(charts.spark(months, *SPARK), kind, _("ARR sur 12 mois"), *SPARK)


def active_users(view: UsageView) -> Markup:
    """Active users by month against the licensed seats."""
    labels = [formats.month_short(month.start, locale.current()) for month in view.months]
    seats = [view.seats] * len(labels) if view.seats else None
    values = [month.active_users for month in view.months]
    return charts.area(labels, values, _("Utilisateurs actifs par mois, moyenne par jour ouvré"), seats)


def key_actions(view: UsageView) -> Markup:
    """Key actions by month; the running month is not over and says so in the caption."""
    language = locale.current()
    labels = [formats.month_short(month.start, language) for month in view.months]
    frame = charts.Frame(height=150, left=52, fmt=lambda value: formats.number(value, language, 0))
    return charts.area(labels, [month.events for month in view.months], _("Actions clés par mois"), frame=frame)


def seats(view: UsageView) -> Markup:
    """How the licensed seats divide into used and idle ones."""
    if view.idle_seats is None or view.now.active_users is None:
        return Markup("")
    return charts.stacked(((view.now.active_users, "x1"), (view.idle_seats, "x4")), _("Répartition des licences"))


def moved(told: Explanation) -> Markup:
    """From the score of 30 days before to today's, by component; empty without an earlier score."""
    if told.now is None or told.before is None or told.movement.change is None:
        return Markup("")
    language = locale.current()
    names = {"usage": _("Usage"), "engagement": _("Engagement"), "satisfaction": _("Satisfaction")}
    steps = [
        (names.get(name, _("Historique")), points)
        for name, points in told.movement.components.items()
        if points is not None
    ]
    words = [f"{label} {formats.signed(points, language, 1)}" for label, points in steps]
    title = _(
        "De %(before)s à %(now)s : %(steps)s", before=told.before.score, now=told.now.score, steps=", ".join(words)
    )
    ends = [(formats.day_short(one.on, language), one.score or 0) for one in (told.before, told.now)]
    return drawings.waterfall(
        ends[0], steps, ends[1], title, lambda value: formats.signed(value, language, 1) if value else "0"
    )


def evolution(view: ScoreView) -> Markup:
    """The score over the period against its bands; empty below three known ones (not enough history)."""
    known = [score for _day, score in view.curve if score is not None]
    if len(known) < charts.MINIMUM_POINTS:
        return Markup("")
    language, length = locale.current(), (view.end - view.start).days
    marks = [view.start + timedelta(round(length * n / 4)) for n in range(5)]
    labels = [(day, formats.day_short(day, language) if length < 300 else _month(day, language)) for day in marks]
    title = _("Score de santé au fil du temps, de %(first)s à %(last)s", first=known[0], last=known[-1])
    return drawings.evolution(view.curve, view.start, view.end, title, labels)


def arr_steps(view: RevenueView, currency: str) -> Markup:
    """The level of ARR over time."""
    language = locale.current()
    labels = [_month(day, language) for day, _level in view.curve]
    values = [None if level is None else level / 100 for _day, level in view.curve]
    frame = charts.Frame(left=64, fmt=lambda value: formats.money_short(round(value * 100), language, currency))
    return charts.area(labels, values, _("ARR au fil du temps"), frame=frame)


def _month(day: date, language: str) -> str:
    return f"{formats.month_short(day, language)} {day:%y}"
