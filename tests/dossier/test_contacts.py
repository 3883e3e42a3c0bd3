"""The contacts of an account: added, changed, left, back, deleted, and what the account's signals make of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from haark.accounts.models import CONTACT_ROLES, Contact, ContactChange
from haark.accounts.movements import KEY_ROLES, arrival, movement
from haark.dossier.relations import standing
from haark.events.models import Event
from haark.extensions import db
from haark.signals import jobs
from haark.signals.models import Signal
from tests.conftest import TODAY
from tests.support.people import Visitor
from tests.support.statements import counted

FORM = {"role": "other", "language": "", "email": "", "phone": "", "profile_url": ""}
YESTERDAY = TODAY - timedelta(days=1)
DAYS = st.none() | st.dates(date(2026, 1, 1), TODAY)


def found(app: Flask, name: str) -> Any:
    with app.app_context():
        return db.session.scalar(sa.select(Contact).where(Contact.name == name))


def moves(app: Flask, ident: int) -> list[tuple[Any, ...]]:
    with app.app_context():
        row = ContactChange
        rows = sa.select(row.name, row.kind, row.role, row.role_before, row.date).where(row.account_id == ident)
        return [tuple(one) for one in db.session.execute(rows.order_by(row.id))]


def signals(app: Flask, ident: int) -> set[tuple[str, str]]:
    """Open signals about people as the job that an event asks for leaves them: (name, change)."""
    with app.app_context():
        jobs.judge(ident)
        rows = sa.select(Signal).where(Signal.account_id == ident, Signal.kind == "contact_change")
        live = db.session.scalars(rows.where(Signal.resolved_on.is_(None)))
        return {(one.evidence["name"], one.evidence["change"]) for one in live}


def test_a_sponsor_is_added_leaves_and_returns(db_app: Flask, claire: Visitor, montclar: int) -> None:
    shown = claire.get(f"/accounts/{montclar}/contacts").text
    assert "Il manque\u202f: champion, décideur" in shown and "Parti le 3 nov. 2026" in shown
    told = {"name": " Anne  Leclerc", "email": "anne@montclar.test", "role": "decision_maker", "main": "y"}
    answer = claire.post(f"/accounts/{montclar}/contacts", **told, profile_url="linkedin.com/in/anne", language="fr")
    assert answer.status_code == 303
    anne, sophie = found(db_app, "Anne Leclerc"), found(db_app, "Sophie Marchand")
    assert (anne.profile_url, anne.main, sophie.main) == ("https://linkedin.com/in/anne", True, False)
    assert moves(db_app, montclar) == [("Anne Leclerc", "arrived", "decision_maker", "", TODAY)]
    with db_app.app_context():
        kinds = db.session.scalars(sa.select(Event.kind).where(Event.subject_kind == "contact").order_by(Event.id))
        assert list(kinds) == ["contact.changed", "contact.added"]
    # The fragment brings the section, the count of its tab and the sponsor in the head.
    left = claire.post(f"/contacts/{sophie.id}/departure", htmx=True, day=YESTERDAY.isoformat())
    assert left.status_code == 200 and left.headers["HX-Retarget"] == "#panneau"
    assert "Parti le 11 nov. 2026" in left.text and "account-changed" in left.headers["HX-Trigger"]
    assert f"/contacts/{sophie.id}/departure/removal" in left.text
    assert signals(db_app, montclar) == {
        ("Paul Parti", "left"),
        ("Anne Leclerc", "arrived"),
        ("Sophie Marchand", "left"),
    }
    history = claire.get(f"/accounts/{montclar}/history?kind=changes").text
    assert history.count("Sophie Marchand a quitté le client") == 1
    assert "Anne Leclerc : arrivée" in history and "Contact ajouté" not in history
    # Said by mistake: nothing remains. Gone and really back: both happened.
    claire.post(f"/contacts/{sophie.id}/departure/removal")
    assert ("Sophie Marchand", "left") not in signals(db_app, montclar)
    claire.post(f"/contacts/{sophie.id}/departure", day=YESTERDAY.isoformat())
    assert claire.post(f"/contacts/{sophie.id}/return").status_code == 303
    assert [move[1:] for move in moves(db_app, montclar) if move[0] == "Sophie Marchand"] == [
        ("left", "sponsor", "", YESTERDAY),
        ("arrived", "sponsor", "", TODAY),
    ]
    assert ("Sophie Marchand", "arrived") in signals(db_app, montclar)


def test_what_cannot_be_is_said_at_the_field(db_app: Flask, claire: Visitor, hugo: Visitor, montclar: int) -> None:
    url, sophie = f"/accounts/{montclar}/contacts", found(db_app, "Sophie Marchand")
    twin = claire.post(url, htmx=True, **{**FORM, "name": "Sophie bis", "email": "SOPHIE@montclar.test"})
    assert twin.status_code == 422 and twin.headers["HX-Retarget"] == "#contact-new"
    assert f'href="/accounts/{montclar}/contacts#contact-{sophie.id}">Sophie Marchand</a>' in twin.text
    for wrong, said in (
        ({"name": " "}, "Donnez un nom"),
        ({"name": "X", "email": "x@y"}, "pas complète"),
        ({"name": "X", "profile_url": "javascript:alert(1)"}, "adresse web"),
        ({"name": "X", "role": "king"}, "Choisissez un rôle"),
    ):
        refused = claire.post(url, **{**FORM, **wrong})
        assert refused.status_code == 422 and said in refused.text
    late = claire.post(f"/contacts/{sophie.id}/departure", day=(TODAY + timedelta(1)).isoformat())
    assert late.status_code == 422 and "aujourd’hui au plus tard" in late.text
    assert claire.post(f"/contacts/{sophie.id}/departure", day="hier").status_code == 422
    assert hugo.get(f"/contacts/{sophie.id}").status_code == 403
    assert "Ajouter un contact" not in hugo.get(url).text
    with db_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 3


def test_of_two_who_edit_the_second_sees_both_texts(db_app: Flask, claire: Visitor, montclar: int) -> None:
    lila = found(db_app, "Lila Benhamou")
    url, told = f"/contacts/{lila.id}", {**FORM, "email": lila.email, "version": lila.version}
    first = claire.post(url, **{**told, "name": "Lila B.", "role": "champion"})
    assert first.status_code == 303
    assert moves(db_app, montclar) == [("Lila B.", "role", "champion", "day_to_day", TODAY)]
    late = claire.post(url, htmx=True, **{**told, "name": "Lila Benhamou-Roy"})
    assert late.status_code == 409 and late.text.lstrip().startswith("<td")
    assert "Lila Benhamou-Roy" in late.text and "Lila B." in late.text and "Champion" in late.text
    # A role changed back on the same day did not change.
    now = found(db_app, "Lila B.").version
    claire.post(url, **{**told, "name": "Lila B.", "role": "day_to_day", "version": now})
    assert moves(db_app, montclar) == []


def test_a_deleted_contact_is_in_the_trash(db_app: Flask, claire: Visitor, montclar: int) -> None:
    claire.post(f"/accounts/{montclar}/contacts", **{**FORM, "name": "Erreur", "role": "champion"})
    wrong = found(db_app, "Erreur")
    assert ("Erreur", "arrived") in signals(db_app, montclar)
    assert claire.post(f"/contacts/{wrong.id}/removal", htmx=True).status_code == 200
    assert found(db_app, "Erreur") is None
    assert ("Erreur", "arrived") not in signals(db_app, montclar)
    assert claire.get(f"/contacts/{wrong.id}").status_code == 404


def test_statements_do_not_grow_with_the_contacts(
    db_app: Flask, claire: Visitor, open_account: Callable[..., int]
) -> None:
    ident, seen = open_account("Longue liste"), []
    for size in (1, 1, 40):  # the first reads the settings too, which are then remembered under their stamp
        with db_app.app_context():
            db.session.add_all(
                Contact(account_id=ident, name=f"N {size} {n}", email=f"{n}@x.test") for n in range(size)
            )
            db.session.commit()
        with counted(db_app) as statements:
            assert claire.get(f"/accounts/{ident}/contacts", htmx=True).status_code == 200
        seen.append(len(statements))
    assert seen[1] == seen[2] == seen[0] - 1 <= 10, seen


@pytest.mark.parametrize(
    ("days", "left", "word"),
    [(None, False, "none"), (30, False, "strong"), (31, False, "good"), (46, False, "distant"), (0, True, "broken")],
)
def test_the_relation(days: int | None, left: bool, word: str) -> None:
    assert standing(days, left, 45) == word


@given(st.sampled_from(CONTACT_ROLES), DAYS, st.sampled_from(CONTACT_ROLES), DAYS)
def test_who_moves(role_before: str, left_before: date | None, role: str, left: date | None) -> None:
    said = movement(role_before, left_before, role, left, TODAY)
    if (role_before, left_before) == (role, left) or not {role_before, role} & set(KEY_ROLES):
        assert said is None
    if said is not None:
        assert said.role in KEY_ROLES or said.kind == "role"
        assert (said.kind == "left") == (left is not None)
    assert (arrival(role, left, True, TODAY) is not None) == (role in KEY_ROLES and left is None)
    assert arrival(role, left, False, TODAY) is None
