"""An account's page is drawn once for each state of the account, and any write shows in the very next answer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from haark.accounts.models import Contact
from haark.dossier.routes import KEPT
from haark.extensions import db
from haark.portfolio import upkeep
from haark.portfolio.upkeep import stamps
from haark.settings.models import Setting
from tests.dossier.conftest import NOON, Team
from tests.support.people import Visitor
from tests.support.statements import counted

MOST_STATEMENTS = 4  # with SQLite's BEGIN
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?([a-z_]+)", re.IGNORECASE)
# Asked for each request, outside of what is kept.
OUTSIDE = {"login_session", "account", "account_stamp", "portfolio_count", "stored_file"}


def test_every_table_of_an_account_has_a_stamp_or_a_reason() -> None:
    """A new table is named in upkeep/stamps.py before anything of it is shown on a kept page."""
    named = {*stamps.OWN, *stamps.THROUGH, *stamps.HOUSE_WIDE, *stamps.EXEMPT}
    for name, table in db.metadatas[None].tables.items():
        if "account_id" in table.c:
            assert name in named, f"{name} has an account_id: a stamp, or the reason why not"


def test_what_a_kept_page_reads_carries_a_stamp(db_app: Flask, claire: Visitor, montclar: int) -> None:
    stamped = {*stamps.OWN, *stamps.THROUGH, *stamps.HOUSE_WIDE, *OUTSIDE}
    for key in KEPT:
        with counted(db_app) as sent:
            assert claire.get(f"/accounts/{montclar}/{key}").status_code == 200
        tables = set(db.metadatas[None].tables)
        read = {name for statement in sent for name in TABLE.findall(statement) if name in tables}
        # The side bar's number reads what people have to do; it is not part of what is kept.
        assert len(read) > 8 and read - stamped <= {"notice", "saved_view", "postponement"}, (key, read - stamped)


@pytest.mark.parametrize("key", KEPT)
def test_a_page_seen_before_takes_few_statements(db_app: Flask, claire: Visitor, montclar: int, key: str) -> None:
    address = f"/accounts/{montclar}/{key}"
    first = claire.get(address).text
    with counted(db_app) as sent:
        again = claire.get(address).text
    assert len(sent) <= MOST_STATEMENTS, "\n".join(sent)
    assert _without_tokens(first) == _without_tokens(again)
    assert "\ue0c5" not in again


def test_a_section_fetched_by_htmx_is_kept_too(db_app: Flask, claire: Visitor, montclar: int) -> None:
    address = f"/accounts/{montclar}/contacts"
    first = claire.get(address, htmx=True).text
    with counted(db_app) as sent:
        again = claire.get(address, htmx=True).text
    assert len(sent) <= MOST_STATEMENTS and first == again
    assert first.startswith('<div id="panneau"') and 'hx-swap-oob="true"' in first and "<h1" not in first
    assert 'hx-swap-oob="true"' not in claire.get(address).text.partition('id="tabs"')[2].partition("</nav>")[0]
    with db_app.app_context():
        db.session.add(Contact(account_id=montclar, name="Zoé Neuve"))
        db.session.commit()
    assert "Zoé Neuve" in claire.get(address, htmx=True).text


def test_two_writers_of_one_account_do_not_wait_for_each_other(db_app: Flask, montclar: int) -> None:
    """SQLite has one writer at a time anyway."""
    with db_app.app_context():
        if db.engine.dialect.name == "sqlite":
            return
        made = text("INSERT INTO event (at, kind, account_id, subject_kind, data) VALUES (now(), 'x.y', :id, '', '{}')")
        with db.engine.connect() as one, db.engine.connect() as two, db.engine.connect() as reader:
            before = _stamp(reader, montclar)
            reader.rollback()
            for connection in (one, two, one, two):
                connection.execute(text("SET LOCAL statement_timeout = 3000"))
                connection.execute(made, {"id": montclar})
            seen = [before]
            for connection in (two, one):
                connection.commit()
                seen.append(_stamp(reader, montclar))
                reader.rollback()
            assert seen == [before, before + 2, before + 4]


def test_a_setting_shows_in_the_next_answer(db_app: Flask, claire: Visitor, montclar: int) -> None:
    """Settings are remembered under the stamp of the house."""
    address = f"/accounts/{montclar}"
    claire.get(address)
    for alert in (0.31, 0.87):
        with db_app.app_context():
            db.session.execute(text("UPDATE account_card SET churn = 0.5 WHERE account_id = :id"), {"id": montclar})
            db.session.execute(text("DELETE FROM setting WHERE key = 'risk.churn'"))
            db.session.add(Setting(key="risk.churn", value=alert, updated_at=NOON))
            db.session.commit()
        assert f"{alert * 100:.0f}\u00a0%" in claire.get(address).text


def test_a_write_to_any_table_raises_the_stamp(db_story: Any) -> None:
    """Each row of the sample, touched through plain SQL, once per table."""
    app = db_story.app
    with app.app_context(), db.engine.begin() as connection:
        tried = 0
        for table in (*stamps.OWN, *stamps.THROUGH):
            owner = "t.account_id"
            joined = ""
            if table in stamps.THROUGH:
                column, above = stamps.THROUGH[table]
                owner, joined = "p.account_id", f" JOIN {above} p ON p.id = t.{column}"
            model = db.metadatas[None].tables[table]
            key = next(iter(model.primary_key.columns)).name
            row = connection.execute(
                text(f"SELECT t.{key}, {owner} FROM {table} t{joined} WHERE {owner} IS NOT NULL LIMIT 1")
            ).first()
            if row is None:
                continue
            tried += 1
            ident, account = row
            before = _stamp(connection, account)
            connection.execute(text(f"UPDATE {table} SET {key} = {key} WHERE {key} = :id"), {"id": ident})
            assert _stamp(connection, account) > before, table
        assert tried > 20
        for table in stamps.HOUSE_WIDE:
            before = _stamp(connection, stamps.HOUSE)
            key = next(iter(db.metadatas[None].tables[table].primary_key.columns)).name
            if connection.execute(text(f"UPDATE {table} SET {key} = {key}")).rowcount:
                assert _stamp(connection, stamps.HOUSE) > before, table
        assert not [fault for fault in upkeep.faults(connection) if "stamp" in fault]


def test_a_write_shows_in_the_next_answer(
    db_app: Flask, claire: Visitor, montclar: int, team: Team, open_account: Callable[..., int]
) -> None:
    below = open_account("Filiale Nord", parent_id=montclar)
    writes: list[tuple[str, int, str, str]] = [
        ("UPDATE account SET name = 'Groupe Renommé' WHERE id = :id", montclar, "", "Groupe Renommé"),
        ("UPDATE account SET name = 'Groupe du Haut' WHERE id = :id", montclar, f"/accounts/{below}", "Groupe du Haut"),
        ("UPDATE users SET name = 'Claire Autrement' WHERE id = :id", team["csm"], "", "Claire Autrement"),
        ("UPDATE account_card SET churn = 0.77 WHERE account_id = :id", montclar, "", "77"),
        ("UPDATE contact SET name = 'Sophie Autre' WHERE account_id = :id", montclar, "/contacts", "Sophie Autre"),
        ("UPDATE revenue SET arr_cents = 13131300 WHERE account_id = :id", montclar, "/revenue", "131"),
    ]
    for statement, ident, section, words in writes:
        address = section if section.startswith("/accounts") else f"/accounts/{montclar}{section}"
        assert words not in re.sub(r"<svg.*?</svg>|csrf[^>]*|T[0-9.]+", "", claire.get(address).text) or words.isdigit()
        with db_app.app_context():
            db.session.execute(text(statement), {"id": ident})
            db.session.commit()
        assert words in claire.get(address).text, statement


def test_what_is_kept_for_one_reader_is_not_shown_to_another(
    db_app: Flask, claire: Visitor, montclar: int, team: Team
) -> None:
    hugo = Visitor(db_app).login("sales")
    address = f"/accounts/{montclar}"
    mine, theirs, again = claire.get(address).text, hugo.get(address).text, claire.get(address).text
    assert 'data-key="n"' in mine and "noteline" not in theirs
    assert _tokens(mine) != _tokens(theirs) and len(_tokens(again)) == 1
    with db_app.app_context():  # somebody else's from now on
        db.session.execute(text("UPDATE account SET owner_id = NULL WHERE id = :id"), {"id": montclar})
        db.session.commit()
    assert "noteline" not in claire.get(address).text


def test_a_stamp_lost_draws_anew_and_is_mended(db_app: Flask, claire: Visitor, montclar: int) -> None:
    with db_app.app_context():
        db.session.execute(text("DELETE FROM account_stamp WHERE account_id = :id"), {"id": montclar})
        db.session.commit()
        claire.get(f"/accounts/{montclar}")
        db.session.add(Contact(account_id=montclar, name="Zoé Neuve"))
        db.session.commit()
    with db_app.app_context(), db.engine.begin() as connection:
        upkeep.recount(connection)
        assert not upkeep.faults(connection)
    assert "Zoé Neuve" in claire.get(f"/accounts/{montclar}/contacts").text


def _stamp(connection: Any, account: int) -> int:
    found = connection.execute(text("SELECT sum(n) FROM account_stamp WHERE account_id = :id"), {"id": account})
    return int(found.scalar())


def _tokens(page: str) -> set[str]:
    return set(re.findall(r'name="csrf_token" value="([^"]+)"', page))


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"|X-CSRFToken[^}]*|nonce-?[^ ]*', "", page)
