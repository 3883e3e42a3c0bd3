"""A forgotten password: a link by mail that works once, for an hour."""

from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from haark.events.domain import record
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.jobs.runner import JobRefused
from haark.mail import domain as mail
from haark.people import domain, queries, rules, throttle, tokens
from haark.people.models import User
from haark.settings import domain as settings


def ask(email: str, address: str, *, at: datetime) -> tuple[int, Job | None]:
    """Counts the request and asks for the mail: the seconds to wait (0: done), and the job.

    The address is looked up by the job, not here: the answer takes the same time whether or not somebody has it. Its
    count is apart from that of failed logins, since it is after those that people ask.
    """
    wait = throttle.take(address, f"reset:{email}", at=at)
    if wait:
        return wait, None
    return 0, jobs.enqueue("people.send_reset", args={"email": rules.normal_email(email)[:254]})


def send(email: str, *, at: datetime) -> bool:
    """Posts the mail; False when nobody who can log in has the address. Earlier links no longer work."""
    user = queries.by_email(email)
    if user is None or not user.active or user.password_hash is None:
        return False
    code = tokens.issue(tokens.RESET, at=at, user_id=user.id)
    record("user.reset_asked", at=at, subject=("user", user.id))
    context = {
        "user": user,
        "link": f"{current_app.config['HAARK_URL']}/login/reset/{code}",
        "organisation": settings.get("organisation.name") or "Haark",
        "color": settings.get("brand.primary"),
    }
    try:
        with force_locale(user.language):
            mail.post(
                kind="password.reset",
                to=mail.Person(user.email, user.name),
                subject=_("Choisir un nouveau mot de passe"),
                text=render_template("emails/reset.txt", **context),
                html=render_template("emails/reset.html", **context),
                language=user.language,
                at=at,
                about=("user", user.id),
                private=True,
            )
    except mail.MailRefused as fault:
        raise JobRefused(str(fault)) from fault
    return True


def reset(code: str, password: str, *, at: datetime) -> User:
    """Sets the password of whom the code was sent to and ends all their sessions. Raises PersonError, `used` for a code
    that does not work."""
    row = tokens.use(tokens.RESET, code, at=at)
    user = db.session.get(User, row.user_id) if row and row.user_id else None
    if user is None or not user.active:
        raise domain.PersonError("used")
    domain.set_password(user, password, at=at, by=user.id)
    return user
