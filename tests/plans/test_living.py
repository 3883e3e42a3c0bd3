"""SP-1 to SP-7 on the plan’s page: values, team, risks, proposals, versions, templates, links, comments; the list."""

from datetime import date

import pytest
import sqlalchemy as sa

from haark import clock
from haark.accounts.models import Account, AccountCard, Contact
from haark.comments.models import Comment
from haark.extensions import db
from haark.mail.models import Mail
from haark.notices.models import Notice
from haark.plans import links, proposals, shipped, versions
from haark.plans.models import (
    Milestone,
    Objective,
    ObjectiveValue,
    Plan,
    PlanMember,
    PlanRisk,
    PlanTemplate,
    PlanVersion,
    Proposal,
    ShareLink,
    Signature,
)
from haark.settings import domain as settings
from tests.support.clients import TODAY, settle
from tests.support.statements import counted

PAGE = {"on": "page"}
RISK = {"title": "Import EDI lent", "impact": "high", "mitigation": "Par lots", "internal_note": "Ne rien promettre"}


@pytest.fixture
def house(app):
    return settle(app)


def first(house, model, **where):
    with house.app.app_context():
        return db.session.scalars(sa.select(model).filter_by(**where).order_by(model.id.desc()).limit(1)).first()


def propose(house, kind="objective", values=None, **extra):
    """A proposal of the client's contact; its id."""
    with house.app.app_context():
        person = db.session.scalars(sa.select(Contact).where(Contact.account_id == house.own)).first()
        made = proposals.propose(
            house.own,
            kind,
            values or {"title": "Litiges sous 24 h"},
            at=clock.moment(),
            contact=(person.id, person.name),
            **extra,
        )
        db.session.commit()
        return made.id


def test_the_latest_day_is_the_current_value(house):
    visitor, ident = house.login("csm"), house.objects["own"]["objective"]
    for day, value in (("2026-11-02", "92,5"), ("2026-09-01", "80")):
        visitor.post(f"/objectives/{ident}/values", **PAGE, value=value, on_day=day, source="BI")
    row = first(house, Objective, id=ident)
    assert (row.current, row.current_on, row.version) == (92.5, date(2026, 11, 2), 1)
    last = first(house, ObjectiveValue, objective_id=ident, value=92.5)
    removed = visitor.post(f"/objective-values/{last.id}/removal", htmx=True, **PAGE)
    assert first(house, Objective, id=ident).current == 80 and 'id="plan-objectives"' in removed.text
    wrong = visitor.post(f"/objectives/{ident}/values", htmx=True, **PAGE, value="beaucoup", on_day="2026-11-03")
    assert wrong.status_code == 422 and "Entrez un nombre" in wrong.text


def test_risks_and_team_are_written_and_a_second_writer_gets_both_texts(house):
    visitor, other = house.login("csm"), house.login("manager")
    page = visitor.post(f"/accounts/{house.own}/plan-risks", htmx=True, **PAGE, **RISK).text
    assert 'id="plan-risks"' in page and "Import EDI lent" in page and 'id="plan-versions"' in page
    ident = first(house, PlanRisk).id
    assert visitor.post(f"/plan-risks/{ident}", version=1, **{**RISK, "impact": "low"}).status_code == 303
    clash = other.post(f"/plan-risks/{ident}", htmx=True, version=1, **PAGE, **{**RISK, "mitigation": "Autre idée"})
    assert clash.status_code == 409 and "Autre idée" in clash.text and "Par lots" in clash.text
    assert first(house, PlanRisk, id=ident).mitigation == "Par lots"
    with house.app.app_context():
        contact = db.session.scalars(sa.select(Contact).where(Contact.account_id == house.own)).one()
        contact.role = "champion"
        db.session.commit()
        person = f"contact:{contact.id}"
    plan = house.objects["own"]["plan"]
    assert "Suggérés par leur rôle" in visitor.get(f"/plans/{plan}").text
    team = visitor.post(f"/accounts/{house.own}/plan-members", htmx=True, **PAGE, role="champion", person=person)
    assert "Julien Perrot" in team.text and first(house, PlanMember).name == "Julien Perrot"
    nobody = visitor.post(f"/accounts/{house.own}/plan-members", htmx=True, **PAGE, role="other", person="", name="")
    assert nobody.status_code == 422 and "Choisissez une personne" in nobody.text


