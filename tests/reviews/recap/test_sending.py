"""The recap leaves: one mail a person in their language, over a real SMTP server, with what it says is attached."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from haark.jobs.models import Job
from haark.mail.models import Mail
from haark.plans.models import ShareLink
from haark.reviews.inviting.models import Participant
from haark.reviews.recap import due
from haark.reviews.recap.models import Recap, RecapRecipient
from haark.reviews.surveying.models import ReviewSurvey
from tests.mail.post_office import plain

SUBJECTS = {
    "sponsor@valmorin.test": "Récap QBR Q4 - Groupe Valmorin × Sillage",
    "decisionmaker@valmorin.test": "QBR Q4 recap - Groupe Valmorin × Sillage",
    "champion@valmorin.test": "Підсумок QBR Q4 - Groupe Valmorin × Sillage",
}
SURVEY = re.compile(r"http://127\.0\.0\.1:8000(/survey/[\w-]{43})")


def took(held):
    """The mails that the post office took since the last look, by address."""
    found = {str(message["To"].addresses[0].addr_spec): message for message in held.office.messages()}
    held.office.received.clear()
    return found


def names(message):
    return sorted(part.get_filename() for part in message.walk() if part.get_filename())


def test_one_mail_a_person_in_their_language_with_deck_invitation_plan_and_question(held):
    assert held.csm.post(f"{held.url}/sending").status_code == 303
    mails = took(held)
    assert {to: str(message["Subject"]) for to, message in mails.items()} == SUBJECTS
    for (to, message), language in zip(sorted(mails.items()), ("uk", "en", "fr"), strict=True):
        text, html = plain(message), message.get_body(("html",)).get_content()
        assert message["Content-Language"] == language, to
        assert str(message["Reply-To"]).endswith("<csm@demo.haark.test>")
        for said in ("Étendre à Lyon si Orléans repasse 60 % d’actifs", "Livrer le correctif EDI", "06 12 34 56 78"):
            assert said in text, (to, said)
            assert said in html, (to, said)
        assert names(message) == ["QBR-Q4-2026-Groupe-Valmorin.pdf", "invitation.ics"]
        pdf = next(part for part in message.walk() if part.get_content_type() == "application/pdf")
        assert pdf.get_content()[:5] == b"%PDF-"
        assert html.count("?score=") == 11
        assert re.search(r"http://127\.0\.0\.1:8000/s/[\w-]{43}", html)
        assert "sealed.invalid" not in text + html
    french = plain(mails["sponsor@valmorin.test"])
    assert "Bonjour Sophie," in french
    assert "Désigner un référent à Lyon (Sophie Marchand, Groupe Valmorin ; à fixer)" in french
    assert "24 nov. 2026" in french
    assert "confirmé par Anne Leclerc" in french
    assert "Jeudi 25 février 2027, 10:00 à 10:50 (Paris)" in french
    assert "Responsable succès client, Sillage" in french
    assert "Hello Anne," in plain(mails["decisionmaker@valmorin.test"])
    review, recap = held.all(sa.select(Review.state, Review.id).where(Review.id == held.id))[0], None
    with held.scope():
        recap = db.session.get_one(Recap, held.id)
        assert (review.state, recap.sent_by_id, recap.sent_at) == (
            "recapped",
            held.by,
            datetime(2026, 11, 12, 13, 20, tzinfo=UTC),
        )
        assert due.waiting(datetime(2026, 11, 14, tzinfo=UTC)) == [] or all(
            one.review_id != held.id for one in due.waiting(datetime(2026, 11, 14, tzinfo=UTC))
        )
        event = db.session.scalars(sa.select(Event).where(Event.kind == "review.recapped")).one()
        assert (event.data["minutes"], event.data["late"], event.data["people"]) == (210, False, 3)
    # The next review invites the same people under its one UID, and is agreed now.
    events = [next(iter(Calendar.from_ical(calendar(message)).events)) for message in mails.values()]
    assert len({str(event["UID"]) for event in events}) == 1
    assert {str(address)[7:] for address in events[0]["ATTENDEE"]} >= set(SUBJECTS)
    coming = held.one(
        sa.select(Review).where(Review.account_id == held.account, Review.due_on == sa.text("'2027-02-25'"))
    )
    assert coming.state == "scheduled"
    invited = held.all(
        sa.select(Participant.email).where(Participant.review_id == coming.id, Participant.invited_at.is_not(None))
    )
    assert {row[0] for row in invited} == set(SUBJECTS)
    assert held.one(sa.select(sa.func.count()).select_from(ShareLink).where(ShareLink.account_id == held.account)) >= 3


def calendar(message):
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    return part.get_content()


def test_sent_twice_is_sent_once_and_somebody_forgotten_gets_the_same_files(one_held):
    held = one_held
    page = held.csm.get(held.url).text
    assert "Envoyer à 3 personnes" in page
    assert "Absence de Lila Benhamou" in page
    held.csm.post(f"{held.url}/sending")
    first = took(held)
    held.csm.post(f"{held.url}/sending")
    assert took(held) == {}
    after = held.csm.get(held.url).text
    assert "Récap envoyé" in after
    assert "3 h 30 après la fin de la réunion" in after
    assert after.count("Remis</span>") == 3
    # What was sent no longer changes; who was forgotten gets it, told that they were missed.
    assert held.csm.post(f"{held.url}/texts/fr/subject", text="Autre", version="1").status_code == 422
    assert held.one(sa.select(Recap.texts).where(Recap.review_id == held.id)) == {}
    held.csm.post(f"{held.url}/recipients", email="daytoday@valmorin.test", chosen="1")
    held.csm.post(f"{held.url}/sending")
    (late,) = took(held).values()
    assert names(late) == names(first["sponsor@valmorin.test"])
    assert "Vous n’avez pas pu être des nôtres" in plain(late)
    assert held.one(sa.select(sa.func.count()).select_from(Event).where(Event.kind == "review.recapped")) == 1


def test_no_recap_leaves_before_its_deck_is_drawn(one_held, monkeypatch):
    held = one_held
    monkeypatch.setitem(held.app.config, "HAARK_JOBS", "queue")
    held.csm.post(f"{held.url}/sending")
    job = held.one(sa.select(Job).where(Job.kind == "recap.send"))
    assert (job.state, job.args["to"]) == ("queued", sorted(SUBJECTS, key=list(SUBJECTS).index))
    assert held.one(sa.select(sa.func.count()).select_from(Mail).where(Mail.kind == "recap.review")) == 0
    assert held.one(sa.select(Review.state).where(Review.id == held.id)) == "held"
    waiting = held.csm.get(held.url).text
    assert "Le deck se prépare" in waiting
    assert "Envoyer à 3 personnes" not in waiting
    assert held.csm.get(f"{held.url}/delivery?waiting=1", htmx=True).status_code == 200
    # The worker dies before it wrote the mails: the job runs again, and everybody has one.
    monkeypatch.setitem(held.app.config, "HAARK_JOBS", "inline")
    with held.scope():
        from haark.reviews.recap import jobs

        jobs.send(held.id, list(SUBJECTS), held.by)
        db.session.rollback()
    with held.scope():
        jobs.send(held.id, list(SUBJECTS), held.by)
    with held.scope():
        jobs.send(held.id, list(SUBJECTS), held.by)
    assert sorted(took(held)) == sorted(SUBJECTS)
    assert held.one(sa.select(sa.func.count()).select_from(Mail).where(Mail.kind == "recap.review")) == 3
    assert held.csm.get(f"{held.url}/delivery?waiting=1", htmx=True).headers["HX-Redirect"] == held.url


def test_a_trial_is_the_mail_without_what_is_the_persons_own(one_held):
    held = one_held
    held.csm.post(f"{held.url}/options", option="with_pdf")
    held.csm.post(f"{held.url}/trial", lang="fr")
    ((to, message),) = took(held).items()
    assert to == "csm@demo.haark.test"
    assert str(message["Subject"]) == SUBJECTS["sponsor@valmorin.test"]
    assert names(message) == []
    html = message.get_body(("html",)).get_content()
    assert "Bonjour Sophie," in html
    assert "href" not in html.split("Ce QBR vous a-t-il été utile")[1]
    assert held.one(sa.select(sa.func.count()).select_from(ReviewSurvey).where(ReviewSurvey.review_id == held.id)) == 0
    assert held.one(sa.select(Review.state).where(Review.id == held.id)) == "held"


def test_options_leave_things_out_and_an_unusable_address_is_said(one_held):
    held = one_held
    for option in ("with_pdf", "with_invite", "survey", "plan_link"):
        held.csm.post(f"{held.url}/options", option=option)
    assert held.csm.post(f"{held.url}/options", option="sent_at").status_code == 404
    for email in ("champion@valmorin.test", "decisionmaker@valmorin.test"):
        held.csm.post(f"{held.url}/recipients", email=email, chosen="0")
    refused = held.csm.post(f"{held.url}/people", name="Marc", email="pas une adresse", language="fr", htmx=True)
    assert refused.status_code == 422
    assert "n’a pas la forme" in refused.text
    held.csm.post(f"{held.url}/people", name="Marc Vasseur", email="Marc@Valmorin.test", language="en")
    held.csm.post(f"{held.url}/sending")
    mails = took(held)
    assert sorted(mails) == ["marc@valmorin.test", "sponsor@valmorin.test"]
    assert names(mails["sponsor@valmorin.test"]) == []
    assert "jointe" not in plain(mails["sponsor@valmorin.test"])
    assert "/survey/" not in plain(mails["sponsor@valmorin.test"])
    assert "/s/" not in plain(mails["sponsor@valmorin.test"])
    rows = held.all(sa.select(RecapRecipient.email, RecapRecipient.chosen, RecapRecipient.mail_id))
    assert {row.email for row in rows if row.mail_id} == set(mails)


def test_an_evening_ebr_and_a_month_have_their_own_subject(one_held):
    with one_held.scope():
        from haark.reviews.recap import texts
        from haark.reviews.recap.story import Story

        review = db.session.get_one(Review, one_held.id)
        db.session.expunge(review)
        found = {}
        for kind, period in (("ebr", "2026"), ("mbr", "2026-11"), ("qbr", "2026-Q4")):
            review.kind, review.period = kind, period
            story = Story(review, review.held_on)
            found[kind] = [texts.of(story, language).subject for language in ("fr", "en", "uk")]
    assert found["ebr"][0] == "Récap EBR 2026 - Groupe Valmorin × Sillage"
    assert found["mbr"][0] == "Récap MBR nov. 2026 - Groupe Valmorin × Sillage"
    assert found["qbr"] == [
        SUBJECTS[to] for to in ("sponsor@valmorin.test", "decisionmaker@valmorin.test", "champion@valmorin.test")
    ]


@pytest.mark.parametrize("late", [False, True])
def test_the_owner_learns_once_that_it_is_late(one_held, monkeypatch, late):
    from haark.notices.models import Notice
    from haark.today import jobs

    monkeypatch.setenv("HAARK_TODAY", f"2026-11-13T10:{50 if late else 49}:00+01:00")
    for _twice in range(2):
        with one_held.scope():
            jobs.tell_late()
    told = one_held.all(sa.select(Notice.user_id, Notice.kind, Notice.what).where(Notice.subject_id == one_held.id))
    assert [tuple(row) for row in told] == ([(one_held.by, "review_late", "recap")] if late else [])
    page = one_held.csm.get(one_held.url).text
    assert ("En retard" in page, "1 min" in page) == (late, not late)
