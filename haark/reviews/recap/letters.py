"""What a recap says to one person, in their language: subject, text and HTML, exactly as they are sent (AX-1)."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from haark import formats
from haark.formats import LANGUAGES
from haark.people.models import User
from haark.reviews import titles
from haark.reviews.inviting import wording as inviting
from haark.reviews.recap import texts
from haark.reviews.recap.people import Person
from haark.reviews.recap.queries import Act
from haark.reviews.recap.story import Story
from haark.reviews.recap.texts import Text
from haark.reviews.wording import Words
from haark.settings import queries as settings

SCORES = range(11)


@dataclass(frozen=True)
class Letter:
    """A mail as it will be sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Enclosed:
    """What goes along with a letter. `plan` and `survey`: addresses of the person's own, '' where there is none;
    in a preview and in a trial the place is shown, and leads nowhere (`shown`)."""

    deck: bool = False
    invite: bool = False
    plan: str = ""
    survey: str = ""
    shown: bool = False


def letter(story: Story, person: Person, sender: User, enclosed: Enclosed, language: str = "") -> Letter:
    """A mail to one person, in their language or the one asked for."""
    language = language or person.language
    language = language if language in LANGUAGES else "fr"
    text = texts.of(story, language)
    with force_locale(language):
        told = contents(story, person, sender, enclosed, text)
        plain = render_template("emails/recap.txt", **told)
        html = render_template("emails/recap.html", **told)
    return Letter(text.subject, plain, html)


def contents(story: Story, person: Person, sender: User, enclosed: Enclosed, text: Text) -> dict[str, Any]:
    """What the templates need; wording is in the language in force, which is that of `text`."""
    language, review = text.language, story.review
    theirs = not person.ours and person.user_id is None
    recap = story.recap
    return {
        "subject": text.subject,
        "title": titles.title_of(review.kind, review.period, language),
        "kind": Words(language)(f"kind.{review.kind}"),
        "client": story.client,
        "organisation": story.vendor or "Haark",
        "color": settings.get("brand.primary"),
        "tint": settings.get("brand.tint"),
        "who": person.first_name,
        "email": person.email,
        "opening": text.missed if person.absent else text.opening,
        "points": text.told,
        "decisions": [one.text for one in story.decisions],
        "actions": [_action(story, act, language) for act in story.actions],
        "coming": coming(story, language),
        "coming_kind": Words(language)(f"kind.{story.coming.kind}") if story.coming else "",
        "place": story.coming.place if story.coming else "",
        "deck": enclosed.deck,
        "invite": enclosed.invite,
        "plan": enclosed.plan,
        "with_plan": theirs and recap.plan_link and story.has_plan and bool(enclosed.plan or enclosed.shown),
        "survey": enclosed.survey,
        "with_survey": theirs and recap.survey and bool(enclosed.survey or enclosed.shown),
        "scores": SCORES,
        "sender": sender,
        "signed": ", ".join(part for part in (sender.title, story.vendor) if part),
    }


def _action(story: Story, act: Act, language: str) -> dict[str, str]:
    side = story.client if act.side == "theirs" else story.vendor if act.side == "ours" else ""
    owner = ", ".join(part for part in (act.owner, side) if part)
    due = formats.day(act.due_on, language) if act.due_on else str(_("à fixer"))
    return {"title": act.title, "owner": owner or str(_("à désigner")), "due": due}


def coming(story: Story, language: str) -> str:
    """When the next review is, as far as it is planned: «Jeudi 25 février 2027, 10:00 à 10:50 (Paris)»; '' else."""
    review = story.coming
    if review is None or review.due_on is None:
        return ""
    if review.starts_at is not None:
        return inviting.when(review.starts_at, story.coming_minutes, review.zone or story.zone, language)
    day = formats.day_long(review.due_on, language)
    return day[:1].upper() + day[1:]
