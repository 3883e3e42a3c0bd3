"""Where the lines of a day come from: one statement each, which the page reads and the side bar counts.

Judgements are not made here: an action is due by its own day, a review by cadence (rules of steps.py), a renewal is
secured by the recommendation's condition (SG-5), a signal is what signals keeps. Where SQL needs its own form of such a
rule, tests/today compare the two.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from haark import clock
from haark.accounts.models import Account, AccountCard
from haark.actions.models import ActionItem
from haark.actions.queries import OPEN
from haark.cadence.models import OPEN_STATES, NextReview, Review
from haark.cadence.steps import OPENS_DAYS
from haark.comments.models import Comment
from haark.extensions import UTCDateTime
from haark.notices.models import Notice
from haark.people.models import User
from haark.plans.models import Proposal
from haark.reviews.meeting.models import Meeting
from haark.reviews.recap.due import FORGOTTEN
from haark.reviews.recap.models import Recap
from haark.settings import queries as settings
from haark.signals import overview
from haark.signals.advice_rules import SECURE_CHURN, SECURE_TO
from haark.signals.models import Signal
from haark.today import rules
from haark.today.models import Postponement

# Rows that one source gives at most: beyond, nobody reads a day any more.
MOST = 300
CARD = AccountCard
COLUMNS: tuple[Any, ...] = (
    CARD.account_id,
    CARD.name.label("account"),
    CARD.arr_cents,
    CARD.expected_loss_cents,
    CARD.renewal_date,
    CARD.health_score,
    CARD.health_change,
    CARD.health_band,
    CARD.usage_change,
    CARD.churn,
    Account.owner_id,
    Account.sales_owner_id,
    User.name.label("owner"),
)
PLAN_SUBJECTS = ("plan", "objective", "milestone")


# Statements are made once and asked again and again: making one takes longer than its answer. What changes from day to
# day and from person to person is bound at each execution (`Scope.marks`).
USER = bindparam("user", type_=Integer)
ON, UNTIL, OPENS, NEAR, SECURES, WITHIN, TODAY, SINCE = (
    bindparam(name, type_=Date) for name in ("on", "until", "opens", "near", "secures", "within", "today", "since")
)
AT = bindparam("at", type_=UTCDateTime)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose day: a person's own, or their team's. `on` and `at` are business time in `zone`."""

    user_id: int
    role: str
    on: date
    at: datetime
    team: bool = False
    zone: str = clock.DEFAULT_ZONE

    @property
    def kinds(self) -> tuple[str, ...]:
        return rules.duties(self.role, self.team)

    @property
    def marks(self) -> dict[str, Any]:
        """The values of every parameter of the statements."""
        until, house = rules.week_end(self.on), str(settings.get("organisation.timezone"))
        return {
            "user": self.user_id,
            "on": self.on,
            "at": self.at,
            "until": until,
            "opens": self.on + timedelta(OPENS_DAYS),
            "near": until + timedelta(OPENS_DAYS),
            "secures": self.on + timedelta(SECURE_TO),
            "within": self.on + timedelta(rules.RENEWAL_DAYS),
            "today": clock.day_of(self.at, house),
            "since": clock.day_of(self.at - FORGOTTEN, house),
        }


@dataclass(frozen=True, slots=True)
class Shape:
    """What the form of a statement depends on. `role` '': accounts of either side are one's own."""

    role: str
    team: bool

    @property
    def side(self) -> str:
        """Which signals are of somebody's day: sales is told of what can be sold, the others of all ('')."""
        return "opportunity" if self.role == "sales" and not self.team else ""


def shape(scope: Scope) -> Shape:
    return Shape("" if scope.team or scope.role not in ("csm", "sales") else scope.role, scope.team)


def statement(kind: str, scope: Scope) -> Select[Any]:
    """The lines of a kind, the soonest due first, without what the person postponed; executed with `scope.marks`.
    KeyError for an unknown kind."""
    return _statement(kind, shape(scope))


@cache
def _statement(kind: str, form: Shape) -> Select[Any]:
    return _SOURCES[kind](form).limit(MOST)


@cache
def counts(kinds: tuple[str, ...], form: Shape, unread: bool = False) -> Select[Any]:
    """How many lines of these kinds there are, in all; with `unread` also how many notices nobody read."""
    total: Any = sum((_counted(kind, form) for kind in kinds), start=0)
    if not unread:
        return select(total)
    mine = select(func.count()).where(Notice.user_id == USER, Notice.read_at.is_(None))
    return select(total, mine.scalar_subquery())


