"""What becomes of mail that bounced: it failed after all, and an address that does not exist gets no more."""

import mailbox
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from haark import clock
from haark.events.domain import record
from haark.extensions import db
from haark.mail import bounces, domain
from haark.mail.models import Mail

# How many notices one turn of the sweeper reads.
TURN = 200


def take(content: bytes, *, at: datetime) -> Mail | None:
    """The mail that a notice speaks of, now failed; None when it speaks of none of ours, or was read before.

    Whoever asked for the mail is told as of any other that failed.
    """
    bounce = bounces.read(content)
    if bounce is None:
        return None
    mail: Mail | None = db.session.scalar(db.select(Mail).where(Mail.message_id == bounce.message_id))
    if mail is None:
        return None
    failed = {"state": "failed", "error": "bounced", "answer": bounce.answer or bounce.status, "next_at": None}
    held = db.update(Mail).where(Mail.id == mail.id, Mail.state.in_(("sent", "uncertain")))
    done = db.session.execute(held.values(updated_at=clock.now(), **failed))
    if not done.rowcount:  # type: ignore[attr-defined]  # a cursor result
        return None
    if bounce.dead:
        domain.suppress(mail.to_address, at=at, reason="bounced")
    record("mail.bounced", at=at, account_id=mail.account_id, subject=("mail", mail.id), status=bounce.status)
    db.session.refresh(mail)
    return mail


def sweep(folder: str) -> int:
    """Reads the new messages of a Maildir and marks them as seen, bounce or not; the number of mails that failed.

    Each is committed before it is marked: read twice, a notice changes nothing the second time. Raises ValueError for
    a folder that is no Maildir.
    """
    found = 0
    box = opened(Path(folder))
    for key, content in _unseen(box):
        found += take(content, at=clock.moment()) is not None
        db.session.commit()
        message = box[key]
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message
    return found


def opened(folder: Path) -> mailbox.Maildir:
    """Raises ValueError when it is none."""
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise ValueError(f"BOUNCES: {folder} is not a Maildir (it has no folders new and cur)")
    return mailbox.Maildir(folder, create=False)


def _unseen(box: mailbox.Maildir) -> Iterator[tuple[str, bytes]]:
    keys = [key for key in box.keys() if box.get_message(key).get_subdir() == "new"]  # noqa: SIM118 - not a dict
    for key in sorted(keys)[:TURN]:
        with box.get_file(key) as handle:
            yield key, handle.read(bounces.LONGEST_NOTICE)
