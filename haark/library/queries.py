"""Reading both libraries: what fits an account on a day, one entry, who may change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select

from haark import clock
from haark.access import Owned, owned_by
from haark.accounts.models import Account
from haark.extensions import db
from haark.library import rules, wording
from haark.library.models import RoadmapItem, Story
from haark.library.rules import Profile, Reason
from haark.measures.models import Feature, Interaction, UsageFeature
from haark.signals.models import Signal

USED_DAYS = 90  # a feature is in use when the account touched it within so many days
NEED_DAYS = 180  # a need somebody noted counts for so long


@dataclass(frozen=True)
class Choice:
    """An entry offered for a slide. `kind` is story or roadmap; `data` is what the slide keeps of it, frozen."""

    kind: str
    id: int
    title: str
    text: str
    points: int
    reasons: tuple[Reason, ...]
    data: dict[str, Any]

    @property
    def because(self) -> str:
        """Why it fits, in the reader's language: «même secteur : Logistique · utilise Litiges»."""
        return " · ".join(wording.reason(why) for why in self.reasons)


@dataclass(frozen=True)
class Fitting:
    """What may be told to an account, the best first."""

    stories: tuple[Choice, ...]
    roadmap: tuple[Choice, ...]


def fitting(account_id: int, on: date) -> Fitting:
    """What of both libraries fits an account on a day, in the order of `rules`: six statements, however many entries.

    NoResultFound when there is no such account.
    """
    who = profile(account_id, on)
    return Fitting(_ranked("story", live(Story), who, on), _ranked("roadmap", live(RoadmapItem), who, on))


def story(ident: int) -> Story | None:
    """One story, None when it is missing or deleted."""
    found = db.session.get(Story, ident)
    return found if found is not None and found.deleted_at is None else None


def roadmap_item(ident: int) -> RoadmapItem | None:
    """One roadmap item, None when it is missing or deleted."""
    found = db.session.get(RoadmapItem, ident)
    return found if found is not None and found.deleted_at is None else None


def frozen_story(one: Story) -> dict[str, Any]:
    """The words of a story as a slide keeps them; names stay out unless the client lets itself be named."""
    named = one.permission == "named"
    return {
        "story_id": one.id,
        "title": one.title,
        "client": one.client if named else "",
        "result": one.result,
        "quote": one.quote,
        "speaker": one.speaker if named else "",
    }


def frozen_item(one: RoadmapItem) -> dict[str, Any]:
    """The words of a roadmap item as a slide keeps them."""
    return {
        "item_id": one.id,
        "title": one.title,
        "benefit": one.benefit,
        "stage": one.stage,
        "available_on": one.available_on.isoformat() if one.available_on else None,
    }


def tellable(kind: str, ident: int, account_id: int, on: date) -> Choice | None:
    """The entry as an account may be told it on that day, whether its tags fit or not; None when it may not.

    For the moment a slide is made, and again before it is shared: permissions end.
    """
    who = profile(account_id, on)
    one: Any = story(ident) if kind == "story" else roadmap_item(ident)
    if one is None or not _tellable(one, who, on):
        return None
    return _choice(kind, one, rules.rank(one, who) or rules.Rank(0, ()))


def profile(account_id: int, on: date) -> Profile:
    """What an account is known by on a day: four statements."""
    columns = (Account.id, Account.name, Account.sector, Account.language)
    head = db.session.execute(select(*columns).where(Account.id == account_id)).one()
    features = _features(account_id, on)
    return Profile(
        head.id,
        head.name,
        head.sector,
        head.language,
        used={row.key: row.name for row in features if row.used},
        unused={row.key: row.name for row in features if not row.used},
        needs=tuple(dict.fromkeys(tag for tags in _tags(account_id, on) for tag in tags or ())),
        lines=tuple(line for line in _lines(account_id) if line),
    )


def live(model: type[Any]) -> Sequence[Any]:
    """Every entry that was not deleted, the newest first. A library holds some hundreds; filters read them all."""
    rows = select(model).where(model.deleted_at.is_(None)).order_by(model.created_at.desc(), model.id.desc())
    return db.session.scalars(rows).all()


