"""What the walk needs beside tests/support/clients.py: a job, a mail, two reviews (one deleted), a signal,
a piece of advice, and two stories and roadmap items (one deleted) for each account."""

from types import SimpleNamespace

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts import removal, trash
from haark.accounts.models import Contact
from haark.extensions import db
from haark.intake.desk import domain as imports
from haark.jobs.models import Job
from haark.library import domain as library
from haark.library.models import RoadmapItem, Story
from haark.mail import domain as mail
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
            house.objects[key].update(_library(by, gone=key == "deleted"))
            house.objects[key].update(_templates(by, gone=key == "deleted"))
            if key != "deleted":
                house.objects[key].update(things_of_the_list(by))
            house.objects[key].update(_binned(account_id, by, gone=key == "deleted"))
            house.objects[key].update(_import(by))
        db.session.commit()
    house.objects["missing"] = dict.fromkeys(house.objects["own"], MISSING)
    # A job belongs to who asked for it, a mail has left, an import was made and the bin keeps things,
    # whatever became of the account.
    for name in ("job", "mail", "import", "trashed"):
        del house.objects["deleted"][name]


def _review(account_id: int, period: str, by: int) -> reviews.Review:
    span = reviews.read_period(account_id, period, TODAY)
    return reviews.generate(account_id, span, ("results",), "fr", by=by, at=clock.now(), on=TODAY)


def _library(by: int, *, gone: bool) -> dict[str, int]:
    """An entry of each library and a removed one; `gone`: the other way round."""
    made = {}
    for model, name in ((Story, "story"), (RoadmapItem, "roadmap_item")):
        values = {"title": "Deux jours gagnés", "sectors": [], "features": [], "needs": []}
        live, removed = (library.add(model, values, by=by, at=clock.now()) for _one in range(2))
        library.remove(live if gone else removed, by=by, at=clock.now())
        made |= {name: live.id, f"removed_{name}": removed.id}
    return made


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


def _import(by: int) -> dict[str, int]:
    """An import of one file that nobody looked at yet."""
    sent = imports.Sent("0" * 64, 12, "clients.csv")
    return {"import": imports.begin([sent], by=by, at=clock.now()).id}
