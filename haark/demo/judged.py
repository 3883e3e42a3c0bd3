"""The sample judged: by Haark day after day, as if it had watched all along, and by its team, who took some in hand.

What people decided is an observation as any other; every signal and recommendation comes out of the product's rules.
"""

from datetime import date, datetime, timedelta

from haark import clock
from haark.accounts.models import Account
from haark.actions.models import ActionItem
from haark.demo.cast import CLIENTS, VALMORIN
from haark.extensions import db
from haark.ranking import domain as ranking
from haark.signals import advice_words, deciding, domain
from haark.signals.advice_rules import PLACE
from haark.signals.models import Advice, Signal

# Days before today on which the portfolio was judged, for a sample with a past.
WATCHED = (42, 35, 28, 21, 14, 7)
# When the team went through the accounts that were failing, and through a few opportunities.
TAKEN, TRIED = 3, 21
# Client, rule and what its people made of it.
TRIALS = (
    ("S-045", "ask_reference", "accepted"),
    ("S-050", "ask_reference", "accepted"),
    ("S-024", "ask_reference", "accepted"),
    ("S-042", "unblock_tickets", "accepted"),
    ("S-029", "unblock_tickets", "accepted"),
    ("S-049", "win_back", "accepted"),
    ("S-028", "propose_seats", "ignored"),
    ("S-043", "raise_objectives", "ignored"),
    ("S-016", "demonstrate_premium", "postponed"),
)


def judge(on: date, past: bool) -> None:
    """Judges the sample as of `on`, with the weeks before where it has a `past`. Commits as it goes."""
    for ago in WATCHED if past else ():
        _watch(on - timedelta(ago))
        if ago == TRIED:
            _try(on - timedelta(ago), on)
    _watch(on - timedelta(TAKEN))
    _take_in_hand(on - timedelta(TAKEN))
    domain.judge(on=on, at=clock.moment(), step=lambda _done: db.session.commit())
    ranking.rank_all(on=on)
    db.session.commit()


def _watch(day: date) -> None:
    """Everybody but the reference case, which nobody is alarmed about before today."""
    others = db.session.scalars(db.select(Account.id).where(Account.external_id != VALMORIN.key)).all()
    domain.judge(others, on=day, at=_early(day), step=lambda _done: db.session.commit())
    db.session.commit()


def _early(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=4)


def _take_in_hand(day: date) -> None:
    """The owners of the clients that were failing accepted what was recommended first."""
    for client in CLIENTS:
        if client.story != "failing":
            continue
        account = db.session.scalars(db.select(Account).where(Account.external_id == client.key)).one()
        offered = db.session.scalars(
            db.select(Advice).where(Advice.account_id == account.id, Advice.ended_on.is_(None))
        ).all()
        for advice in sorted(offered, key=lambda one: PLACE[one.rule])[:1]:
            at = clock.start_of(day) + timedelta(hours=10)
            deciding.accept(advice, advice_words.title(advice.rule), by=account.owner_id, at=at, on=day)
        for signal in db.session.scalars(
            db.select(Signal).where(Signal.account_id == account.id, Signal.state == "open", Signal.side == "risk")
        ):
            domain.acknowledge(signal, by=account.owner_id, at=clock.start_of(day) + timedelta(hours=11), on=day)
    db.session.commit()


def _try(day: date, today: date) -> None:
    at = clock.start_of(day) + timedelta(hours=15)
    for key, rule, verdict in TRIALS:
        account = db.session.scalars(db.select(Account).where(Account.external_id == key)).one()
        mine = db.select(Advice).where(Advice.account_id == account.id, Advice.rule == rule, Advice.ended_on.is_(None))
        advice = db.session.scalars(mine.order_by(Advice.id)).first()
        if advice is None:
            continue
        if verdict == "ignored":
            deciding.ignore(advice, "not_now", by=account.owner_id, at=at, on=day)
        elif verdict == "postponed":
            deciding.postpone(advice, today + timedelta(10), by=account.owner_id, at=at, on=day)
        else:
            for item in deciding.accept(advice, advice_words.title(rule), by=account.owner_id, at=at, on=day):
                _finish(item, clock.start_of(day + timedelta(9)) + timedelta(hours=11))
    db.session.commit()


def _finish(item: ActionItem, at: datetime) -> None:
    item.state, item.done_at, item.done_by_id = "done", at, item.owner_user_id
    db.session.flush()
