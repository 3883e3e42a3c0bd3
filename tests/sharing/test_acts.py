"""SP-6, XB-2, XB-7, RV-13: what a client does by their link is written down in their name, and the CSM is told."""

from datetime import date, timedelta

import sqlalchemy as sa

from haark import clock
from haark.accounts.models import Contact
from haark.actions.models import ActionItem
from haark.cadence.models import Review
from haark.comments.models import Comment
from haark.events.models import Event
from haark.extensions import db
from haark.notices.models import Notice
from haark.plans import proposals, versions
from haark.plans.models import Milestone, Objective, Plan, Proposal, Signature
from haark.value.models import RoiLine
from tests.support import statements
from tests.support.clients import TODAY


def told(house):
    """What the CSM was told, oldest first; nobody else is."""
    with house.app.app_context():
        rows = db.session.execute(sa.select(Notice).order_by(Notice.id)).scalars().all()
        assert {row.user_id for row in rows} <= {house.users["csm"]}
        return [(row.what, row.actor_name) for row in rows if row.kind == "answered"]


def events(house, prefix):
    with house.app.app_context():
        rows = db.session.execute(sa.select(Event).where(Event.kind.startswith(prefix)).order_by(Event.id)).scalars()
        return [(row.kind, row.actor_id, row.data.get("by_name") or row.data.get("name")) for row in rows]


def only(house, model, **where):
    with house.app.app_context():
        return db.session.scalars(sa.select(model).filter_by(**where)).one()


def test_a_comment_is_shared_and_said_once(house):
    guest, objective = house.guest(), house.objects["own"]["objective"]
    empty = guest.post("/comments", about="plan", text="  ")
    assert empty.status_code == 422 and "Écrivez d’abord votre message." in empty.text
    for _press in range(2):
        answer = guest.post("/comments", about=f"objective:{objective}", text="48 h nous suffisent")
        assert answer.location == f"{guest.home}?done=comment#remarques"
    comment = only(house, Comment)
    assert (comment.subject_kind, comment.subject_id, comment.internal) == ("objective", objective, False)
    assert comment.author_contact_id == house.sophie and "48 h nous suffisent" in guest.page()
    assert told(house) == [("comment", "Sophie Marchand")]
    elsewhere = guest.post("/comments", about=f"objective:{house.objects['foreign']['objective']}", text="x")
    assert elsewhere.status_code == 409 and "Comment" not in str(told(house)[1:])


def test_a_proposal_waits_for_an_answer_and_shows_it(house):
    guest, ident = house.guest(), house.objects["own"]["objective"]
    path = f"/proposals/objective/{ident}"
    form = guest.get(path)
    assert 'value="Litiges sous 48 h"' in form.text
    same = guest.post(path, title="Litiges sous 48 h")
    assert same.status_code == 422 and "Changez au moins une valeur." in same.text
    wrong = guest.post(path, title="", target="beaucoup")
    assert wrong.status_code == 422 and 'value="beaucoup"' in wrong.text
    for _press in range(2):
        assert guest.post(path, title="Litiges sous 36 h", target="36", reason="Le client final").status_code == 303
    made = only(house, Proposal)
    assert made.changes == {"title": ["Litiges sous 48 h", "Litiges sous 36 h"], "target": [None, 36.0]}
    assert (made.contact_id, made.author_name, made.source_kind) == (house.sophie, "Sophie Marchand", "sharing")
    page = guest.page()
    assert "En attente de réponse" in page and "Litiges sous 36 h" in page and "Le client final" in page
    assert told(house) == [("proposal", "Sophie Marchand")]
    assert guest.get(f"/proposals/objective/{house.objects['foreign']['objective']}").status_code == 404
    assert guest.post(f"/proposals/objective/{house.objects['foreign']['objective']}", title="x").status_code == 409


