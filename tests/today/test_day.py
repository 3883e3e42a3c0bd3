"""À faire aujourd’hui without JavaScript, on both databases: what stands where, one click, and the number beside it."""

import html
import re
from datetime import timedelta

from haark.actions.models import ActionItem
from haark.cadence import steps
from haark.comments.models import Comment
from haark.extensions import db
from haark.reviews.recap import due
from haark.reviews.recap.models import Recap
from haark.settings import domain as settings
from haark.signals import advice_rules
from haark.signals.models import Signal
from haark.today import queries, sources
from haark.today.models import Postponement
from haark.today.sources import Scope
from tests.support.people import Visitor
from tests.support.statements import counted
from tests.today.conftest import AT, DAY, ON, House

ROW = re.compile(r'<li class="task"[^>]*id="line-(\w+)-(\d+)"')
GROUP = re.compile(r'<h2 class="group" id="group-(\w+)"')


def shown(page: str) -> dict[str, list[str]]:
    """The kinds of lines by group, in the order of the page."""
    parts = GROUP.split(page)[1:]
    return {
        name: [kind for kind, _ident in ROW.findall(body)] for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def number(page: str) -> str:
    found = re.search(r'<span id="today-count"[^>]*>([^<]*)</span>', page)
    assert found is not None
    return found.group(1)


def day(visitor: Visitor, address: str = "/today?all=late&all=today&all=week") -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.text).replace("\xa0", " ").replace("\u202f", " ")


def undo_of(visitor: Visitor, page: str) -> str:
    found = re.findall(r'hx-post="([^"]+)" hx-swap="none"', page)
    assert found, page
    return html.unescape(found[-1])


def test_everything_due_stands_in_its_group_with_its_figure(house: House):
    ids = house.full(house.own, house.base.objects["own"]["contact"])
    claire = house.login("csm")
    page = day(claire)
    assert shown(page) == {
        "late": ["action"],
        "today": ["recap", "renewal", "alert", "proposal", "comment", "plan"],
        "week": ["review"],
    }
    assert number(page) == "8"
    assert "2 j de retard" in page and "avant 16:00" in page
    assert "un récap à envoyer avant 16:00" in page and "1 action en retard" in page
    assert "QBR tenu hier à 16:00" in page
    assert "échéance le 2 déc., santé 44 (−12), churn 35 %" in page
    assert "Réagir : silence depuis 61 jours" in page and "depuis 2 j" in page
    assert "Répondre à Sophie Marchand" in page and "Et pour Lyon ?" in page
    assert f'href="/reviews/{ids["prepare"]}/planning"' in page and "dim. 15" in page
    assert "jeudi 12 novembre" in page
    # One word of ours is an answer, a recap that left is over, and so is a review that somebody planned.
    with house.scope():
        said = {"account_id": house.own, "subject_kind": "objective", "author_user_id": house.claire}
        db.session.add(Comment(text="Lyon suit.", author_name="Claire", internal=False, at=AT, **said))
        db.session.add(Recap(review_id=ids["recap"], sent_at=AT))
    house.card(house.own, next_review_planned=True)
    assert shown(day(claire))["today"] == ["renewal", "alert", "proposal"]


def test_each_sees_their_own_and_a_manager_the_team(house: House):
    house.full(house.own, house.base.objects["own"]["contact"])
    house.full(house.foreign, house.base.objects["foreign"]["contact"])
    mine = day(house.login("csm"))
    assert "Ateliers Kerneis" not in mine and "Groupe Valmorin" in mine
    team = day(house.login("csm"), "/today?scope=team&all=late&all=today&all=week")
    assert team.count('<li class="task"') == 16 and "Inès Caron" in team
    # A colleague's promise is not hers to finish.
    assert f"/today/actions/{house.base.objects['foreign']['action']}/completion" not in team
    assert f"/today/actions/{house.action}/completion" in team
    nadia = day(house.login("manager"), "/today?all=late&all=today&all=week")
    assert nadia.count('<li class="task"') == 16 and number(nadia) == ""
    hugo = house.login("sales")
    assert shown(day(hugo)) == {}
    with house.scope():
        db.session.execute(db.text(f"UPDATE account SET sales_owner_id = {house.base.users['sales']}"))
    house.signal(house.own, side="opportunity", kind="promoter", evidence={"score": 10})
    assert shown(day(hugo))["today"].count("renewal") == 2
    assert "recap" not in day(hugo) and shown(day(hugo))["today"].count("alert") == 1


