"""The PDF of a plan as a stored file: asked for, made by a job, found again. The same content is made once.

Drawing takes half a second where WeasyPrint is loaded already, several where it is not: no page waits for it.
"""

import hashlib
import json
from datetime import date, datetime

from haark import formats
from haark.accounts.models import Account
from haark.extensions import db
from haark.files import domain as files
from haark.files.models import StoredFile
from haark.jobs import domain as jobs
from haark.jobs.models import Job
from haark.plans import pdf

MEDIA = "application/pdf"


def key(account_id: int, language: str, on: date) -> str:
    """Names the present content of the plan: the same words, figures, brand, language and day, the same key."""
    text = json.dumps(pdf.deck(account_id, language, on).to_dict(), sort_keys=True)
    return f"plan-pdf:{account_id}:{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def job_of(account_id: int, language: str, on: date) -> Job | None:
    """The job that was last asked for the present content."""
    wanted = key(account_id, language, on)
    here = db.select(Job).where(db.or_(Job.key == wanted, Job.key.startswith(f"{wanted}:", autoescape=True)))
    return db.session.scalars(here.order_by(Job.id.desc()).limit(1)).first()


def file_of(job: Job | None) -> StoredFile | None:
    """What a job made; None while it did not, or when the file is gone."""
    made = (job.result or {}).get("file_id") if job is not None and job.state == "done" else None
    return db.session.get(StoredFile, made) if made else None


def ask(account_id: int, language: str, on: date, *, by: int | None) -> Job:
    """The job that makes, or made, the present content. A file that is gone is made anew."""
    wanted, earlier = key(account_id, language, on), job_of(account_id, language, on)
    if earlier is not None and (earlier.state != "done" or file_of(earlier) is not None):
        return earlier
    again = f"{wanted}:{earlier.id}" if earlier is not None else wanted
    args = {"account_id": account_id, "language": language, "on": on.isoformat()}
    return jobs.enqueue("plans.print", args=args, key=again, by=by, account_id=account_id, total=2)


def make(account_id: int, language: str, on: date, *, at: datetime) -> int:
    """Draws and keeps the file; its id."""
    made = pdf.deck(account_id, language, on)
    name = db.session.get_one(Account, account_id).name
    db.session.rollback()  # drawing must hold no transaction open
    from haark.decks.pdf import render_pdf  # only a process that prints pays for WeasyPrint

    row = files.keep(render_pdf(made), file_name(name, on), MEDIA, at=at)
    db.session.commit()
    return row.id


def file_name(client: str, on: date) -> str:
    """`plan-groupe-valmorin-2026-11-12.pdf`: letters and digits that every system reads."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in formats.fold(client))
    return f"plan-{kept.strip('-')[:60] or 'client'}-{on.isoformat()}.pdf"