def test_what_became_of_a_proposal_is_mailed_once_in_their_language(house):
    from haark.mail.models import Mail
    from haark.sharing import jobs

    with house.app.app_context():
        db.session.get_one(Contact, house.sophie).language = "en"
        db.session.commit()
    guest, ident = house.guest(), house.objects["own"]["objective"]
    guest.post(f"/proposals/objective/{ident}", title="Disputes in 36 h")
    guest.post(f"/proposals/milestone/{house.objects['own']['milestone']}", title="Pilot in Lille")
    with house.app.app_context():
        first, second = db.session.scalars(sa.select(Proposal).order_by(Proposal.id))
        by = {"by": house.users["csm"], "at": clock.moment()}
        proposals.accept(first, answer="Agreed", **by)
        proposals.decline(second, answer="Lyon is ready", **by)
        db.session.commit()
        for _time in range(2):
            jobs.answer(house.own)
        mails = db.session.scalars(sa.select(Mail).order_by(Mail.id)).all()
        assert [mail.to_address for mail in mails] == ["sophie@valmorin.test"] * 2
        assert "accepted" in mails[0].subject and "Agreed" in mails[0].text and "Claire Delorme" in mails[0].text
        assert "Lyon is ready" in mails[1].text and "/s/" not in mails[1].text.replace("sealed.invalid/s/", "")
        assert mails[0].language == "en"
    page = guest.page()
    assert "Agreed" in page and "Lyon is ready" in page


def test_their_own_action_is_done_and_taken_back(house):
    guest = house.guest()
    assert guest.post(f"/actions/{house.task}/completion").status_code == 303
    item = only(house, ActionItem, id=house.task)
    assert (item.state, item.done_by_contact_id, item.done_by_id) == ("done", house.sophie, None)
    assert f"/actions/{house.task}/reopening" in guest.page()
    assert guest.post(f"/actions/{house.task}/reopening").status_code == 303
    assert only(house, ActionItem, id=house.task).state == "open"
    assert told(house) == [("action_done", "Sophie Marchand"), ("action_reopened", "Sophie Marchand")]
    for foreign in (house.colleagues, house.objects["own"]["action"], house.objects["foreign"]["action"]):
        assert guest.post(f"/actions/{foreign}/completion").status_code == 409
        assert only(house, ActionItem, id=foreign).state == "open"


def test_a_claim_is_confirmed_as_it_was_read(house):
    guest = house.guest()
    page = guest.page()
    assert "17 600 h" in page.replace("\N{NARROW NO-BREAK SPACE}", " ") and "Estimation" in page
    line = only_line(house)
    seal = page.split('name="seal" value="')[1][:16]
    assert guest.post(f"/values/{line.id}/confirmation", seal="0" * 16).status_code == 409
    assert guest.post(f"/values/{line.id}/confirmation", seal=seal).status_code == 303
    assert (only_line(house).confirmed_by, only_line(house).confirmed_on) == ("Sophie Marchand", TODAY)
    assert "Confirmé par Sophie Marchand le 12 nov. 2026" in guest.page()
    assert guest.post(f"/values/{line.id}/confirmation/removal").status_code == 303
    assert only_line(house).confirmed_on is None
    assert [what for what, _who in told(house)] == ["value_confirmed", "value_unconfirmed"]


def only_line(house):
    from haark.value.models import RoiCase

    with house.app.app_context():
        return db.session.scalars(
            sa.select(RoiLine).join(RoiCase, RoiCase.id == RoiLine.case_id).where(RoiCase.account_id == house.own)
        ).one()


def publish(house):
    with house.app.app_context():
        plan = db.session.scalars(sa.select(Plan).where(Plan.account_id == house.own)).one()
        seen = versions.digest(versions.content(plan))
        made = versions.publish(plan, seen=seen, by=house.users["csm"], at=clock.moment())
        db.session.commit()
        return made.number