def test_parts_change_places_without_a_conflict_for_whoever_edits(house):
    visitor = house.login("csm")
    visitor.post(f"/accounts/{house.own}/objectives", title="Deuxième")
    one, two = house.objects["own"]["objective"], first(house, Objective).id
    visitor.post(f"/objectives/{two}/move", **PAGE, past=one)
    page = visitor.get(f"/plans/{house.objects['own']['plan']}").text
    assert page.index("Deuxième") < page.index("Litiges sous 48 h")
    assert visitor.post(f"/objectives/{one}", version=1, title="Litiges sous 24 h").status_code == 303


def test_a_proposal_is_a_difference_and_is_accepted_as_it_is(house):
    visitor, ident = house.login("csm"), house.objects["own"]["objective"]
    waiting = propose(house, values={"due_on": date(2027, 3, 31)}, subject_id=ident, reason="Orléans repart")
    page = visitor.get(f"/plans/{house.objects['own']['plan']}").text
    assert "<ins>31 mars 2027</ins>" in page and "Orléans repart" in page and "Julien Perrot" in page
    answer = visitor.post(f"/proposals/{waiting}/acceptance", htmx=True, **PAGE, seen=1)
    assert answer.status_code == 200 and 'id="plan-objectives" hx-swap-oob="true"' in answer.text
    assert first(house, Objective, id=ident).due_on == date(2027, 3, 31)
    again = visitor.post(f"/proposals/{waiting}/refusal", htmx=True, **PAGE, answer="Non")
    assert again.status_code == 409 and first(house, Proposal, id=waiting).state == "accepted"


def test_the_plan_changed_meanwhile_and_nothing_is_lost(house):
    visitor, ident = house.login("csm"), house.objects["own"]["objective"]
    waiting = propose(house, subject_id=ident)
    visitor.post(f"/objectives/{ident}", version=1, title="Litiges sous 36 h")
    clash = visitor.post(f"/proposals/{waiting}/acceptance", htmx=True, **PAGE, seen=1)
    assert clash.status_code == 409 and "Litiges sous 36 h" in clash.text and "Litiges sous 24 h" in clash.text
    assert first(house, Objective, id=ident).title == "Litiges sous 36 h"
    own = {"own": "1", "seen": 2, "title": "Litiges sous 30 h", "answer": "À mi-chemin"}
    assert visitor.post(f"/proposals/{waiting}/acceptance", **PAGE, **own).status_code == 303
    row = first(house, Proposal, id=waiting)
    assert (row.state, row.answer, first(house, Objective, id=ident).title) == (
        "accepted",
        "À mi-chemin",
        "Litiges sous 30 h",
    )


def test_two_people_and_a_sponsor_at_once_lose_nothing(db_app):
    """On both databases: two edits of one objective, a value and a proposal in the same moment."""
    house = settle(db_app)
    ident = house.objects["own"]["objective"]
    one, two = house.login("csm"), house.login("manager")
    assert one.get(f"/objectives/{ident}").status_code == two.get(f"/objectives/{ident}").status_code == 200
    waiting = propose(house, values={"kpi": "Part des litiges clos"}, subject_id=ident)
    assert one.post(f"/objectives/{ident}/values", **PAGE, value="80", on_day="2026-11-01").status_code == 303
    assert one.post(f"/objectives/{ident}", version=1, title="Litiges sous 36 h").status_code == 303
    clash = two.post(f"/objectives/{ident}", version=1, title="Litiges sous 24 h")
    assert clash.status_code == 409 and "Litiges sous 24 h" in clash.text and "Litiges sous 36 h" in clash.text
    assert two.post(f"/proposals/{waiting}/acceptance", htmx=True, **PAGE, seen=1).status_code == 409
    assert two.post(f"/proposals/{waiting}/acceptance", **PAGE, seen=2).status_code == 303
    row = first(house, Objective, id=ident)
    assert (row.title, row.kpi, row.current) == ("Litiges sous 36 h", "Part des litiges clos", 80)


def test_a_new_thing_is_proposed_and_declined_with_a_word(house):
    waiting = propose(house, kind="risk", values={"title": "Congés d’été", "impact": "low"})
    visitor = house.login("csm")
    assert "à ajouter" in visitor.get(f"/plans/{house.objects['own']['plan']}").text
    visitor.post(f"/proposals/{waiting}/refusal", **PAGE, answer="Déjà prévu")
    row = first(house, Proposal, id=waiting)
    assert (row.state, row.answer, first(house, PlanRisk)) == ("declined", "Déjà prévu", None)