def test_a_day_is_cut_and_the_others_are_a_link_away(house: House):
    promise = {"account_id": house.own, "owner_user_id": house.claire, "created_at": AT}
    house.full(house.own, house.base.objects["own"]["contact"])
    with house.scope():
        for number_ in range(12):
            db.session.add(ActionItem(title=f"Promesse {number_}", due_on=ON - number_ * DAY, **promise))
    claire = house.login("csm")
    page = day(claire, "/today")
    assert len(ROW.findall(page)) == 9
    assert shown(page)["late"] == ["action"] * 6 and "Afficher les 6 autres" in page
    assert 'href="/today?all=late"' in page
    whole = day(claire, "/today?all=late")
    assert shown(whole)["late"] == ["action"] * 12 and "Afficher les 6 autres" not in whole
    fragment = claire.get("/today?all=late", htmx=True).text
    assert fragment.startswith('<div class="split" id="day"') and 'id="today-count" hx-swap-oob="true"' in fragment


def test_one_click_completes_and_its_undo_brings_back(house: House):
    claire = house.login("csm")
    done = claire.post(f"/today/actions/{house.action}/completion", htmx=True)
    assert shown(done.text) == {} and "Rien à faire pour l’instant" in done.text
    assert number(done.text) == ""
    with house.scope():
        item = db.session.get_one(ActionItem, house.action)
        assert (item.state, item.done_by_id) == ("done", house.claire)
    back = claire.post(undo_of(claire, done.text), htmx=True)
    assert "today-changed" in back.headers["HX-Trigger"] and "Action rouverte" in back.text
    again = day(claire)
    assert shown(again) == {"late": ["action"]} and number(again) == "1"
    # Without htmx it leads back to the page.
    assert (
        claire.post(f"/today/actions/{house.action}/completion", next="/today?scope=team").location
        == "/today?scope=team"
    )


def test_an_action_is_postponed_by_its_own_date(house: House):
    claire = house.login("csm")
    moved = claire.post(f"/today/actions/{house.action}/date", htmx=True)
    assert shown(moved.text) == {"week": ["action"]} and "ven. 13" in moved.text
    back = claire.post(undo_of(claire, moved.text), htmx=True)
    assert "undo" not in back.text
    page = day(claire)
    assert shown(page) == {"late": ["action"]} and "2 j de retard" in page
    other = house.base.objects["foreign"]["action"]
    assert claire.post(f"/today/actions/{other}/date").status_code == 403


def test_other_lines_are_put_off_for_oneself_alone(house: House, monkeypatch):
    ids = house.full(house.own, house.base.objects["own"]["contact"])
    claire, nadia = house.login("csm"), house.login("manager")
    for line in (f"recap:{ids['recap']}", f"renewal:{house.own}", f"review:{ids['prepare']}", f"plan:{house.own}"):
        answer = claire.post(f"/today/lines/{line}/postponement", htmx=True)
        assert answer.status_code == 200 and "Reporté au 13 nov. 2026" in answer.text
    page = day(claire)
    assert shown(page) == {"late": ["action"], "today": ["alert", "proposal", "comment"]} and number(page) == "4"
    assert "recap" in shown(day(nadia))["today"]
    claire.post(f"/today/lines/recap:{ids['recap']}/postponement/removal")
    assert shown(day(claire))["today"][0] == "recap"
    monkeypatch.setenv("HAARK_TODAY", "2026-11-13T08:30")
    assert "renewal" in shown(day(claire))["today"]
    for odd in ("recap:x", "action:1", "x", "recap:", "recap:" + "9" * 19, "alert:1;drop"):
        assert claire.post(f"/today/lines/{odd}/postponement").status_code == 404
    with house.scope():
        assert db.session.scalar(db.select(db.func.count(Postponement.id))) <= 4


def test_a_signal_is_taken_in_hand_or_put_aside_by_its_own_snooze(house: House):
    first, second = house.signal(house.own), house.signal(house.own, kind="usage_drop", evidence={"change": -0.32})
    minor = house.signal(house.own, kind="low_seat_use", severity="medium", evidence={"share": 0.3})
    claire = house.login("csm")
    page = day(claire)
    assert shown(page)["today"] == ["alert"] and "Réagir : usage" in page
    done = claire.post(f"/today/alerts/{house.own}/acknowledgement", htmx=True)
    assert "alert" not in str(shown(done.text))
    with house.scope():
        states = dict(db.session.execute(db.select(Signal.id, Signal.state)).all())
    assert states == {first: "acknowledged", second: "acknowledged", minor: "open"}
    claire.post(undo_of(claire, done.text), htmx=True)
    assert shown(day(claire))["today"] == ["alert"]
    aside = claire.post(f"/today/alerts/{house.own}/snooze", htmx=True)
    assert "alert" not in str(shown(aside.text))
    with house.scope():
        assert db.session.get_one(Signal, first).snoozed_until == ON + DAY
    house.signal(house.own, kind="detractor", evidence={"score": 3})
    assert shown(day(claire))["today"] == ["alert"]  # another cause comes through
    assert claire.post(f"/today/alerts/{house.foreign}/acknowledgement").status_code == 403


