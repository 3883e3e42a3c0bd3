"""What the lines of a day say: title, why with its figure, until when, and the one thing to do about it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, pgettext

from haark import clock, formats, locale
from haark.cadence import wording as cadence
from haark.navigation import exists
from haark.reviews import titles
from haark.settings import queries as settings
from haark.signals import rules as signal_rules
from haark.signals import sentences
from haark.today import rules
from haark.today.queries import Day
from haark.today.rules import Line
from haark.today.sources import Scope

GROUPS = {"late": _l("En retard"), "today": _l("Aujourd’hui"), "week": _l("Cette semaine")}
DRAWINGS = {
    "action": "list-todo",
    "recap": "send",
    "review": "presentation",
    "plan": "presentation",
    "renewal": "scale",
    "alert": "activity",
    "proposal": "git-compare",
    "comment": "message-square-quote",
}
# A usage or a health that fell this far is what a line says first.
USAGE_FELL, HEALTH_FELL = -0.2, -10


@dataclass(frozen=True, slots=True)
class Chip:
    """Until when: `tone` as tags have it."""

    text: str
    tone: str = ""
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A line as the page shows it. `label` and `url`: the one main action."""

    line: Line
    title: str
    why: str
    chip: Chip
    drawing: str
    label: str
    label_drawing: str
    url: str


def tell(line: Line, scope: Scope) -> Told:
    """The words of a line on the scope's day, in the reader's language."""
    title, why, label, drawing, url = _TOLD[line.kind](line, scope)
    return Told(line, title, why, chip(line, scope), DRAWINGS[line.kind], label, drawing, url)