def test_a_version_is_what_was_looked_at_and_holds_nothing_internal(house):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    visitor.post(f"/accounts/{house.own}/plan-risks", **RISK)
    with house.app.app_context():
        seen = versions.digest(versions.content(db.session.get(Plan, plan)))
    visitor.post(f"/accounts/{house.own}/plan/vision", version=1, title="Plan 2027", vision="Zéro litige")
    clash = visitor.post(f"/plans/{plan}/publication", seen=seen, note="après le QBR")
    assert clash.status_code == 409 and "Zéro litige" in clash.text and 'value="après le QBR"' in clash.text
    with house.app.app_context():
        seen = versions.digest(versions.content(db.session.get(Plan, plan)))
    assert visitor.post(f"/plans/{plan}/publication", seen=seen, sign="yes").status_code == 303
    made = first(house, PlanVersion)
    assert made.number == 1 and "Ne rien promettre" not in str(made.content) and "Par lots" in str(made.content)
    assert first(house, Signature).name == "Claire Delorme"
    visitor.post(f"/plans/{plan}/publication", seen=seen)
    assert first(house, PlanVersion).id == made.id, "nothing changed, nothing to publish"
    visitor.post(f"/accounts/{house.own}/plan/vision", version=2, title="Plan 2027", vision="Zéro retard")
    differ = visitor.get(f"/plans/{plan}/versions").text
    assert "<del>Zéro litige</del> <ins>Zéro retard</ins>" in differ
    assert visitor.get(f"/plans/{plan}/versions?from=9").status_code == 404


def test_a_clients_signature_agrees_on_what_it_says(house):
    ident, plan = house.objects["own"]["objective"], house.objects["own"]["plan"]
    visitor = house.login("csm")
    visitor.post(f"/accounts/{house.own}/objectives", title="Changé depuis")
    later = first(house, Objective).id
    with house.app.app_context():
        row, contact = db.session.get(Plan, plan), db.session.scalars(sa.select(Contact)).first()
        seen = versions.digest(versions.content(row))
        version = versions.publish(row, seen=seen, by=None, at=clock.moment())
        db.session.get(Objective, later).title = "Autre chose"
        for _twice in range(2):
            versions.sign(version, at=clock.moment(), on=TODAY, contact=contact)
        db.session.commit()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 1
    agreed = first(house, Objective, id=ident)
    assert (agreed.agreed_on, agreed.agreed_by) == (TODAY, "Julien Perrot")
    assert first(house, Objective, id=later).agreed_on is None


@pytest.mark.parametrize("language", ["fr", "en", "uk"])
def test_the_shipped_plan_starts_in_the_coming_quarters_once(house, language):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    assert shipped.name(language) in visitor.get(f"/plans/{plan}/templates").text
    wanted = {"template": f"shipped:{language}", "version": 1}
    for _twice in range(2):
        assert visitor.post(f"/plans/{plan}/templates", **wanted).status_code == 303
    with house.app.app_context():
        goals = db.session.execute(
            sa.select(Objective.comparator, Objective.target, Objective.due_on)
            .where(Objective.account_id == house.own, Objective.target.is_not(None))
            .order_by(Objective.position)
        ).all()
        steps = db.session.execute(
            sa.select(Milestone.due_on, sa.func.count())
            .where(Milestone.account_id == house.own, Milestone.due_on.is_not(None))
            .group_by(Milestone.due_on)
            .order_by(Milestone.due_on)
        ).all()
        impacts = list(db.session.scalars(sa.select(PlanRisk.impact).order_by(PlanRisk.position)))
    ends = (date(2027, 3, 31), date(2027, 6, 30), date(2027, 9, 30), date(2027, 12, 31))
    assert [tuple(goal) for goal in goals] == [("le", 2, ends[1]), ("ge", 90, ends[2]), ("ge", 40, ends[3])]
    assert [tuple(step) for step in steps] == [(end, 3) for end in ends[:3]]
    assert impacts == ["high", "medium", "medium"]


def test_a_plan_becomes_a_template_without_what_is_the_clients_own(house):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    mine = {"title": "OTIF", "target": "96", "due_on": "2027-02-01", "quote": "À l’heure !", "internal_note": "Tu"}
    visitor.post(f"/accounts/{house.own}/objectives", **mine, starts_on="2026-11-01")
    assert visitor.post(f"/plans/{plan}/template", name="").status_code == 422
    visitor.post(f"/plans/{plan}/template", name="Transport")
    made = first(house, PlanTemplate)
    assert made.name == "Transport" and made.content["objectives"][-1]["quarter"] == 1
    assert "À l’heure !" not in str(made.content) and "Tu" not in str(made.content)
    assert house.login("other").post(f"/plan-templates/{made.id}/removal").status_code == 403
    visitor.post(f"/plan-templates/{made.id}/removal")
    assert visitor.post(f"/plans/{plan}/templates", template=made.id, version=1).status_code == 404
    visitor.post(f"/plan-templates/{made.id}/removal/removal")
    assert "Transport" in visitor.get(f"/plans/{plan}/templates").text