def _counted(kind: str, form: Shape) -> Any:
    rows = _SOURCES[kind](form).with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(MOST)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def ours(form: Shape) -> ColumnElement[bool]:
    """Accounts of the scope: one's own by role, or everybody's."""
    if form.team:
        return Account.deleted_at.is_(None)
    mine = {"csm": Account.owner_id == USER, "sales": Account.sales_owner_id == USER}
    either = or_(Account.owner_id == USER, Account.sales_owner_id == USER)
    return and_(mine.get(form.role, either), Account.deleted_at.is_(None))


def cards(*columns: Any) -> Select[Any]:
    """Columns beside those of the account's card."""
    return (
        select(*COLUMNS, *columns)
        .select_from(Account)
        .join(CARD, CARD.account_id == Account.id)
        .outerjoin(User, User.id == Account.owner_id)
    )


def _left(kind: str, ident: Any) -> ColumnElement[bool]:
    """Not put off by this person until a later day."""
    return ~exists().where(
        Postponement.user_id == USER,
        Postponement.line == literal(f"{kind}:") + cast(ident, String),
        Postponement.until > ON,
    )


def _actions(form: Shape) -> Select[Any]:
    item, holder = ActionItem, aliased(User)
    told = (item.id.label("ident"), item.title, item.due_on, item.source_kind, item.source_id, item.owner_user_id)
    rows = cards(*told, holder.name.label("holder")).join(item, item.account_id == Account.id)
    rows = rows.outerjoin(holder, holder.id == item.owner_user_id)
    mine = item.owner_user_id.is_not(None) if form.team else item.owner_user_id == USER
    due = (item.state.in_(OPEN), item.deleted_at.is_(None), item.due_on <= UNTIL)
    return rows.where(mine, Account.deleted_at.is_(None), *due).order_by(item.due_on, item.id)


def _recaps(form: Shape) -> Select[Any]:
    """The same as recap.due.waiting, in SQL, for the count."""
    rows = cards(Review.id.label("ident"), Review.kind, Review.period, Review.held_on, Meeting.ended_at)
    rows = rows.join(Review, Review.account_id == Account.id)
    rows = rows.outerjoin(Meeting, Meeting.review_id == Review.id).outerjoin(Recap, Recap.review_id == Review.id)
    over = or_(and_(Meeting.ended_at.is_not(None), Meeting.ended_at <= AT), _untimed(Review.held_on < TODAY))
    waits = (Review.state == "held", Review.deleted_at.is_(None), Recap.sent_at.is_(None), over)
    recent = Review.held_on > SINCE
    left = _left("recap", Review.id)
    return rows.where(ours(form), *waits, recent, left).order_by(Review.held_on.desc(), Review.id)


def _untimed(over: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Meeting.ended_at.is_(None), over)


def _reviews(form: Shape) -> Select[Any]:
    """Planned reviews from the day on which their preparation opens (RV-7)."""
    told = (Review.kind, Review.period, Review.state, Review.due_on, Review.starts_at, Review.urgent, Review.version)
    rows = cards(Review.id.label("ident"), *told).join(Review, Review.account_id == Account.id)
    stands = (Review.state.in_(OPEN_STATES), Review.deleted_at.is_(None), Review.held_on.is_(None))
    opened = Review.due_on <= OPENS
    left = _left("review", Review.id)
    return rows.where(ours(form), *stands, opened, left).order_by(Review.due_on, Review.id)


def _plans(form: Shape) -> Select[Any]:
    """Reviews that are due and that nobody planned: until two weeks before their day (steps.next_step)."""
    told = (CARD.next_review_kind.label("kind"), CARD.next_review_on.label("due_on"), CARD.next_review_late)
    rows = cards(CARD.account_id.label("ident"), *told, NextReview.candidates)
    rows = rows.outerjoin(NextReview, NextReview.account_id == CARD.account_id)
    near = CARD.next_review_on <= NEAR
    left = _left("plan", CARD.account_id)
    return rows.where(ours(form), CARD.next_review_planned.is_(False), near, left).order_by(
        CARD.next_review_late.desc(), CARD.next_review_on, CARD.account_id
    )


def threatened() -> ColumnElement[bool]:
    """SG-5: a renewal is to be secured while the account is not green or may well leave (advice_rules._secure)."""
    return or_(CARD.health_band != "green", CARD.churn >= SECURE_CHURN)