def chip(line: Line, scope: Scope) -> Chip:
    """«2 j de retard», «avant 16:00», «ven. 13»; for what is at once, since when it waits."""
    group = rules.group_of(line, scope.on, scope.at)
    days = rules.late_days(line, scope.on)
    if group == "late":
        if days:
            return Chip(ngettext("%(num)s j de retard", "%(num)s j de retard", days), "bad", "clock-alert")
        hours = int((scope.at - line.at).total_seconds() // 3600) if line.at else 0
        late = ngettext("%(num)s h de retard", "%(num)s h de retard", hours) if hours else _("en retard")
        return Chip(late, "bad", "clock-alert")
    if line.kind == "recap" and line.at is not None:
        return Chip(before(line.at, scope), "warn" if group == "today" else "")
    if group == "today":
        if line.at is not None:
            return Chip(formats.hour(line.at, locale.current(), scope.zone), "acc")
        since = line.facts.get("since")
        waits = (scope.on - since).days if since else 0
        if waits > 0:
            return Chip(ngettext("depuis %(num)s j", "depuis %(num)s j", waits), "warn")
        return Chip(_("nouveau") if line.kind in ("alert", "proposal", "comment") else _("aujourd’hui"), "acc")
    return Chip(weekday(line.day or scope.on, scope.on))


def before(at: datetime, scope: Scope) -> str:
    """«avant 16:00», «avant ven. 13, 16:00»."""
    hour = formats.hour(at, locale.current(), scope.zone)
    day = clock.day_of(at, scope.zone)
    if day == scope.on:
        return str(_("avant %(hour)s", hour=hour))
    return str(_("avant %(day)s, %(hour)s", day=weekday(day, scope.on), hour=hour))


def date_of(day: date) -> str:
    """«jeudi 12 novembre», of the head."""
    return format_date(day, "EEEE d MMMM", locale=formats.LOCALES[locale.current()])


def weekday(day: date, on: date) -> str:
    """«ven. 13» within a fortnight, «28 nov.» beyond."""
    if abs((day - on).days) > 13:
        return formats.day_short(day, locale.current())
    return format_date(day, "EEE d", locale=formats.LOCALES[locale.current()])


def left(line: Line, scope: Scope) -> str:
    """Hours that a recap has left, «7 h», «8 h 30»; '' once it is late."""
    minutes = int((line.at - scope.at).total_seconds() // 60) if line.at else 0
    if minutes <= 0:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(ngettext("%(num)s min", "%(num)s min", rest))
    # To the half hour: a minute less says nothing.
    return str(_("%(hours)s h 30", hours=hours) if rest >= 30 else _("%(hours)s h", hours=hours))


def greeting(day: Day) -> str:
    """«3 actions en retard, 4 pour aujourd’hui et un récap à envoyer avant 16:00.»"""
    late, today, week = (day.count(name) for name in rules.GROUPS)
    parts = []
    if late:
        parts.append(ngettext("%(num)s action en retard", "%(num)s actions en retard", late))
    if today:
        parts.append(
            ngettext("%(num)s pour aujourd’hui", "%(num)s pour aujourd’hui", today)
            if late
            else ngettext("%(num)s action pour aujourd’hui", "%(num)s actions pour aujourd’hui", today)
        )
    if not parts and week:
        parts.append(
            ngettext(
                "Rien d’urgent, %(num)s action pour cette semaine",
                "Rien d’urgent, %(num)s actions pour cette semaine",
                week,
            )
        )
    pressing = [line for line in day.recaps if line.at is not None and line.at > day.scope.at]
    if pressing and pressing[0].at is not None:
        when = before(pressing[0].at, day.scope)
        parts.append(
            _("un récap à envoyer %(when)s", when=when)
            if len(pressing) == 1
            else ngettext(
                "%(num)s récaps à envoyer, le premier %(when)s",
                "%(num)s récaps à envoyer, le premier %(when)s",
                len(pressing),
                when=when,
            )
        )
    return f"{format_list([str(part) for part in parts], locale=formats.LOCALES[locale.current()])}." if parts else ""


def held(line: Line, scope: Scope) -> str:
    """«QBR tenu hier à 16:00»."""
    one = line.facts["review"]
    day, name = clock.day_of(one.ended_at, scope.zone), str(cadence.KINDS[one.kind])
    hour = formats.hour(one.ended_at, locale.current(), scope.zone)
    days = (scope.on - day).days
    if days == 0:
        return str(_("%(kind)s tenu aujourd’hui à %(hour)s", kind=name, hour=hour))
    if days == 1:
        return str(_("%(kind)s tenu hier à %(hour)s", kind=name, hour=hour))
    return str(_("%(kind)s tenu le %(day)s", kind=name, day=formats.day_short(day, locale.current())))


def figure(card: Any, on: date) -> str:
    """What there is to know of an account in a few words: a fall, a renewal at hand, else what it pays."""
    parts = []
    if card.usage_change is not None and card.usage_change <= USAGE_FELL:
        parts.append(_("usage %(change)s", change=sentences.percent(card.usage_change, sign=True)))
    if card.health_score is not None and (
        parts or (card.health_change or 0) <= HEALTH_FELL or card.health_band == "red"
    ):
        parts.append(_health(card))
    days = (card.renewal_date - on).days if card.renewal_date else None
    if not parts and days is not None and 0 <= days <= rules.RENEWAL_DAYS:
        parts.append(ngettext("renouvellement dans %(num)s j", "renouvellement dans %(num)s j", days))
    return ", ".join(str(part) for part in parts) or (
        _("ARR %(money)s", money=money(card.arr_cents)) if card.arr_cents else ""
    )


def money(cents: int | None) -> str:
    return formats.money(cents, locale.current(), str(settings.get("organisation.currency")))


def _health(card: Any) -> str:
    if not card.health_change:
        return str(_("santé %(score)s", score=card.health_score))
    change = formats.signed(card.health_change, locale.current())
    return str(_("santé %(score)s (%(change)s)", score=card.health_score, change=change))


Words = tuple[str, str, str, str, str]


def _action(line: Line, scope: Scope) -> Words:
    card = line.facts["card"]
    sources = {
        "review": _("promis en revue"),
        "advice": _("recommandation acceptée"),
        "checkin": _("point à mi-période"),
        "sharing": _("demandé par le client"),
    }
    why = figure(card, scope.on)
    source = sources.get(card.source_kind, "")
    label, drawing = pgettext("action", "Ouvrir"), "arrow-right"
    shown = "actions.panel.show" if exists("actions.panel.show") else "actions.edit"
    url = url_for(shown, action_id=line.ident)
    return card.title, ", ".join(part for part in (source, why) if part), label, drawing, url


def _recap(line: Line, scope: Scope) -> Words:
    one, number = line.facts["review"], line.facts["captures"]
    title = _("Envoyer le récap : %(review)s", review=titles.title_of(one.kind, one.period, locale.current()))
    said = ngettext("%(num)s décision ou action notée", "%(num)s décisions et actions notées", number)
    why = ", ".join([held(line, scope), *([said] if number else [])])
    return title, why, _("Relire et envoyer"), "mail-check", recap_url(line.ident)


def recap_url(review_id: int) -> str:
    """The page of a recap; the meeting's, where there is none yet."""
    return url_for("recap.show" if exists("recap.show") else "meeting.show", review_id=review_id)


def _review(line: Line, scope: Scope) -> Words:
    card, step, ident = line.facts["card"], line.facts["step"], line.ident
    name = titles.title_of(card.kind, card.period, locale.current())
    when = formats.day_short(card.due_on, locale.current())
    why = _("à tenir le %(day)s, préparation à finir une semaine avant", day=when)
    if step == "generate":
        return _("Préparer : %(review)s", review=name), why, _("Générer le deck"), "sparkles", _page(ident)
    if step == "invite":
        url = url_for("inviting.plan", review_id=ident)
        return _("Convenir de la date : %(review)s", review=name), why, _("Proposer des dates"), "calendar-plus", url
    if step == "prepare":
        url = url_for("checklist.show", review_id=ident)
        return _("Finir la préparation : %(review)s", review=name), why, _("Voir la checklist"), "list-checks", url
    if step == "hold":
        hour = formats.hour(card.starts_at, locale.current(), scope.zone) if card.starts_at else ""
        told = _("le %(day)s à %(hour)s", day=when, hour=hour) if hour else _("le %(day)s", day=when)
        return _("Tenir : %(review)s", review=name), told, _("Ouvrir le deck"), "presentation", _page(ident)
    url = url_for("cadence.outcome", review_id=ident, next=_here(scope))
    told = _("prévu le %(day)s, sans suite notée", day=when)
    return _("Dire ce qui s’est passé : %(review)s", review=name), told, _("Répondre"), "reply", url


def _page(review_id: int) -> str:
    return url_for("reviews.show", review_id=review_id)


def _plan(line: Line, scope: Scope) -> Words:
    card, why = line.facts["card"], line.facts["why"]
    kind = str(cadence.KINDS[card.kind])
    told = cadence.why(why, scope.on) if why else figure(card, scope.on)
    url = url_for("cadence.show", account_id=line.account_id, next=_here(scope))
    return _("Planifier : %(kind)s", kind=kind), told, _("Planifier"), "calendar-plus", url


def _renewal(line: Line, scope: Scope) -> Words:
    card = line.facts["card"]
    day = formats.day_short(card.renewal_date, locale.current())
    parts = (
        [money(card.arr_cents), _("échéance le %(day)s", day=day)]
        if card.arr_cents
        else [_("échéance le %(day)s", day=day)]
    )
    if card.health_score is not None:
        parts.append(_health(card))
    if card.churn is not None:
        parts.append(_("churn %(share)s", share=sentences.percent(card.churn)))
    url = url_for("dossier.show", account_id=line.account_id)
    return (
        _("Sécuriser le renouvellement"),
        ", ".join(str(part) for part in parts),
        _("Voir le compte"),
        "shield-alert",
        url,
    )


def _alert(line: Line, scope: Scope) -> Words:
    card, signals = line.facts["card"], line.facts["signals"]
    url = url_for("dossier.show", account_id=line.account_id)
    stake = _("%(money)s en jeu", money=money(card.arr_cents)) if card.arr_cents else ""
    if not signals:
        why = ", ".join(part for part in (_health(card), stake) if part)
        return _("Compte dans le rouge : agir maintenant"), why, _("Voir le compte"), "arrow-right", url
    told = sentences.line(signal_rules.gravest(signals, 2))
    if len(signals) == 1:
        url = url_for("signals.show", signal_id=signals[0].id)
    gain = all(one.side == "opportunity" for one in signals)
    head = (
        _("À saisir : %(signals)s", signals=_small(told)) if gain else _("Réagir : %(signals)s", signals=_small(told))
    )
    why = figure(card, scope.on) if gain else ", ".join(part for part in (_health_of(card), stake) if part)
    return head, why, _("Voir le signal") if len(signals) == 1 else _("Voir le compte"), "arrow-right", url


def _health_of(card: Any) -> str:
    return _health(card) if card.health_score is not None else ""


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _proposal(line: Line, scope: Scope) -> Words:
    card = line.facts["card"]
    title = ngettext("Examiner une proposition du client", "Examiner %(num)s propositions du client", card.number)
    return title, card.author, _("Examiner"), "git-compare", plan_url(line.account_id)


def _comment(line: Line, scope: Scope) -> Words:
    card = line.facts["card"]
    return (
        _("Répondre à %(name)s", name=card.author),
        sentences.shorten(card.text),
        _("Répondre"),
        "reply",
        plan_url(line.account_id),
    )


def plan_url(account_id: int) -> str:
    """The plan of an account, on the account's page."""
    return f"/accounts/{account_id}/plan"


def _here(scope: Scope) -> str:
    return url_for("today.index", scope="team" if scope.team else None)


_TOLD = {
    "action": _action,
    "recap": _recap,
    "review": _review,
    "plan": _plan,
    "renewal": _renewal,
    "alert": _alert,
    "proposal": _proposal,
    "comment": _comment,
}