def test_a_link_is_shown_on_request_revoked_after_a_question_and_made_again(house):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    contact = first(house, Contact, account_id=house.own).id
    past = visitor.post(f"/plans/{plan}/links", htmx=True, **PAGE, contact=contact, until="2026-01-01")
    stranger = first(house, Contact, account_id=house.foreign).id
    assert past.status_code == visitor.post(f"/plans/{plan}/links", **PAGE, contact=stranger).status_code == 422
    made = visitor.post(f"/plans/{plan}/links", htmx=True, **PAGE, contact=contact, until="2027-01-31")
    with house.app.app_context():
        link = db.session.scalars(sa.select(ShareLink)).one()
        secret = links.token_of(link)
    assert f"/s/{secret}" in made.text and link.expires_on == date(2027, 1, 31)
    page = visitor.get(f"/plans/{plan}").text
    assert secret not in page and "31 janv. 2027" in page and "jamais ouvert" in page
    shown = visitor.post(f"/share-links/{link.id}/address", **PAGE)
    assert f"/s/{secret}" in shown.text and "readonly" in shown.text
    asked = visitor.post(f"/share-links/{link.id}/revocation", htmx=True, **PAGE)
    assert "ne pourra plus ouvrir le plan" in asked.text and first(house, ShareLink).revoked_at is None
    visitor.post(f"/share-links/{link.id}/revocation", **PAGE, sure="yes")
    assert "Révoqué" in visitor.get(f"/plans/{plan}").text
    visitor.post(f"/share-links/{link.id}/renewal", **PAGE)
    with house.app.app_context():
        assert links.by_token(secret, TODAY) is None
        assert links.by_token(links.token_of(db.session.get(ShareLink, link.id + 1)), TODAY) is not None


def test_the_mail_speaks_the_contacts_language_once_a_day_and_keeps_no_secret(house):
    visitor = house.login("csm")
    with house.app.app_context():
        contact = db.session.scalars(sa.select(Contact).where(Contact.account_id == house.own)).one()
        link = links.issue(contact, by=None, at=clock.moment(), on=TODAY)
        db.session.commit()
        ident, secret = link.id, links.token_of(link)
    assert visitor.post(f"/share-links/{ident}/mail", htmx=True, **PAGE).status_code == 422, "no address yet"
    with house.app.app_context():
        contact = db.session.scalars(sa.select(Contact).where(Contact.account_id == house.own)).one()
        contact.email, contact.language = "julien@valmorin.test", "uk"
        db.session.commit()
    for _twice in range(2):
        visitor.post(f"/share-links/{ident}/mail", **PAGE)
    with house.app.app_context():
        mail = db.session.scalars(sa.select(Mail)).one()
    assert mail.subject.startswith("Ваш план успіху") and "Claire Delorme" in mail.text and mail.language == "uk"
    assert secret not in mail.text + mail.html and "sealed.invalid" in mail.text


def test_internal_words_are_told_before_anything_is_shared(house):
    csm, plan = house.login("csm"), house.objects["own"]["plan"]
    refused = csm.post(f"/plans/{plan}/comments", htmx=True, text="Le churn recule.", share="yes", **PAGE)
    assert refused.status_code == 422 and "Mot interne « churn »" in refused.text and "Le churn recule." in refused.text
    assert first(house, Comment) is None
    csm.post(f"/plans/{plan}/comments", text="Le churn recule.", **PAGE)  # among us: nothing to say
    assert first(house, Comment).internal
    csm.post(f"/plans/{plan}/comments", text="Le churn recule.", share="yes", sure="yes", **PAGE)
    assert not first(house, Comment).internal
    assert "mot interne dans ce que le client lit" not in csm.get(f"/plans/{plan}").text
    with house.app.app_context():
        db.session.get_one(Plan, plan).vision = "Réduire le churn de moitié."
        db.session.commit()
    for address in (f"/plans/{plan}", f"/plans/{plan}/publication"):
        page = csm.get(address).text
        assert "1 mot interne dans ce que le client lit" in page and "« churn » : Réduire le churn de moitié." in page