def test_the_latest_version_is_signed_once(house):
    guest = house.guest()
    assert "Je signe" not in guest.page()
    publish(house)
    assert "Je signe la version 1" in guest.page()
    with house.app.app_context():
        db.session.get_one(Objective, house.objects["own"]["objective"]).title = "Litiges sous 36 h"
        db.session.commit()
    page = guest.page()
    assert "a changé depuis" in page and "Litiges sous 48 h" in guest.get("/versions/1").text
    publish(house)
    assert guest.post("/signature", number=1).status_code == 409
    for _press in range(2):
        assert guest.post("/signature", number=2).status_code == 303
    signature = only(house, Signature)
    assert (signature.contact_id, signature.name) == (house.sophie, "Sophie Marchand")
    page = guest.page()
    assert "Sophie Marchand, Groupe Valmorin, a signé le 12 nov. 2026" in page and "Je signe" not in page
    assert told(house) == [("signed", "Sophie Marchand")]
    assert [kind for kind, _by, _name in events(house, "plan.signed")] == ["plan.signed"]


def test_a_meeting_is_asked_for_once(house):
    guest = house.guest()
    for _press in range(2):
        assert guest.post("/meeting", text="Le budget 2027").status_code == 303
    link_id = int(guest.home.rsplit("/", 1)[1])
    item = only(house, ActionItem, source_kind="sharing", source_id=link_id)
    assert item.title == "Fixer la réunion demandée par Sophie Marchand"
    assert (item.owner_user_id, item.due_on) == (house.users["csm"], TODAY + timedelta(4))  # over a weekend
    assert "Vous avez demandé une réunion le 12 nov. 2026" in guest.page()
    assert told(house) == [("meeting_asked", "Sophie Marchand")]
    assert events(house, "share.meeting_asked") == [("share.meeting_asked", None, "Sophie Marchand")]


def test_the_agenda_is_read_and_answered_once_it_is_shared(house):
    with house.app.app_context():
        review = Review(account_id=house.own, kind="qbr", period="2026-Q4", due_on=date(2026, 12, 3), state="planned")
        review.period_start, review.period_end = date(2026, 10, 1), date(2026, 12, 31)
        review.goals, review.created_at = "Décider du pilote de Lyon", clock.now()
        db.session.add(review)
        db.session.commit()
        ident = review.id
    guest, csm = house.guest(), house.login("csm")
    assert "pilote de Lyon" not in guest.page()
    assert guest.post("/agenda", review=ident, remark="topic", text="Budget").status_code == 409
    assert "Partager l’ordre du jour" in csm.get(f"/reviews/{ident}/planning").text
    assert csm.post(f"/reviews/{ident}/agenda/sharing").status_code == 303
    page = guest.page()
    assert "Décider du pilote de Lyon" in page and "Ordre du jour, projet" in page and "QBR Q4 2026" in page
    assert guest.post("/agenda", review=ident, remark="figure", text="OTIF est à 95 %").status_code == 303
    assert only(house, Comment).text == "Chiffre à corriger\N{NARROW NO-BREAK SPACE}: OTIF est à 95 %"
    assert "OTIF est à 95 %" in guest.page()
    csm.post(f"/reviews/{ident}/agenda/withdrawal")
    assert "pilote de Lyon" not in guest.page()
    assert [kind for kind, _by, _name in events(house, "review.agenda")] == [
        "review.agenda_shared",
        "review.agenda_withdrawn",
    ]


def test_the_page_takes_a_constant_number_of_statements(house):
    guest = house.guest()
    counts = []
    for _round in range(2):
        with statements.counted(house.app) as sent:
            guest.page()
        counts.append(len(sent))
        with house.app.app_context():
            for number in range(5):
                made = {"account_id": house.own, "title": f"Numéro {number}"}
                db.session.add_all((Objective(**made), Milestone(**made, due_on=TODAY)))
                db.session.add(ActionItem(**made, owner_contact_id=house.sophie, created_at=clock.moment()))
            db.session.commit()
    assert counts[0] == counts[1] <= 30, counts


def test_the_account_remembers_what_its_client_did(house):
    guest = house.guest()
    guest.post("/comments", about="plan", text="Bonjour")
    guest.post("/meeting", text="")
    history = house.login("csm").get(f"/accounts/{house.own}/history").text
    for said in ("Plan ouvert par le client", "Commentaire ajouté", "Réunion demandée par le client"):
        assert said in history, said
    assert "Sophie Marchand" in history
