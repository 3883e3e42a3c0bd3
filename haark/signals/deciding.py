"""What people decide on a recommendation (SG-5): accept, postpone, ignore, and take that back. The caller commits."""

from datetime import date, datetime

from haark.accounts.models import Account, AccountCard
from haark.actions import domain as actions
from haark.actions.domain import Promise
from haark.actions.models import ActionItem
from haark.cadence import domain as cadence
from haark.events.domain import record
from haark.extensions import db
from haark.signals import domain
from haark.signals.advice_rules import RULES
from haark.signals.models import Advice, Signal

# Why a person leaves a recommendation aside; a free text may go with it.
IGNORED_FOR = ("done", "not_now", "wrong_facts", "not_useful", "other")
LONGEST_COMMENT = 400


class AdviceError(ValueError):
    """What was asked cannot be; `kind`: `reason` (one of IGNORED_FOR is needed), `past` (a day to come is needed),
    `over` (somebody decided on it, or its cause is gone)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def accept(advice: Advice, title: str, *, by: int | None, at: datetime, on: date) -> list[ActionItem]:
    """Does what the rule says: an action for each owner, due by its deadline, and where the rule proposes one a review.

    `title` words the action. The account's open signals that the rule answers are acknowledged: somebody has them in
    hand. Twice does nothing: AdviceError over.
    """
    _must_be_open(advice)
    rule, account = RULES[advice.rule], db.session.get_one(Account, advice.account_id)
    due = max(advice.due_on, on)
    made = [
        actions.add(account.id, Promise(title[:300], owner, None, due), by=by, at=at, source=("advice", advice.id))
        for owner in _owners(rule.owners, account, by)
    ]
    if rule.review:
        _plan_review(advice, due, by, at, on)
    _decide(advice, "accepted", by, at, on)
    answered = db.select(Signal).where(
        Signal.account_id == account.id, Signal.resolved_on.is_(None), Signal.state == "open", Signal.side == rule.side
    )
    for signal in db.session.scalars(answered):
        if rule.measure == "renewal" or signal.kind in rule.kinds:
            signal.state, signal.decided_by_id, signal.decided_at = "acknowledged", by, at
    db.session.flush()
    domain.judge([account.id], on=on, at=at)
    return made


def postpone(advice: Advice, until: date, *, by: int | None, at: datetime, on: date) -> None:
    """Not before a day; then it is on offer again. AdviceError: past, over."""
    _must_be_open(advice)
    if until <= on:
        raise AdviceError("past")
    advice.state, advice.postponed_until = "postponed", until
    advice.decided_by_id, advice.decided_at = by, at
    db.session.flush()
    _record(advice, by, at, until=until.isoformat())


def ignore(advice: Advice, reason: str, comment: str = "", *, by: int | None, at: datetime, on: date) -> None:
    """Left aside, and why (one of IGNORED_FOR). The rule is silent on this cause for the cool-down.

    AdviceError: reason, over.
    """
    _must_be_open(advice)
    if reason not in IGNORED_FOR:
        raise AdviceError("reason")
    advice.comment = f"{reason}: {comment.strip()[:LONGEST_COMMENT]}" if comment.strip() else reason
    _decide(advice, "ignored", by, at, on)


def offer_again(advice: Advice, *, by: int | None, at: datetime, on: date) -> None:
    """Takes back a postponement or an ignoring: on offer as before. An accepted one is not undone, its actions are.
    AdviceError: over."""
    if advice.state not in ("postponed", "ignored"):
        raise AdviceError("over")
    advice.state, advice.ended_on, advice.postponed_until, advice.comment = "proposed", None, None, ""
    advice.decided_by_id, advice.decided_at = None, None
    db.session.flush()
    _record(advice, by, at)


def _must_be_open(advice: Advice) -> None:
    if advice.ended_on is not None:
        raise AdviceError("over")


def _decide(advice: Advice, state: str, by: int | None, at: datetime, on: date) -> None:
    advice.state, advice.ended_on, advice.postponed_until = state, on, None
    advice.decided_by_id, advice.decided_at = by, at
    db.session.flush()
    _record(advice, by, at)


def _owners(roles: tuple[str, ...], account: Account, by: int | None) -> list[int | None]:
    """The CSM and the sales owner of the account, as the rule says; one who has neither is the person who decides."""
    wanted = {"cs": account.owner_id, "sales": account.sales_owner_id}
    owners = dict.fromkeys(wanted[role] for role in roles if wanted[role] is not None)
    return list(owners) or [by]


def _plan_review(advice: Advice, due: date, by: int | None, at: datetime, on: date) -> None:
    kind = db.session.scalar(db.select(AccountCard.next_review_kind).where(AccountCard.account_id == advice.account_id))
    urgent = RULES[advice.rule].measure == "renewal"
    cadence.plan_review(
        advice.account_id, kind or "qbr", due, by=by, at=at, on=on, urgent=urgent, source=("advice", advice.id)
    )


def _record(advice: Advice, by: int | None, at: datetime, **data: str) -> None:
    subject = ("advice", advice.id)
    kind = f"advice.{advice.state}"
    record(kind, at=at, by=by, account_id=advice.account_id, subject=subject, rule=advice.rule, **data)
