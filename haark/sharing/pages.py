"""The shared page as a whole, the same for the client and for «as the client sees it»."""

import base64
import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from PIL import Image

from haark import clock, formats
from haark.accounts.models import Account, Contact
from haark.cadence.models import Review
from haark.comments.queries import Said
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.plans import versions
from haark.plans.models import Plan, ShareLink
from haark.reviews import queries as reviews
from haark.reviews import titles
from haark.reviews.inviting import wording as invite_words
from haark.reviews.inviting.letters import Occasion, Programme
from haark.settings import queries as settings
from haark.sharing import exchanges, queries
from haark.sharing.exchanges import Answered, Claim, Coming, Published
from haark.sharing.queries import Goal, Mate, Promise, Risk, Term

LOGO = (160, 80)  # twice what the page shows, for sharp screens


@dataclass
class SharedPlan:
    """Everything that one contact reads of their account's plan on a day, gathered when the page asks for it."""

    account: Account
    contact: Contact
    link: ShareLink | None
    on: date
    zone: str
    language: str

    def __post_init__(self) -> None:
        self.plan_id, self.title, self.vision = queries.plan_of(self.account.id)
        self.vendor = str(settings.get("organisation.name"))

    @property
    def base(self) -> str:
        """The address that its forms begin with."""
        return f"/s/p/{self.link.id if self.link else 0}"

    @property
    def expires_on(self) -> date:
        return self.link.expires_on if self.link else self.on

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        return queries.goals(self.account.id, self.on)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return queries.terms(self.account.id, self.on, int(settings.get("fiscal_year_start")))

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        return queries.promises(self.account.id, self.contact.id, self.on, self.zone)

    @cached_property
    def team(self) -> tuple[Mate, ...]:
        return queries.team(self.account.id, self.account.owner_id)

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        return queries.risks(self.account.id)

    @cached_property
    def said(self) -> list[Said]:
        return exchanges.said(self.account.id)

    @cached_property
    def titles(self) -> dict[tuple[str, int], str]:
        """What can be spoken of, by kind and id."""
        named = {("objective", goal.id): goal.aim.title for goal in self.goals}
        return named | {("milestone", step.id): step.title for term in self.terms for step in term.steps}

    @cached_property
    def proposals(self) -> list[Answered]:
        return exchanges.proposals(self.account.id, self.titles)

    @cached_property
    def published(self) -> Published | None:
        return exchanges.published(self.account.id, self.plan_id, self.contact.id)

    @cached_property
    def changed_since(self) -> bool:
        """Whether the plan above says something else than the version that is to be signed."""
        plan = db.session.get(Plan, self.plan_id) if self.plan_id else None
        return plan is not None and bool(versions.changes(plan))

    @cached_property
    def claims(self) -> list[Claim]:
        return exchanges.claims(self.account.id, self.contact.name)

    @cached_property
    def coming(self) -> "Agenda | None":
        found = exchanges.coming(self.account.id)
        return None if found is None else Agenda(found, self.account.name, self.vendor, self.language)

    @cached_property
    def updated_on(self) -> date | None:
        """The day of the last change, measure or publication that the reader can see."""
        measured = (goal.current_on for goal in self.goals)
        changed, published = queries.updated_at(self.account.id), self.published
        days = (self.day(changed), self.day(published.at if published else None), *measured)
        return max((day for day in days if day is not None), default=None)

    @cached_property
    def recap_on(self) -> date | None:
        return self.day(exchanges.last_recap(self.account.id))

    @cached_property
    def asked_on(self) -> date | None:
        """When the reader asked for a meeting that is not arranged yet."""
        return self.day(exchanges.asked_meeting(self.link.id if self.link else None))

    @cached_property
    def logos(self) -> tuple[str, str]:
        """Ours and theirs, as addresses that hold the picture itself; '' without one."""
        ours, theirs = reviews.logos(self.account.id)
        return _address(ours), _address(theirs)

    def day(self, at: datetime | None) -> date | None:
        return None if at is None else clock.day_of(at, self.zone)

    def told(self, at: datetime) -> str:
        """An instant where the organisation is, in the reader's language."""
        return formats.instant(at, self.language, self.zone)

    @property
    def csm(self) -> str:
        """Whom the client writes to."""
        owner = self.account.owner
        return owner.name if owner else self.vendor


class Agenda:
    """The draft agenda of the coming review, in the reader's language."""

    def __init__(self, coming: Coming, client: str, vendor: str, language: str) -> None:
        self.review: Review = coming.review
        self.said, self.language = coming.said, language
        self.title = titles.title_of(self.review.kind, self.review.period, language)

    @cached_property
    def _occasion(self) -> Occasion:
        return Occasion(self.review)

    @property
    def when(self) -> str:
        """«Jeudi 19 novembre 2026, 10:00 à 10:50 (Paris)»; '' while no hour is agreed."""
        at, held = self.review.starts_at, self._occasion
        return invite_words.when(at, held.minutes, held.zone, self.language) if at else ""

    @cached_property
    def programme(self) -> Programme:
        return self._occasion.programme(self.language)


def language_of(account: Account, contact: Contact) -> str:
    """The contact's language, else the account's, else ours."""
    wanted = (contact.language, account.language, str(settings.get("organisation.language")))
    return next((language for language in wanted if language in LANGUAGES), "fr")


def _address(content: bytes | None) -> str:
    return _small(content) if content else ""


@lru_cache(maxsize=64)
def _small(content: bytes) -> str:
    """The picture, small, as a data address: the page asks for nothing that would need a right of its own."""
    with Image.open(io.BytesIO(content)) as image:
        image.thumbnail(LOGO)
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
