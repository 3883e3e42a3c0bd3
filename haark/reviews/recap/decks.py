"""The deck that goes along with a recap: what is wanted of it, what is drawn already, what its files are called."""

import re
from dataclasses import dataclass

from haark.mail import domain as mail
from haark.reviews import domain as reviews
from haark.reviews import outputs, titles
from haark.reviews import queries as review_queries
from haark.reviews.assembly import fingerprint
from haark.reviews.models import Rendering
from haark.reviews.outputs import CLIENT, MEDIA
from haark.reviews.recap.story import Story


@dataclass(frozen=True)
class Deck:
    """The files that go along: those that are drawn, by format, and the formats that are not yet. `content` names what
    they show; '' where the review has no deck."""

    files: dict[str, Rendering]
    missing: tuple[str, ...]
    content: str = ""


def deck_of(story: Story) -> Deck:
    """What is wanted of the present deck, in the client's edition (DK-8)."""
    recap = story.recap
    wanted = [form for form, on in (("pdf", recap.with_pdf), ("pptx", recap.with_pptx)) if on]
    book = reviews.compose(story.review) if wanted else None
    if book is None:
        return Deck({}, ())
    content = fingerprint(CLIENT.of(book.deck))
    made = review_queries.renderings(story.review.id, content)
    return Deck(
        {form: made[form] for form in wanted if form in made},
        tuple(form for form in wanted if form not in made),
        content,
    )


def part(story: Story, row: Rendering) -> mail.Part:
    return mail.Part(file_name(story, row.format), MEDIA[row.format], row.file_id)


def file_name(story: Story, form: str) -> str:
    """`QBR-Q4-2026-Groupe-Valmorin.pdf`: what the client sees in their folder, in the language of the deck."""
    review = story.review
    title = titles.title_of(review.kind, review.period, review.language)
    plain = outputs.fold_case(f"{title} {story.client}")
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in plain)
    return f"{re.sub('-+', '-', kept).strip('-')[:80] or 'deck'}.{form}"
