"""Notices that no verb tells by itself: mail that did not get through (TD-3)."""

from datetime import timedelta

from haark import clock
from haark.extensions import db
from haark.mail.models import Mail
from haark.notices import domain
from haark.notices.models import Notice

LATELY = timedelta(days=2)
STATES = ("failed", "uncertain")
MOST = 200  # in one turn of the sweeper


def mail_failed() -> dict[str, int]:
    """Whoever asked for a mail hears that it failed, or that nobody knows, once for each time. The caller commits."""
    told = db.select(Notice.id).where(
        Notice.kind == "mail_failed", Notice.subject_kind == "mail", Notice.subject_id == Mail.id
    )
    query = db.select(Mail).where(
        Mail.state.in_(STATES),
        Mail.error != "given_up",
        Mail.requested_by_id.is_not(None),
        Mail.updated_at > clock.now() - LATELY,
        ~told.exists(),
    )
    rows = db.session.scalars(query.order_by(Mail.id).limit(MOST)).all()
    for mail in rows:
        domain.tell(
            [mail.requested_by_id],
            "mail_failed",
            mail.state,
            at=clock.moment(),
            account_id=mail.account_id,
            subject=("mail", mail.id),
            key=f"mail_failed:{mail.id}",
            to=mail.to_name or mail.to_address,
            about=mail.subject,
            reason=mail.error,
        )
    return {"mails_failed": len(rows)}
