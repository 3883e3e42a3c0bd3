"""Valmorin's review of the sample, held on 12 November 2026 at 10:50, with what was said in it, and a post office."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from haark.accounts.models import Contact
from haark.actions.models import ActionItem
from haark.cadence import domain as cadence
from haark.cadence.models import Review
from haark.extensions import db
from haark.people.models import User
from haark.reviews.inviting.models import Participant
from haark.reviews.meeting import domain as meeting
from haark.reviews.meeting.models import Capture, Meeting, MeetingNote
from haark.value.models import RoiCase
from tests.mail.post_office import PostOffice, open_office

ENDED = datetime(2026, 11, 12, 9, 50, tzinfo=UTC)
ALL = ["results", "usage", "opportunities", "actions"]
PEOPLE = (  # name, role, language, there
    ("Sophie Marchand", "sponsor", "fr", True),
    ("Anne Leclerc", "decision_maker", "en", True),
    ("Юлія Перро", "champion", "uk", True),
    ("Lila Benhamou", "day_to_day", "fr", False),
)
NOTES = {
    "part.1": "Priorité inchangée : le litige sous 48 h",
    "part.2": "Deux jours gagnés par mois à Orléans",
    "part.3": "- Orléans : 17 badges à recréer après le changement d’équipe",
}


class Held:
    """The review after its meeting; verbs speak for Claire."""

    def __init__(self, story: Any, office: PostOffice, *, deck: bool = True) -> None:
        self.story, self.app, self.office = story, story.app, office
        self.app.config["SMTP_URL"] = office.url()
        self.account, self.by = story.id("Groupe Valmorin"), story.user_id("csm")
        self.csm = story.login("csm")
        if deck:
            made = self.csm.post(
                f"/accounts/{self.account}/reviews", period="2026-Q4", sections=ALL, kind="", language="fr"
            )
            self.id = int(made.location.rsplit("/", 1)[1])
        with self.scope():
            if not deck:
                told = {"by": self.by, "at": ENDED, "on": ENDED.date()}
                self.id = cadence.plan_review(self.account, "qbr", date(2026, 11, 12), **told).id
            self._hold()
        self.url = f"/reviews/{self.id}/recap"

    def _hold(self) -> None:
        review = db.session.get_one(Review, self.id)
        claire = db.session.get_one(User, self.by)
        claire.title, claire.phone = "Responsable succès client", "06 12 34 56 78"
        db.session.execute(sa.delete(Contact).where(Contact.account_id == self.account))
        db.session.execute(sa.delete(Participant).where(Participant.review_id == self.id))
        for name, role, language, there in PEOPLE:
            email = f"{role.replace('_', '')}@valmorin.test"
            contact = Contact(account_id=self.account, name=name, email=email, role=role, language=language)
            db.session.add(contact)
            db.session.flush()
            told = {"contact_id": contact.id, "role": role, "language": language, "attended": there}
            db.session.add(Participant(review_id=self.id, name=name, email=email, chosen=True, **told))
        ours = {"user_id": self.by, "role": "csm", "ours": True, "attended": True}
        db.session.add(Participant(review_id=self.id, name=claire.name, email=claire.email, **ours))
        case = db.session.scalar(sa.select(RoiCase).where(RoiCase.account_id == self.account))
        case.lines[0].confirmed_on, case.lines[0].confirmed_by = date(2026, 11, 12), "Anne Leclerc"
        db.session.add(Meeting(review_id=self.id, started_at=ENDED - timedelta(minutes=50), spent=[1]))
        for field, text in NOTES.items():
            db.session.add(MeetingNote(review_id=self.id, field=field, text=text, at=ENDED))
        sophie = db.session.scalar(sa.select(Contact.id).where(Contact.name == "Sophie Marchand"))
        for number, (kind, text, more) in enumerate(
            [
                ("decision", "Étendre à Lyon si Orléans repasse 60 % d’actifs", {}),
                ("action", "Livrer le correctif EDI", {"owner_user_id": self.by, "due_on": date(2026, 11, 24)}),
                ("action", "Désigner un référent à Lyon", {"owner_contact_id": sophie}),
            ]
        ):
            at = ENDED - timedelta(minutes=20 - number)
            db.session.add(Capture(review_id=self.id, token=str(number), kind=kind, text=text, at=at, **more))
        db.session.flush()
        agreed = db.session.get_one(Meeting, self.id)
        agreed.next_on, agreed.next_time, agreed.next_place = date(2027, 2, 25), time(10, 0), "Visio"
        meeting.end(review, by=self.by, at=ENDED, on=ENDED.date())

    @contextmanager
    def scope(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.commit()

    def one(self, statement: Any) -> Any:
        with self.app.app_context():
            return db.session.scalar(statement)

    def all(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.execute(statement))

    def actions(self) -> list[Any]:
        return self.all(
            sa.select(ActionItem).where(ActionItem.source_id == self.id, ActionItem.source_kind == "review")
        )


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the meeting, at 14:20: three and a half hours after its end."""
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12T14:20:00+01:00")


@pytest.fixture
def held(db_story: Any, office: PostOffice, now: None) -> Held:
    return Held(db_story, office)


@pytest.fixture
def one_held(story: Any, office: PostOffice, now: None) -> Held:
    """On SQLite alone, for what no database decides."""
    return Held(story, office)
