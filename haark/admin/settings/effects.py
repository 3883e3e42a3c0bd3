"""What a section's page shows of the effect of its settings, as typed in the form and before they are applied."""

from contextlib import suppress
from typing import Any

from haark import clock, formats, locale
from haark.actions import reminding
from haark.admin.settings import queries, thresholds
from haark.admin.settings.forms import WHITE, BrandForm, HealthForm, figure_of
from haark.admin.settings.policy import ROWS, ReviewsForm
from haark.admin.settings.ranking import RankingForm
from haark.admin.settings.reminders import ActionsForm
from haark.cadence.coverage import concerned
from haark.cadence.policy import Policy
from haark.charts import stacked
from haark.decks import logos
from haark.decks.theme import theme
from haark.files import images
from haark.health.effect import effect
from haark.health.rules import COMPONENTS
from haark.ranking import domain as ranking
from haark.ranking import queries as ranking_queries
from haark.ranking import wording
from haark.ranking.rules import MEASURES, TIERS
from haark.reviews.domain import brand
from haark.settings import domain as settings

SHOWN = 6


def of(form: Any, *, valid: bool) -> dict[str, Any]:
    """The context of the section's effect; where the form is not `valid`, what stands without it."""
    if isinstance(form, HealthForm):
        return _health(form, valid)
    if isinstance(form, RankingForm):
        return _ranking(form, valid)
    if isinstance(form, ReviewsForm):
        return _reviews(form, valid)
    if isinstance(form, ActionsForm):
        typed = (form.remind_days.data or 0, form.escalation_days.data or 0)
        return {"reached": reminding.effect(clock.today(locale.timezone()), *typed) if valid else None}
    if isinstance(form, BrandForm):
        return _brand(form, valid)
    if isinstance(form, thresholds.SignalsForm):
        on = clock.today(locale.timezone())
        return {"counts": queries.live_signals(on), "at_risk": queries.at_risk(), "thresholds": thresholds}
    return {}


def _health(form: HealthForm, valid: bool) -> dict[str, Any]:
    saved = settings.get("health.weights")
    found = effect(queries.standings(), form.weights) if valid else None
    return {
        "components": COMPONENTS,
        "saved": saved,
        "effect": found,
        "shown": SHOWN,
        "shares": _shares(form),
        "stacked": stacked,
        "currency": settings.get("organisation.currency"),
    }


def _shares(form: HealthForm) -> str:
    """The weights in percent of their sum, as they count."""
    if not form.total:
        return ""
    return ", ".join(formats.percent(weight / form.total, locale.current()) for weight in form.weights.values())


def _ranking(form: RankingForm, valid: bool) -> dict[str, Any]:
    """Everybody is ranked again only when somebody asks: a form that was sent, not the page as it opens."""
    asked = bool(form.years.raw_data)
    on = clock.today(locale.timezone())
    found = ranking.effect(form.weights, form.shares, on=on) if asked and valid else None
    if not asked:
        found = ranking.Effect(ranking_queries.counts(), {}, [])
    return {
        "measures": MEASURES,
        "hints": wording.HINTS,
        "saved": settings.get("ranking.weights"),
        "tiers": TIERS,
        "effect": found,
        "asked": asked,
        "shown": SHOWN,
    }


def _reviews(form: ReviewsForm, valid: bool) -> dict[str, Any]:
    accounts = queries.by_arr()
    counts = concerned(Policy.read(form.rows), accounts) if valid else None
    return {
        "rows": ROWS,
        "counts": counts,
        "accounts": sum(number for _arr, number in accounts),
        "currency": settings.get("organisation.currency"),
    }


def _brand(form: BrandForm, valid: bool) -> dict[str, Any]:
    """Measured contrasts of what is typed, and the colours of a cover; the saved ones while something is wrong."""
    primary = form.primary.data or ""
    measured = {
        "primary": figure_of(primary, WHITE),
        "secondary": figure_of(form.secondary.data or "", WHITE),
        "tint": figure_of(primary, form.tint.data or ""),
    }
    typed = brand()
    if valid:
        typed = type(typed)(primary, form.secondary.data or "", form.tint.data or "")
    colors, logo = theme(typed), queries.logo()
    return {
        "measured": measured,
        "colors": colors,
        "name": settings.get("organisation.name"),
        "logo": logo,
        "plate": _plate(logo, colors.brand),
    }


def _plate(logo: str, ground: str) -> str:
    """The colour below the logo on that cover, '' where it needs none."""
    with suppress(OSError, ValueError):
        return logos.plate(images.read(logo), ground) if logo else ""
    return ""
