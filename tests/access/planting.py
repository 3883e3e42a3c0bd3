"""What the walk needs beside tests/support/clients.py: a job, a mail, two reviews (one deleted), a signal,
a piece of advice, and two stories and roadmap items (one deleted) for each account."""

import io
from types import SimpleNamespace

from haark import clock
from haark.accounts import attachments, custom_fields, removal, trash
from haark.accounts import domain as accounts
from haark.accounts.models import Account, Contact
from haark.extensions import db
from haark.files import domain as files
from haark.intake.desk import domain as imports
from haark.intake.models import Duplicate, ExportRun, Merge
from haark.jobs.models import Job
from haark.library import domain as library
from haark.library.models import RoadmapItem, Story
from haark.mail import domain as mail
from haark.measures import domain as measures
from haark.reviews import domain as reviews
from haark.reviews.corporate import domain as corporate
from haark.reviews.meeting.models import Capture
from haark.signals.models import Advice, Signal
from tests.access.list_plants import things_of_the_list
from tests.access.plan_plants import things_of_a_plan
from tests.decks.templates import four_three
from tests.support.clients import TODAY

# Any object id that no table has.
MISSING = 999_999


def plant(house: SimpleNamespace) -> None:
    """Adds them to `house.objects[own|foreign|deleted]`, and `missing`: an id of nothing, for every kind."""
    with house.app.app_context():
        for key, owner in (("own", "csm"), ("foreign", "other"), ("deleted", "csm")):
            account_id, by = house.objects[key]["account"], house.users[owner]
            job = Job(kind="walk", requested_by_id=by, created_at=clock.now(), state="failed")
            db.session.add(job)
            message = mail.post(
                kind="walk.mail",
                to=mail.Person("sophie@valmorin.test", "Sophie Marchand"),
                subject="Récap",
                text="Bonjour",
                html="<p>Bonjour</p>",
                language="fr",
                at=clock.now(),
                account_id=account_id,
            )
            live, removed = (_review(account_id, period, by) for period in ("2026-Q3", "2026-Q2"))
            reviews.remove(removed, by=by, at=clock.now())
            said = {"account_id": account_id, "opened_on": TODAY, "seen_on": TODAY}
            signal = Signal(side="risk", kind="silence", severity="medium", evidence={"days": 50}, **said)
            offered = {"account_id": account_id, "proposed_on": TODAY, "due_on": TODAY}
            advice = Advice(rule="win_back", reason={"signal": "silence", "days": 50}, **offered)
            db.session.add_all((signal, advice))
            db.session.flush()
            house.objects[key].update(job=job.id, mail=message.id, review=live.id, removed_review=removed.id)
            house.objects[key].update(signal=signal.id, advice=advice.id)
            lines = [
                Capture(review_id=live.id, token=key + name, kind="action", text=name, at=clock.now()) for name in "ab"
            ]
            lines[1].deleted_at = clock.now()
            db.session.add_all(lines)
            db.session.flush()
            house.objects[key].update(capture=lines[0].id, removed_capture=lines[1].id)
            house.objects[key].update(things_of_a_plan(account_id, by, house.objects[key], gone=key == "deleted"))
            house.objects[key].update(_twin(account_id))
            house.objects[key].update(_library(by, gone=key == "deleted"))
            house.objects[key].update(_templates(by, gone=key == "deleted"))
            house.objects[key].update(_kept(account_id, by))
            house.objects[key].update(_fields(key, by, gone=key == "deleted"))
            house.objects[key]["export"] = _archive(by, gone=key == "deleted")
            house.objects[key].update(_binned(account_id, by, gone=key == "deleted"))
            house.objects[key].update(_import(by))
            if key != "deleted":
                house.objects[key].update(things_of_the_list(by))
        db.session.commit()
    house.objects["missing"] = dict.fromkeys(house.objects["own"], MISSING)
    # A job belongs to who asked for it, a mail has left, an import was made and the bin keeps things,
    # whatever became of the account.
    for name in ("job", "mail", "import", "trashed"):
        del house.objects["deleted"][name]