def test_comments_stay_inside_unless_shared_on_purpose(house):
    plan = house.objects["own"]["plan"]
    seller, csm = house.login("sales"), house.login("csm")
    said = seller.post(f"/plans/{plan}/comments", htmx=True, text="Pas de prix. @Claire", share="yes", **PAGE)
    assert said.status_code == 200 and 'class="com int"' in said.text
    assert first(house, Comment).internal, "who may not change the plan does not speak to the client"
    assert first(house, Notice, user_id=house.users["csm"]).kind == "mentioned"
    about = f"objective:{house.objects['own']['objective']}"
    csm.post(f"/plans/{plan}/comments", text="La date convient", share="yes", subject=about, **PAGE)
    row = first(house, Comment)
    assert (row.internal, row.subject_kind) == (False, "objective")
    empty = csm.post(f"/plans/{plan}/comments", htmx=True, text=" ", **PAGE)
    assert empty.status_code == 422
    assert seller.post(f"/plan-comments/{row.id}/removal").status_code == 403
    csm.post(f"/plan-comments/{row.id}/removal", **PAGE)
    assert "La date convient" not in csm.get(f"/plans/{plan}").text
    csm.post(f"/plan-comments/{row.id}/removal/removal", **PAGE)
    assert "La date convient" in csm.get(f"/plans/{plan}").text


def test_the_list_says_where_each_plan_stands_in_a_constant_number_of_statements(house):
    propose(house)
    visitor = house.login("csm")
    with counted(house.app) as few:
        mine = visitor.get("/plans").text
    assert "Groupe Valmorin" in mine and "Ateliers Kerneis" not in mine and "1 <span>Non mesurable</span>" in mine
    with house.app.app_context():
        for number in range(60):
            made = Account(name=f"Client {number:02}", name_folded=f"client {number:02}", owner_id=house.users["csm"])
            made.created_at = clock.now()
            db.session.add(made)
            db.session.flush()
            db.session.add(
                AccountCard(
                    account_id=made.id, name=made.name, name_folded=made.name_folded, owner_id=house.users["csm"]
                )
            )
            db.session.add(Plan(account_id=made.id))
            db.session.add(Objective(account_id=made.id, title="OTIF"))
        db.session.commit()
    with counted(house.app) as many:
        page = visitor.get("/plans").text
    assert len(many) == len(few) > 7 and page.count("data-row") == 50 and "Afficher les suivants" in page
    after = visitor.get("/plans?scope=mine&after=" + page.split("after=")[1].split('"')[0].replace("&amp;", "&")).text
    assert after.count("data-row") == 11 and "Client 59" in after
    assert "Ateliers Kerneis" in visitor.get("/plans?scope=team&q=kerneis").text
    assert visitor.get("/plans?only=proposals").text.count("data-row") == 1
    assert "Tous ces comptes ont un plan" in visitor.get("/plans?only=without").text
    bad = visitor.get("/plans?after=x:y&scope=nobody&only=none")
    assert bad.status_code == 200


def test_the_page_takes_as_many_statements_for_a_full_plan_as_for_a_thin_one(house):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    visitor.post(f"/plans/{plan}/templates", template="shipped:fr", version=1)
    visitor.get(f"/plans/{plan}")
    with counted(house.app) as thin:
        visitor.get(f"/plans/{plan}")
    for _more in range(3):
        visitor.post(f"/plans/{plan}/templates", template="shipped:fr", version=first(house, Plan, id=plan).version)
    for number in range(5):
        visitor.post(f"/plans/{plan}/comments", text=f"Mot {number}", **PAGE)
    with counted(house.app) as full:
        page = visitor.get(f"/plans/{plan}").text
    assert page.count('class="po"') == 13
    assert len(full) == len(thin) > 10, [line[:80] for line in full]


def test_milestones_stand_in_fiscal_quarters(house):
    visitor, plan = house.login("csm"), house.objects["own"]["plan"]
    for day in ("2026-11-12", "2027-01-15"):
        visitor.post(f"/accounts/{house.own}/milestones", title=f"Jalon {day}", due_on=day, state="todo")
    page = visitor.get(f"/plans/{plan}").text
    assert "Q4 2026" in page and "Q1 2027" in page and "Sans date" in page
    with house.app.app_context():
        settings.put("fiscal_year_start", 4, by=None, at=clock.moment())
        db.session.commit()
    page = visitor.get(f"/plans/{plan}").text
    assert "Q3 2027" in page and "Q4 2027" in page and "Q4 2026" not in page
