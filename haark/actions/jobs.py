"""Digests, reminders and escalations: asked for by the sweeper and the timetable. Each may run twice; its mails exist
once."""

from datetime import date

from haark import clock
from haark.actions import digests, reminding, rules
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.people.models import User
from haark.settings import queries as settings


def sweep() -> dict[str, int]:
    """Asks for the digests that are due, one job for each person and local date. The caller commits."""
    at = clock.moment(str(settings.get("organisation.timezone")))
    due = [(row.id, rules.digest_day(at, row.timezone, row.digest_hour)) for row in reminding.readers()]
    wanted = {digests.key_of(ident, on): (ident, on) for ident, on in due if on is not None}
    known = set(db.session.scalars(db.select(Job.key).where(Job.key.in_(wanted))))
    for key, (ident, on) in wanted.items():
        if key not in known:
            jobs.enqueue("actions.digest", args={"user_id": ident, "on": on.isoformat()}, key=key)
    return {"digests": len(wanted.keys() - known)}


def digest(user_id: int, on: str) -> dict[str, int]:
    """One person's digest, unless that day is over where they are: the present day has one of its own."""
    user = db.session.get(User, user_id)
    if user is None or digests.today_of(user) != date.fromisoformat(on):
        return {"mails": 0}
    return {"mails": int(digests.send(user, date.fromisoformat(on), at=clock.moment(user.timezone)) is not None)}


def remind_clients() -> dict[str, int]:
    """The day's reminders to clients, each committed by itself: one that fails keeps none from the others."""
    zone = str(settings.get("organisation.timezone"))
    on, count = clock.today(zone), 0
    for contact, account, items in reminding.due_clients(on, int(settings.get("actions.remind_days")), zone):
        count += digests.remind(digests.Reminded(contact, account, items), on, at=clock.moment(zone)) is not None
        db.session.commit()
    return {"mails": count}


def escalate() -> dict[str, int]:
    """Managers hear of what is long overdue."""
    zone = str(settings.get("organisation.timezone"))
    days = int(settings.get("actions.escalation_days"))
    return {"told": reminding.escalate(clock.today(zone), days, at=clock.moment(zone))}