def _review(account_id: int, period: str, by: int) -> reviews.Review:
    span = reviews.read_period(account_id, period, TODAY)
    return reviews.generate(account_id, span, ("results",), "fr", by=by, at=clock.now(), on=TODAY)


def _twin(account_id: int) -> dict[str, int]:
    """A pair to decide, and a merge that can be undone, with an account of nobody."""
    twin = Account(name="Jumeau", name_folded="jumeau", created_at=clock.now())
    gone = Account(name="Parti", name_folded="parti", created_at=clock.now(), deleted_at=clock.now())
    db.session.add_all((twin, gone))
    db.session.flush()
    pair = Duplicate(first_id=account_id, second_id=twin.id, likeness=0.9, reasons=[["same", ""]], found_on=TODAY)
    merge = Merge(kept_id=account_id, gone_id=gone.id, at=clock.now())
    db.session.add_all((pair, merge))
    db.session.flush()
    return {"duplicate": pair.id, "merge": merge.id}


def _library(by: int, *, gone: bool) -> dict[str, int]:
    """An entry of each library and a removed one; `gone`: the other way round."""
    made = {}
    for model, name in ((Story, "story"), (RoadmapItem, "roadmap_item")):
        values = {"title": "Deux jours gagnés", "sectors": [], "features": [], "needs": []}
        live, removed = (library.add(model, values, by=by, at=clock.now()) for _one in range(2))
        library.remove(live if gone else removed, by=by, at=clock.now())
        made |= {name: live.id, f"removed_{name}": removed.id}
    return made


def _archive(by: int, *, gone: bool) -> int:
    """An archive of everything; `gone`: cleared away."""
    kept = None if gone else files.keep(b"PK", "haark.zip", "application/zip", at=clock.now()).id
    run = ExportRun(created_at=clock.now(), created_by_id=by, file_id=kept)
    db.session.add(run)
    db.session.flush()
    return run.id


def _templates(by: int, *, gone: bool) -> dict[str, int]:
    """A PowerPoint template and a removed one; `gone`: the other way round."""
    live, removed = (corporate.upload(four_three(), "modele.pptx", by=by, at=clock.now()) for _one in range(2))
    corporate.remove(live if gone else removed, by=by, at=clock.now())
    return {"template": live.id, "removed_template": removed.id}


def _binned(account_id: int, by: int, *, gone: bool) -> dict[str, int]:
    """Something in the bin, and an account there; `gone`: the account is not."""
    made = accounts.create("Parti", by=by, at=clock.now(), on=TODAY, owner_id=by)
    if not gone:
        removal.delete_account(made.id, by=by, at=clock.now())
    contact = Contact(account_id=account_id, name="Anne Leclerc")
    db.session.add(contact)
    kept = trash.put_away(contact, "contact", contact.name, by=by, at=clock.now())
    return {"removed_account": made.id, "trashed": kept.id}


def _kept(account_id: int, by: int) -> dict[str, int]:
    """An exchange that somebody noted, and a file."""
    talk = measures.note(account_id, "Point mensuel", by=by, at=clock.now())
    file = attachments.attach(account_id, io.BytesIO(b"%PDF-1.7"), "contrat.pdf", by=by, at=clock.now())
    return {"interaction": talk.id, "attachment": file.id}


def _import(by: int) -> dict[str, int]:
    """An import of one file that nobody looked at yet."""
    sent = imports.Sent("0" * 64, 12, "clients.csv")
    return {"import": imports.begin([sent], by=by, at=clock.now()).id}


def _fields(name: str, by: int, *, gone: bool) -> dict[str, int]:
    """A custom field and a retired one; `gone`: the other way round."""
    live, retired = (custom_fields.define(f"{name} {n}", "text", by=by, at=clock.now()) for n in range(2))
    custom_fields.retire(live if gone else retired, by=by, at=clock.now())
    return {"custom_field": live.id, "retired_field": retired.id}