def _renewing(form: Shape, by: Any) -> Select[Any]:
    """Renewals until a day that are to be secured, the soonest first."""
    rows = cards(CARD.account_id.label("ident"))
    # Of one's own accounts, not of all that renew soon: an expression leaves the index of the dates aside.
    day = CARD.renewal_date if form.team else func.coalesce(CARD.renewal_date, CARD.renewal_date)
    within, paid = day.between(ON, by), or_(CARD.arr_cents.is_(None), CARD.arr_cents > 0)
    return rows.where(ours(form), within, threatened(), paid).order_by(CARD.renewal_date, CARD.account_id)


def renewing(scope: Scope, most: int) -> Select[Any]:
    """The next renewals to secure, within ninety days, with their number as `total`."""
    return _next_renewals(shape(scope), most)


@cache
def _next_renewals(form: Shape, most: int) -> Select[Any]:
    return _renewing(form, WITHIN).add_columns(func.count().over().label("total")).limit(most)


def _renewals(form: Shape) -> Select[Any]:
    """Those of the next thirty days that nobody has in hand."""
    return _renewing(form, SECURES).where(~overview.under_way(), _left("renewal", CARD.account_id))


def grave(form: Shape) -> tuple[ColumnElement[bool], ...]:
    """New signals of high severity: nobody answered them yet."""
    side = (Signal.side == form.side,) if form.side else ()
    return (Signal.state == "open", Signal.severity == "high", Signal.resolved_on.is_(None), *side)


def _alerts(form: Shape) -> Select[Any]:
    """Accounts with new grave signals, and accounts in the red that nobody has in hand: at once (HL-1).

    What a person put off hides the colour alone: a new signal comes through.
    """
    rows = cards(CARD.account_id.label("ident"))
    wanted: ColumnElement[bool] = exists().where(Signal.account_id == CARD.account_id, *grave(form))
    if not form.side:
        paid = or_(CARD.arr_cents.is_(None), CARD.arr_cents > 0)
        red = and_(CARD.health_band == "red", paid, ~overview.handled(), _left("alert", CARD.account_id))
        wanted = or_(wanted, red)
    return rows.where(ours(form), wanted).order_by(CARD.expected_loss_cents.desc().nulls_last(), CARD.account_id)


def _ids(form: Shape) -> Select[Any]:
    """The ids of the scope's accounts, for what is counted by account: of a few, not of the whole table."""
    return select(Account.id).where(ours(form))


def _proposals(form: Shape) -> Select[Any]:
    """Changes of the plan that a client proposed, by account."""
    waiting = (
        select(
            Proposal.account_id,
            func.count().label("number"),
            func.min(Proposal.at).label("since"),
            func.max(Proposal.author_name).label("author"),
        )
        .where(Proposal.account_id.in_(_ids(form)), Proposal.state == "open", Proposal.contact_id.is_not(None))
        .group_by(Proposal.account_id)
        .subquery()
    )
    rows = cards(CARD.account_id.label("ident"), waiting.c.number, waiting.c.since, waiting.c.author)
    rows = rows.join(waiting, waiting.c.account_id == CARD.account_id)
    return rows.where(ours(form), _left("proposal", CARD.account_id)).order_by(waiting.c.since)


def _comments(form: Shape) -> Select[Any]:
    """The last word of a client on their plan, where nobody of ours said anything after it, by account."""
    later, said = aliased(Comment), Comment
    answered = exists().where(
        later.account_id == said.account_id,
        later.subject_kind == said.subject_kind,
        later.subject_id.is_not_distinct_from(said.subject_id),
        later.author_contact_id.is_(None),
        later.internal.is_(False),
        later.deleted_at.is_(None),
        later.id > said.id,
    )
    theirs = (said.subject_kind.in_(PLAN_SUBJECTS), said.author_contact_id.is_not(None), said.deleted_at.is_(None))
    waiting = (
        select(said.account_id, func.max(said.id).label("last"), func.count().label("number"))
        .where(said.account_id.in_(_ids(form)), *theirs, ~answered)
        .group_by(said.account_id)
        .subquery()
    )
    word = aliased(Comment)
    told = (waiting.c.number, word.text, word.author_name.label("author"), word.at.label("since"))
    rows = cards(CARD.account_id.label("ident"), *told).join(waiting, waiting.c.account_id == CARD.account_id)
    rows = rows.join(word, word.id == waiting.c.last)
    return rows.where(ours(form), _left("comment", CARD.account_id)).order_by(word.at)


_SOURCES = {
    "action": _actions,
    "recap": _recaps,
    "review": _reviews,
    "plan": _plans,
    "renewal": _renewals,
    "alert": _alerts,
    "proposal": _proposals,
    "comment": _comments,
}
