"""The page behind an answer link, and what becomes of the answer."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from haark.accounts.models import Account
from haark.cadence import domain as cadence
from haark.cadence.models import Review
from haark.events.models import Event
from haark.extensions import db
from tests.reviews.inviting.conftest import STARTS
from tests.support.statements import counted


def opened(game):
    game.choose(place="Orléans")
    game.invite()
    game.links = {one.to.split("@")[0]: one.link for one in game.mails()}
    return game


@pytest.fixture
def invited(one_game):
    return opened(one_game)


@pytest.fixture
def db_invited(game):
    """The same on both databases."""
    return opened(game)


def test_opening_changes_nothing_and_tells_nothing_internal(invited):
    client = invited.app.test_client()
    before = {name: row.version for name, row in invited.people().items()}
    page = client.get(invited.links["julia"])
    assert page.status_code == 200
    assert '<html lang="uk"' in page.text and "Orléans" in page.text and "10:00" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"] and "noindex" in page.headers["X-Robots-Tag"]
    for inside in ("Sophie", "Claire", "portfolio", "sponsor", "santé", "ARR"):
        assert inside not in page.text
    assert {name: row.version for name, row in invited.people().items()} == before


def test_yes_no_and_another_moment_and_the_first_is_taken_back(db_invited):
    invited = db_invited
    client, link = invited.app.test_client(), invited.links["sophie"]
    assert client.post(link, data={"reply": "yes", "note": "Avec plaisir"}).status_code == 200
    assert (invited.people()["Sophie"].reply, invited.people()["Sophie"].reply_note) == ("yes", "Avec plaisir")
    assert 'value="yes" checked' in client.get(link).text or "checked" in client.get(link).text
    assert client.post(link, data={"reply": "no", "note": "En congé"}).status_code == 200
    assert invited.people()["Sophie"].reply == "no"
    other = {"reply": "other", "day": "2026-11-20", "hour": "14:30"}
    assert client.post(link, data=other).status_code == 200
    assert invited.people()["Sophie"].other_at == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    with invited.scope():
        told = list(db.session.scalars(sa.select(Event).where(Event.kind == "participant.replied").order_by(Event.id)))
        assert [event.data["reply"] for event in told] == ["yes", "no", "other"]
        assert {event.account_id for event in told} == {invited.house.own}
    timeline = invited.house.login("csm").get(f"/accounts/{invited.house.own}/history")
    assert timeline.status_code == 200 and "Réponse à l’invitation" in timeline.text


def test_what_cannot_be_an_answer_is_asked_again(invited):
    wrong = (
        ({}, "Choisissez une réponse."),
        ({"reply": "maybe"}, "Choisissez une réponse."),
        ({"reply": "other"}, "Dites quel jour et à quelle heure."),
        ({"reply": "other", "day": "2026-11-01", "hour": "10:00"}, "Choisissez un moment à venir."),
        ({"reply": "other", "day": "2027-03-28", "hour": "02:30"}, "les horloges sautent cette heure"),
        ({"reply": "no", "note": "x" * 1001}, "1 000 caractères au plus"),
    )
    for typed, said in wrong:
        answer = invited.app.test_client().post(invited.links["sophie"], data=typed)
        assert answer.status_code == 422 and said in answer.text, typed
    assert invited.people()["Sophie"].reply == ""


def test_a_link_that_does_not_work_is_the_same_404(invited):
    client, link = invited.app.test_client(), invited.links["sophie"]
    guesses = [
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        "/answers/x",
        f"/answers/{invited.people()['Anne'].reply_hash}",
    ]
    pages = {client.get(guess).text for guess in guesses}
    with invited.scope():
        cadence.cancel(db.session.get_one(Review, invited.id), "Reportée", **invited.now())
    assert client.get(link).status_code == client.post(link, data={"reply": "yes"}).status_code == 404
    pages.add(client.get(link).text)
    assert len({page.replace(guess, "") for page in pages for guess in guesses}) <= len(pages)
    assert all("Cette page n’existe pas" in page for page in pages)


def test_after_the_meeting_and_with_a_deleted_account_there_is_no_page(one_game, monkeypatch):
    one_game.choose()
    one_game.invite()
    client, link = one_game.app.test_client(), one_game.mails()[-1].link
    monkeypatch.setenv("HAARK_TODAY", "2026-11-19T09:45:00+00:00")
    assert client.get(link).status_code == 200, "until it is over"
    monkeypatch.setenv("HAARK_TODAY", "2026-11-19T09:51:00+00:00")
    assert client.get(link).status_code == 404
    monkeypatch.setenv("HAARK_TODAY", "2026-11-12")
    with one_game.scope():
        db.session.get_one(Account, one_game.house.own).deleted_at = STARTS
    assert client.get(link).status_code == 404


def test_guesses_and_floods_are_counted(one_game):
    one_game.choose()
    one_game.invite()
    client, link = one_game.app.test_client(), one_game.mails()[-1].link
    codes = [client.get(f"/answers/{number:043d}").status_code for number in range(55)]
    assert codes[:50] == [404] * 50 and codes[-1] == 429
    assert client.get(link).status_code == 200, "who has a link is not kept out"
    codes = [client.post(link, data={"reply": "yes"}).status_code for _number in range(55)]
    assert codes[0] == 200 and codes[-1] == 429


def test_a_proposed_time_is_a_slot_and_accepting_it_tells_everybody(db_invited):
    invited = db_invited
    client = invited.app.test_client()
    client.post(invited.links["anne"], data={"reply": "yes"})
    client.post(invited.links["sophie"], data={"reply": "other", "day": "2026-11-20", "hour": "14:30"})
    csm = invited.house.login("csm")
    page = csm.get(f"/reviews/{invited.id}/planning").text
    assert "Proposé par Sophie Marchand" in page and "Propose le ven. 20 nov. à 14:30" in page
    row = invited.people()["Sophie"]
    place = f"/reviews/{invited.id}/participants/p{row.id}/acceptance"
    assert csm.post(place, other_at="2026-11-21T13:30:00+00:00").status_code == 409, "they changed their mind meanwhile"
    assert csm.post(place, other_at=row.other_at.isoformat()).status_code == 303
    told = invited.mails()
    assert len(told) == 4 and {one.event["sequence"] for one in told} == {1}
    assert told[0].event.start.astimezone(UTC) == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    people = invited.people()
    assert (people["Sophie"].reply, people["Anne"].reply) == ("yes", ""), "Anne is asked about the new hour"
    assert client.get(invited.links["anne"]).status_code == 200, "the link of the first mail still works"


def test_the_page_takes_a_constant_number_of_statements(invited):
    csm = invited.house.login("csm")
    csm.get(f"/reviews/{invited.id}/planning")
    with counted(invited.app) as sent:
        csm.get(f"/reviews/{invited.id}/planning")
    assert len(sent) <= 22, "\n".join(sent)
    with invited.scope():
        from haark.reviews.inviting import domain

        for number in range(10):
            told = (f"Invité {number}", f"g{number}@valmorin.test", "fr")
            domain.add(db.session.get_one(Review, invited.id), *told, ours=False, **invited.now())
    with counted(invited.app) as more:
        csm.get(f"/reviews/{invited.id}/planning")
    assert len(more) == len(sent)


def test_another_address_of_somebody_invited_withdraws_the_first(invited):
    csm, row = invited.house.login("csm"), invited.people()["Sophie"]
    place = f"/reviews/{invited.id}/participants/p{row.id}"
    assert csm.get(place).status_code == 200
    taken = csm.post(place, name=row.name, email="anne@valmorin.test", language="fr")
    assert taken.status_code == 422 and invited.mails() == []
    assert csm.post(place, name=row.name, email="s.marchand@valmorin.test", language="en").status_code == 303
    (gone,) = invited.mails()
    assert (gone.to, gone.method) == ("sophie@valmorin.test", "CANCEL")
    assert invited.app.test_client().get(invited.links["sophie"]).status_code == 404
    assert invited.invite() == ["Sophie Marchand"]
    assert [one.to for one in invited.mails()] == ["s.marchand@valmorin.test"]


def test_a_guest_is_added_and_an_answer_by_telephone_written_down(invited):
    csm = invited.house.login("csm")
    place = f"/reviews/{invited.id}/participants"
    fields = {"guest-name": "Paul Guérin", "guest-language": "fr", "guest-side": "theirs"}
    assert csm.post(f"{place}/guests", **fields, **{"guest-email": "paul"}).status_code == 422
    assert csm.post(f"{place}/guests", **fields, **{"guest-email": "paul@valmorin.test"}).status_code == 303
    row = invited.people()["Paul"]
    assert csm.post(f"{place}/p{row.id}/answer", reply="yes").status_code == 303
    assert invited.people()["Paul"].reply == "yes"
    assert csm.post(f"{place}/p{row.id}/removal").status_code == 303
    assert "Paul" not in invited.people() and invited.mails() == [], "nobody was invited, nobody is told"


def test_ticks_are_kept_and_a_stale_page_sends_nothing(game):
    csm, place = game.house.login("csm"), f"/reviews/{game.id}"
    game.choose()
    sophie = game.people()["Sophie"]
    fragment = csm.post(f"{place}/participants", htmx=True, chosen=[f"p{sophie.id}"])
    assert fragment.status_code == 200 and 'hx-swap-oob="true"' in fragment.text
    assert "Envoyer 1 invitation" in fragment.text
    version = game.review.version
    assert csm.post(f"{place}/invitations", version=version - 1).status_code == 409 and game.mails() == []
    assert csm.post(f"{place}/invitations", version=version).status_code == 303
    assert [one.to for one in game.mails()] == ["sophie@valmorin.test"]
    assert game.review.starts_at == STARTS
    calendar = csm.get(f"{place}/invitation.ics")
    assert calendar.mimetype == "text/calendar" and "METHOD:PUBLISH" in calendar.text
    assert game.review.starts_at + timedelta(minutes=50) == STARTS + timedelta(minutes=50)