def feature_names() -> dict[str, str]:
    """The vendor's features, key -> name, by name. One statement."""
    return dict(db.session.execute(select(Feature.key, Feature.name).order_by(Feature.name, Feature.id)).all())


@owned_by("story")
def owner_of_story(ident: int) -> Owned | None:
    """Its author; managers and admins may change everything."""
    return _owned(Story, ident, removed=False)


@owned_by("removed_story")
def owner_of_removed_story(ident: int) -> Owned | None:
    """The same for a story that was deleted: only such a one can be brought back."""
    return _owned(Story, ident, removed=True)


@owned_by("roadmap_item")
def owner_of_item(ident: int) -> Owned | None:
    """Its author; managers and admins may change everything."""
    return _owned(RoadmapItem, ident, removed=False)


@owned_by("removed_roadmap_item")
def owner_of_removed_item(ident: int) -> Owned | None:
    """The same for an item that was deleted."""
    return _owned(RoadmapItem, ident, removed=True)


def _owned(model: type[Any], ident: int, *, removed: bool) -> Owned | None:
    columns = select(model.created_by_id, model.deleted_at).where(model.id == ident)
    row = db.session.execute(columns).one_or_none()
    if row is None:
        return None
    owners = frozenset({row.created_by_id} - {None})
    return Owned(owners, (row.deleted_at is None) == removed)


def _tellable(one: Any, who: Profile, on: date) -> bool:
    if isinstance(one, Story):
        return rules.tellable_story(one, who, on)
    return rules.tellable_item(one, one.public, on)


def _ranked(kind: str, entries: Sequence[Any], who: Profile, on: date) -> tuple[Choice, ...]:
    found = []
    for one in entries:
        place = rules.rank(one, who) if _tellable(one, who, on) else None
        if place is not None:
            key = rules.order(one.language, who, place.points, clock.day_of(one.created_at), one.id)
            found.append((key, _choice(kind, one, place)))
    return tuple(choice for _key, choice in sorted(found, key=lambda pair: pair[0]))


def _choice(kind: str, one: Any, place: rules.Rank) -> Choice:
    story_like = kind == "story"
    text = (one.result or one.quote) if story_like else one.benefit
    data = frozen_story(one) if story_like else frozen_item(one)
    return Choice(kind, one.id, one.title, text, place.points, place.reasons, data)


def _features(account_id: int, on: date) -> Sequence[Any]:
    """key, name, used: every feature, and whether the account touched it lately. One statement."""
    touched = or_(UsageFeature.active_users > 0, UsageFeature.events > 0, UsageFeature.logins > 0)
    mine = and_(
        UsageFeature.account_id == account_id,
        UsageFeature.feature_id == Feature.id,
        UsageFeature.day.between(on - timedelta(USED_DAYS - 1), on),
    )
    used = exists().where(mine, touched).label("used")
    return db.session.execute(select(Feature.key, Feature.name, used).order_by(Feature.name, Feature.id)).all()


def _tags(account_id: int, on: date) -> Sequence[list[str] | None]:
    since, until = clock.start_of(on - timedelta(NEED_DAYS - 1)), clock.start_of(on + timedelta(1))
    spoken = select(Interaction.tags).where(Interaction.account_id == account_id)
    spoken = spoken.where(Interaction.at >= since, Interaction.at < until)
    return db.session.scalars(spoken.order_by(Interaction.at.desc(), Interaction.id.desc())).all()


def _lines(account_id: int) -> list[str]:
    """What its live signals of a need or of a feature asked for say."""
    kinds = ("need_identified", "premium_unused")
    wanted = select(Signal.evidence).where(
        Signal.account_id == account_id,
        Signal.kind.in_(kinds),
        Signal.resolved_on.is_(None),
        Signal.state != "dismissed",
    )
    rows = db.session.scalars(wanted.order_by(Signal.id))
    return [str(evidence.get("text") or "") for evidence in rows]
