"""What the client's people say: comments of promoters, in their own words."""

from haark.decks.outline import Quote, Quotes
from haark.reviews import rules
from haark.reviews.content.context import Composer, Draft

OWN = "own"


def stories(make: Composer) -> Draft:
    """Slide 6. Only what somebody wrote, or what a person of ours adds; nothing is made up."""
    found = rules.quotable(make.facts["surveys"]["comments"])
    quotes = [_quote(make, index, item) for index, item in enumerate(found)]
    own = make.text(f"quote.{OWN}", "", kind="text").strip()
    who = make.text(f"who.{OWN}", "")
    if own:
        quotes.append(Quote(make.say("quoted", text=own), who))
    shown = tuple(quote for quote in quotes if quote.text.strip())
    if not shown:
        make.gap("stories")
    named = [quote.who for quote in shown if quote.who]
    key = "stories.headline.none" if not shown else "stories.headline" if named else "stories.headline.unnamed"
    headline = make.say(key, len(shown), client=make.client, period=make.period(), who=named[0] if named else "")
    blocks = [Quotes(shown)] if shown else []
    return make.draft(headline, blocks, sources=["surveys"] if found else [], note=make.say("stories.notes"))


def _quote(make: Composer, index: int, item: object) -> Quote:
    comment: dict[str, str] = item  # type: ignore[assignment]  # a JSON object of the facts
    person = next((p for p in make.facts["contacts"] if p["email"] and p["email"] == comment["email"]), None)
    # The date and who wrote it make a name that the same comment keeps when newer ones arrive.
    name = f"{comment['date']}.{index}" if not comment["email"] else f"{comment['date']}.{comment['email'][:40]}"
    text = make.text(f"quote.{name}", comment["comment"], of=make.day(comment["date"]), kind="text")
    who = make.text(f"who.{name}", person["name"] if person else "", of=make.day(comment["date"]))
    role = make.say(f"role.{person['role']}") if person and person["role"] != "other" else ""
    role = make.say("quote.role", role=role, client=make.client) if role else make.client
    return Quote(make.say("quoted", text=text.strip()) if text.strip() else "", who, role)
