"""What is missing in a recap or worth a look before it leaves, each with the way to mend it. Nothing is forbidden."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from haark import formats, locale
from haark.comments import inside as words
from haark.reviews.meeting import wording as meeting
from haark.reviews.recap import texts
from haark.reviews.recap.decks import Deck
from haark.reviews.recap.people import Person
from haark.reviews.recap.story import TOLD_PARTS, Story
from haark.reviews.recap.wording import LANGUAGES
from haark.reviews.wording import Words


@dataclass(frozen=True)
class Item:
    """A line of «Avant l'envoi». `level`: bad (missing), warn (to verify) or ok; `href` with `label` leads to where it
    is mended; with `fields` that is a form to send."""

    level: str
    title: str
    detail: str = ""
    href: str = ""
    label: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


ORDER = {"bad": 0, "warn": 1, "ok": 2}


def items(story: Story, deck: Deck, language: str) -> list[Item]:
    """Everything, what is missing first. `language`: the one that is being written."""
    found = [
        *_people(story),
        *_actions(story),
        *_parts(story, language),
        *_languages(story, language),
        *_points(story, language),
        *_coming(story),
        *_deck(story, deck),
        *_internal(story),
    ]
    return sorted(found, key=lambda one: ORDER[one.level])


def _here(story: Story, anchor: str, language: str = "") -> str:
    return url_for("recap.show", review_id=story.review.id, lang=language or None, _anchor=anchor)


def _people(story: Story) -> Iterator[Item]:
    roster = story.roster
    if not roster.chosen:
        yield Item(
            "bad", _("Aucun destinataire"), _("choisissez au moins une personne"), _here(story, "people"), _("Choisir")
        )
    for name in roster.unreached[:3]:
        yield Item(
            "warn",
            _("%(name)s sans adresse", name=name),
            _("le récap ne peut pas lui parvenir"),
            url_for("inviting.plan", review_id=story.review.id, _anchor="people"),
            _("Compléter"),
        )
    for person in roster.absent[:4]:
        yield _absent(story, person)


def _absent(story: Story, person: Person) -> Item:
    to = url_for("recap.choose", review_id=story.review.id)
    told = {"email": person.email, "chosen": "1"}
    return Item("warn", _("Absence de %(name)s", name=person.name), _("l’ajouter en copie ?"), to, _("Ajouter"), told)


def _actions(story: Story) -> Iterator[Item]:
    for act in story.actions:
        here = _here(story, f"act-{act.id}")
        if act.due_on is None:
            who = _("%(name)s n’a pas donné de date", name=act.owner) if act.owner else _("personne n’en répond encore")
            yield Item("bad", _("Échéance à fixer"), f"{_cut(act.title)} : {who}", here, _("Fixer"))
        elif not act.owner:
            yield Item("warn", _("Responsable à désigner"), _cut(act.title), here, _("Désigner"))
    if story.actions and all(act.due_on and act.owner for act in story.actions):
        count = len(story.actions)
        yield Item(
            "ok",
            ngettext("%(num)s action, datée et confiée", "%(num)s actions, datées et confiées", count),
            _("reprises de la réunion"),
        )
    if not story.actions:
        yield Item(
            "warn", _("Aucune action"), _("rien n’a été promis ?"), _here(story, "actions"), _("Ajouter une action")
        )


def _parts(story: Story, language: str) -> Iterator[Item]:
    """Parts of the meeting of which the mail would say nothing, until a person wrote the points."""
    if "points" in texts.of(story, language).own:
        return
    empty = [part for part in TOLD_PARTS if not story.notes[part].strip()]
    told = {1: bool(story.objectives), 2: bool(story.claims)}
    empty = [part for part in empty if not told.get(part)]
    here = _here(story, "points", language)
    if len(empty) == 1:
        title = _("Note de la partie %(number)s vide", number=empty[0] + 1)
        yield Item("bad", title, _("rien ne sera dit : %(part)s", part=meeting.TITLES[empty[0]]), here, _("Compléter"))
    elif empty:
        numbers = ", ".join(str(part + 1) for part in empty)
        title = _("Notes des parties %(numbers)s vides", numbers=numbers)
        yield Item("bad", title, _("rien n’en sera dit au client"), here, _("Compléter"))


def _languages(story: Story, language: str) -> Iterator[Item]:
    """Who would get composed words while others get written ones."""
    written = texts.written_in(story)
    if not written:
        return
    for code in sorted({one.language for one in story.roster.chosen} - written):
        names = [one.name for one in story.roster.chosen if one.language == code]
        yield Item(
            "warn",
            _("Rien d’écrit en %(language)s", language=LANGUAGES[code][1]),
            _("%(names)s recevra le texte de Haark, notes telles quelles", names=_listed(names)),
            _here(story, "message", code),
            _("Écrire"),
        )


def _points(story: Story, language: str) -> Iterator[Item]:
    points, decided = len(texts.of(story, language).told), len(story.decisions)
    told = ngettext("%(num)s point clé", "%(num)s points clés", points)
    taken = ngettext("%(num)s décision", "%(num)s décisions", decided) if decided else _("aucune décision notée")
    if points:
        own = "points" in texts.of(story, language).own
        yield Item("ok", f"{told}, {taken}", _("de votre main") if own else _("repris de la réunion"))
    else:
        yield Item("bad", _("Aucun point clé"), taken, _here(story, "points", language), _("Ajouter"))


def _coming(story: Story) -> Iterator[Item]:
    review = story.coming
    if review is None or review.due_on is None:
        yield Item(
            "bad",
            _("Prochaine revue sans date"),
            _("le récap n’annoncera aucun rendez-vous"),
            url_for("cadence.show", account_id=story.review.account_id, next=_here(story, "next")),
            _("Fixer"),
        )
        return
    kind = Words(locale.current())(f"kind.{review.kind}")
    day = formats.day(review.due_on, locale.current())
    if review.starts_at is None:
        to = url_for("inviting.plan", review_id=review.id)
        yield Item("warn", _("Prochain %(kind)s sans heure", kind=kind), day, to, _("Choisir"))
    else:
        yield Item("ok", _("Prochain %(kind)s fixé", kind=kind), day)


def _deck(story: Story, deck: Deck) -> Iterator[Item]:
    recap = story.recap
    if (recap.with_pdf or recap.with_pptx) and not deck.content:
        to = url_for("reviews.show", review_id=story.review.id)
        yield Item("warn", _("Pas de deck à joindre"), _("la revue n’en a pas"), to, _("Préparer"))


def _internal(story: Story) -> Iterator[Item]:
    """Words that are ours alone, in whatever would be read by the client."""
    hit = found_internal(story)
    if hit is None:
        yield Item("ok", _("Aucun mot interne"), _("santé, churn, marge : rien trouvé"))
        return
    anchor, language, word, sentence = hit
    title = _("Mot interne : « %(word)s »", word=word)
    yield Item("bad", title, sentence, _here(story, anchor, language), _("Corriger"))


def found_internal(story: Story) -> tuple[str, str, str, str] | None:
    """The first internal word: where it stands (an anchor), the language, the word, its sentence."""
    for language in dict.fromkeys([*(one.language for one in story.roster.chosen), story.review.language]):
        said = texts.of(story, language)
        told = [("subject", said.subject), ("opening", said.opening)]
        told += [(f"point-{number}", point) for number, point in enumerate(said.points)]
        told += [(f"act-{act.id}", act.title) for act in story.actions]
        told += [("decisions", one.text) for one in story.decisions]
        for anchor, text in told:
            hit = words.found(text.replace(story.client, ""), "internal", language)
            if hit:
                return anchor, language, hit[0], hit[1]
    return None


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
