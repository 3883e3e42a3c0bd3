"""The words of a recap in a language: a person's where they wrote some, else composed from the meeting.

Composed words are in the language in force while they are made (`of` sees to that); notes of the meeting are quoted as
they were written.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, pgettext
from flask_babel import gettext as _

from haark import formats
from haark.cadence import rules as cadence
from haark.reviews import figures, titles
from haark.reviews.recap.story import Claim, Story
from haark.reviews.wording import Words

FIELDS = ("subject", "opening")
LONGEST = {"subject": 200, "opening": 2000, "point": 400}
MOST_POINTS = 20
COMPOSED = 10
BULLETS = "-–—•*· \t"


@dataclass(frozen=True)
class Text:
    """What is said in a language. `own`: which of subject, opening, points are a person's words.

    `missed`: the opening for those who were expected and not there.
    """

    language: str
    subject: str
    opening: str
    missed: str
    points: tuple[str, ...]
    own: frozenset[str]

    @property
    def told(self) -> tuple[str, ...]:
        """The points that say something."""
        return tuple(point for point in self.points if point.strip())

    def field(self, name: str) -> str | None:
        """A text by its name in a form: subject, opening, `point.2`; None where there is none such."""
        if name in FIELDS:
            return str(getattr(self, name))
        kind, _dot, number = name.partition(".")
        if kind == "point" and number.isdecimal() and len(number) < 4 and int(number) < len(self.points):
            return self.points[int(number)]
        return None


def of(story: Story, language: str) -> Text:
    """The words in a language."""
    kept: dict[str, Any] = (story.recap.texts or {}).get(language) or {}
    with force_locale(language):
        points = kept["points"] if "points" in kept else composed_points(story, language)
        return Text(
            language,
            subject=kept.get("subject") or subject(story, language),
            opening=kept.get("opening") or opening(story, language),
            missed=missed(story, language),
            points=tuple(points),
            own=frozenset(kept),
        )


def version_of(text: str) -> int:
    """What a form carries to tell whether the text still stands as it was read: a number of at most nine digits."""
    return zlib.crc32(text.encode()) % 999_999_937


def written_in(story: Story) -> frozenset[str]:
    """The languages in which a person wrote something."""
    return frozenset(language for language, kept in (story.recap.texts or {}).items() if kept)


def short_title(story: Story, language: str) -> str:
    """«QBR Q4», «EBR 2026», «MBR nov. 2026»: a quarter goes without its year."""
    review = story.review
    title = titles.title_of(review.kind, review.period, language)
    found = cadence.parse(review.period)
    if found.unit == "month":
        month = formats.month_short(found.start, language)
        return f"{Words(language)(f'kind.{review.kind}')} {month} {found.year}"
    return title.removesuffix(f" {found.year}") if found.unit == "quarter" else title


def subject(story: Story, language: str) -> str:
    """«Récap QBR Q4 - Groupe Valmorin × Sillage» (AX-1)."""
    who = f"{story.client} × {story.vendor}" if story.vendor else story.client
    return str(_("Récap %(what)s - %(who)s", what=short_title(story, language), who=who))


def opening(story: Story, language: str) -> str:
    """The thanks."""
    day = formats.day_long(story.held_on, language)
    return str(_("Merci pour le temps que vous nous avez accordé le %(day)s, et pour nos échanges.", day=day))


def missed(story: Story, language: str) -> str:
    """What stands in the place of thanks for those who were not there."""
    day = formats.day_long(story.held_on, language)
    return str(_("Vous n’avez pas pu être des nôtres le %(day)s : voici ce qui s’est dit et décidé.", day=day))


def composed_points(story: Story, language: str) -> list[str]:
    """At most ten: confirmed gains, objectives with their state, then what was noted, line by line."""
    told = [*_claims(story, language), *_objectives(story, language), *_noted(story)]
    return [point[: LONGEST["point"]] for point in dict.fromkeys(told)][:COMPOSED]


def _claims(story: Story, language: str) -> Iterator[str]:
    for one in story.claims:
        yield _claim(one, story.account.currency, language)


def _claim(one: Claim, currency: str, language: str) -> str:
    told = {"label": one.label, "who": one.confirmed_by, "day": formats.day(one.confirmed_on, language)}
    told["amount"] = formats.money(one.gain_cents, language, currency)
    if one.gain_cents is None and one.confirmed_by:
        return str(_("%(label)s, confirmé par %(who)s", **told))
    if one.gain_cents is None:
        return str(_("%(label)s, confirmé le %(day)s", **told))
    if one.confirmed_by:
        return str(_("%(label)s : %(amount)s par an, chiffre confirmé par %(who)s", **told))
    return str(_("%(label)s : %(amount)s par an, chiffre confirmé le %(day)s", **told))


def _objectives(story: Story, language: str) -> Iterator[str]:
    for row in story.objectives:
        unit = f"own:{row.aim.unit}"
        told = {
            "title": row.aim.title,
            "current": figures.show_value(row.aim.current, unit, language),
            "target": figures.show_value(row.aim.target, unit, language),
            "state": _state(row.standing),
        }
        if not told["state"]:
            yield str(_("%(title)s : %(current)s pour une cible de %(target)s", **told))
        else:
            yield str(_("%(title)s : %(current)s pour une cible de %(target)s, %(state)s", **told))


def _state(standing: str) -> str:
    """How an objective stands, as one says it to the client; '' where it cannot be judged."""
    words = {
        "reached": _("objectif atteint"),
        "on_pace": _("en bonne voie"),
        "behind": _("un peu en retard"),
        "at_risk": pgettext("objective", "en retard"),
        "missed": _("non atteint"),
    }
    return str(words.get(standing, ""))


def _noted(story: Story) -> Iterator[str]:
    for text in story.notes.values():
        for line in text.splitlines():
            if plain := " ".join(line.split()).strip(BULLETS):
                yield plain
