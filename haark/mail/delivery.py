"""A mail on its way out. No transaction is open while a server is spoken to."""

import logging
from datetime import timedelta

from flask import current_app

from haark import clock
from haark.extensions import db
from haark.jobs import domain as jobs
from haark.mail import compose, ledger
from haark.mail import relay as relays
from haark.mail.models import Mail
from haark.mail.relay import Relay
from haark.mail.smtp import Conversation, Outcome

log = logging.getLogger(__name__)
# A body gets this many bytes a second at worst before its message counts as stale.
SLOWEST = 16 * 1024


def relay() -> Relay | None:
    """Where this installation's mail leaves; None when SMTP_URL is absent."""
    return relays.read(str(current_app.config["SMTP_URL"]))


def deliver(mail_id: int) -> str:
    """One try at a mail. Returns its state afterwards, `` when there was nothing to do."""
    there = relay()
    if there is None:
        return "kept" if ledger.keep(mail_id, clock.now()) else ""
    attempt = ledger.claim(mail_id, clock.now(), timedelta(seconds=6 * there.timeout))
    if attempt is None:
        return ""
    outcome = _hand_over(there, attempt)
    if outcome.state == "lost":
        log.warning("mail %s was taken by another process; nothing was sent", mail_id)
        return ""
    return ledger.finish(attempt, outcome, clock.now())


def _hand_over(there: Relay, attempt: ledger.Attempt) -> Outcome:
    mail, config = attempt.mail, current_app.config
    try:
        content = compose.build(mail, attempt.parts, str(config["HAARK_URL"]), str(config["SECRET_KEY"]))
    except (OSError, ValueError) as fault:
        log.warning("mail %s cannot be built: %s", attempt.mail_id, fault)
        return Outcome("failed", "compose", str(fault)[:400])
    patience = timedelta(seconds=there.final + 2 * there.timeout + len(content) / SLOWEST)
    talk = Conversation(
        there,
        mail.from_address,
        mail.to_address,
        content,
        lambda: ledger.sending(attempt, clock.now(), patience),
    )
    return talk.run()


def sweep() -> dict[str, int]:
    """Takes back what nobody works on any more and rings for what waits. The caller commits."""
    at = clock.now()
    lost = ledger.release_stale(at)
    waiting = ledger.due(at)
    for mail_id in waiting:
        ring(mail_id)
    return {"mails": len(waiting), "mails_lost": len(lost)}


def ring(mail_id: int) -> None:
    """Asks for a job that delivers the mail; harmless when another one does already."""
    job = jobs.enqueue("mail.send", args={"mail_id": mail_id})
    db.session.execute(db.update(Mail).where(Mail.id == mail_id).values(job_id=job.id))