def test_a_new_red_account_is_there_at_once_until_somebody_has_it_in_hand(house: House):
    claire = house.login("csm")
    house.card(house.own, health_score=50, health_band="yellow", arr_cents=120_000_00)
    assert "today" not in shown(day(claire))
    house.card(house.own, health_score=49, health_band="red")
    page = day(claire)
    assert shown(page)["today"] == ["alert"] and "Compte dans le rouge : agir maintenant" in page and "santé 49" in page
    medium = house.signal(house.own, kind="health_drop", severity="medium", evidence={"before": 61, "now": 49})
    done = claire.post(f"/today/alerts/{house.own}/acknowledgement", htmx=True)
    assert "today" not in shown(done.text)
    with house.scope():
        assert db.session.get_one(Signal, medium).state == "acknowledged"
    house.card(house.own, arr_cents=0)  # who pays nothing has nothing more to lose
    assert "today" not in shown(day(claire))


def test_the_number_beside_the_entry_is_the_number_of_lines_for_everybody(db_story):
    """The sample holds every kind: one statement counts what the page lists."""
    people = {role: db_story.user_id(role) for role in ("csm", "sales", "manager", "admin")}
    with db_story.app.app_context():
        for role, ident in people.items():
            for team in (False, True):
                scope = Scope(ident, role, ON, AT, team)
                found = queries.day(scope, open_to_all=True)
                assert queries.count(scope) == found.total, (role, team)
        whole = queries.day(Scope(people["manager"], "manager", ON, AT, True), open_to_all=True)
        assert {line.kind for group in whole.groups for line in group.lines} >= {"action", "review", "plan", "alert"}


def test_sql_and_the_rules_it_stands_for_agree(house: House):
    """Recaps: recap.due. Renewals: the condition of SG-5. Reviews: the opening of steps.py."""
    scope = Scope(house.claire, "csm", ON, AT)
    house.review(house.own, "held", ON, held_on=ON)  # its day is not over
    house.review(house.own, "recapped", ON - DAY, held_on=ON - DAY)
    house.review(house.own, "held", ON - timedelta(60), held_on=ON - timedelta(60))  # noted long after
    early = house.review(house.own, "held", ON - DAY, held_on=ON - DAY)
    with house.scope():
        rows = db.session.execute(sources.statement("recap", scope), scope.marks).all()
        assert {row.ident for row in rows} == {one.review_id for one in due.waiting(AT, [house.claire])} == {early}
        secure = advice_rules.RULES["secure_renewal"].grounds
    for band in ("green", "yellow", "red", ""):
        for churn in (None, 0.29, 0.30):
            for days in (-1, 0, 30, 31, None):
                renewal = ON + days * DAY if days is not None else None
                house.card(house.own, health_band=band, churn=churn, renewal_date=renewal, arr_cents=1)
                case = advice_rules.Case(ON, [], arr_cents=1, renewal_on=renewal, band=band, churn=churn)
                with house.scope():
                    found = db.session.execute(sources.statement("renewal", scope), scope.marks).all()
                assert bool(found) == any(secure(case)), (band, churn, days)
    for ahead in (13, 14, 15):
        review = house.review(house.foreign, "planned", ON + ahead * DAY)
        with house.scope():
            team = Scope(house.claire, "csm", ON, AT, team=True)
            opened = review in {row.ident for row in db.session.execute(sources.statement("review", team), team.marks)}
        _step, by = steps.next_step("planned", ON + ahead * DAY, ON)
        assert opened == (by is not None and by <= ON)


def test_the_page_takes_as_many_statements_for_one_line_as_for_many(house: House):
    def statements() -> int:
        claire = house.login("csm")
        claire.get("/today")
        with counted(house.app) as sent:
            assert claire.get("/today").status_code == 200
        return len(sent)

    house.full(house.own, house.base.objects["own"]["contact"])
    few = statements()
    with house.scope():
        db.session.execute(db.text(f"UPDATE account SET owner_id = {house.claire}"))
        promise = {"account_id": house.own, "owner_user_id": house.claire, "created_at": AT, "due_on": ON}
        db.session.add_all([ActionItem(title=f"Promesse {one}", **promise) for one in range(60)])
    house.full(house.foreign, house.base.objects["foreign"]["contact"])
    for kind in ("usage_drop", "detractor"):
        house.signal(house.foreign, kind=kind, evidence={"change": -0.3, "score": 2})
    many = statements()
    # The session and the settings, nine sources, cards and captures of recaps, signals, the number of the side bar.
    assert many == few <= 20, (few, many)


def test_the_first_page_is_the_roles(house: House):
    for role, first in (("csm", "/today"), ("sales", "/portfolio"), ("manager", "/portfolio"), ("admin", "/portfolio")):
        assert house.login(role).get("/").location in (first, "/programme" if role == "manager" else first)


def test_a_house_without_accounts_is_told_what_to_do_first(house: House):
    page = day(house.login("sales"))
    assert "Importer vos comptes" in page and "Votre agenda, dans votre calendrier" in page
    assert "Bonjour" not in page and "Rien à faire pour l’instant" in page
    with house.scope():
        settings.put("organisation.name", "Sillage", by=None, at=AT)
