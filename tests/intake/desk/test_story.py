"""From files to the portfolio, in the steps of the page. Jobs run at once."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haark.accounts.models import CustomField
from haark.extensions import db
from haark.intake import domain as engine
from haark.intake.desk import jobs
from haark.settings import domain as settings
from tests.conftest import TODAY
from tests.intake.desk.conftest import Desk
from tests.support.statements import counted

HEAD = "Code client;Raison sociale;CA annuel;Date de renouvellement;Effectif;MRR"
GOOD = [
    f"C-{number:02d};Société {number};{number} 500,50 €;{number:02d}/11/2027;1 2{number:02d};10"
    for number in range(1, 19)
]
BAD = ["C-31;Kalysta;n.c.;30/11/2027;12;0", "C-32;Fret Océan;84 000;31/02/2027;80;0"]


def french(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows, "")).encode("cp1252")


def test_a_french_file_from_upload_to_portfolio(desk: Desk):
    """cp1252, semicolons, French amounts and dates: recognised, checked, corrected, imported, and remembered."""
    claire = desk.login("csm")
    run_id = desk.sent(claire, {"clients été.csv": french(*GOOD, *BAD)})
    assert desk.counts(run_id) == {"accounts": (18, 0, 0, 2)}
    assert not desk.rows("SELECT 1 FROM account WHERE external_id LIKE 'C-%'"), "nothing is written by the dry run"
    with counted(desk.app) as statements:
        page = claire.get(f"/imports/{run_id}").text
    assert len(statements) <= 16
    for words in (
        "cp1252",
        "point-virgule",
        "toujours calculé",
        "jj/mm/aaaa, 19 sur 19",
        "Importer 18 lignes",
        "Reconnue",
    ):
        assert words in page
    assert re.search(r"31/02/2027.*n’est pas une date qui existe", page, re.S)
    (table,) = desk.tables(run_id)
    rows = f"/imports/{run_id}/tables/{table.id}/rows"
    assert 'value="n.c."' in claire.get(f"{rows}/20").text
    assert claire.get(f"{rows}/2").status_code == 404
    cells = {f"cell-{place}": cell for place, cell in enumerate(BAD[0].replace("n.c.", "1 000,5").split(";"))}
    assert claire.post(f"{rows}/20", **cells).status_code == 303
    assert desk.counts(run_id) == {"accounts": (19, 0, 0, 1)}
    assert desk.apply(claire, run_id).status_code == 303
    assert desk.run(run_id).state == "done"
    assert desk.rows("SELECT name, declared_arr_cents, employees, renewal_date, owner_id FROM account"
                     " WHERE external_id IN ('C-01', 'C-31', 'C-32') ORDER BY external_id") == [
        ("Société 1", 150_050, 1_201, "2027-11-01", desk.house.users["csm"]),
        ("Kalysta", 100_050, 12, "2027-11-30", desk.house.users["csm"]),
    ]  # fmt: skip
    assert "Kalysta" in claire.get("/portfolio").text
    done = claire.get(f"/imports/{run_id}").text
    assert "5. Import terminé" in done and "Voir le portefeuille" in done
    again = desk.sent(claire, {"novembre.csv": french(*GOOD)})
    page = claire.get(f"/imports/{again}").text
    assert "correspondance mémorisée" in page and "ces lignes sont déjà dans Haark" in page
    assert re.search(r"<button[^>]*disabled", page)
    assert "déjà" in claire.get("/imports").text or "clients été.csv" in claire.get("/imports").text


def test_refused_rows_come_back_corrected(desk: Desk):
    """The file of refusals keeps the headers, says why, and is read again without its reasons."""
    nadia = desk.login("manager")
    run_id = desk.sent(nadia, {"clients.csv": french(*GOOD, *BAD)})
    answer = nadia.get(f"/imports/{run_id}/refused")
    text = answer.get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == [*HEAD.split(";"), "refused_reason", "refused_file", "refused_row"]
    assert [row[-1] for row in rows[1:]] == ["20", "21"] and "n.c." in rows[1][-3]
    desk.apply(nadia, run_id)
    corrected = text.replace("n.c.", "12").replace("31/02/2027", "28/02/2027")
    again = desk.sent(nadia, {"refus clients.csv": corrected})
    assert desk.counts(again) == {"accounts": (2, 0, 0, 0)}
    assert "refused_reason" not in nadia.get(f"/imports/{again}").text


def test_several_files_at_once_and_what_each_holds(desk: Desk):
    """A ZIP of accounts and usage, each recognised; a table left out; columns chosen, one for two, refused."""
    nadia = desk.login("manager")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("dossier/clients.csv", french(*GOOD))
        archive.writestr("usage.csv", "account_id,date,feature,active_users\n" + "C-01,2026-11-02,export,3\n" * 2)
        archive.writestr("liste.csv", "couleur,forme\nbleu,rond\n")
    run_id = desk.sent(nadia, {"tout.zip": packed.getvalue()})
    clients, usage, other = desk.tables(run_id)
    assert (clients.kind, usage.kind, other.kind) == ("accounts", "usage", "")
    assert desk.counts(run_id) == {"accounts": (18, 0, 0, 0), "usage": (1, 0, 1, 0)}
    here = f"/imports/{run_id}/tables/{clients.id}"
    page = nadia.get(f"/imports/{run_id}?table={clients.id}").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    twice = nadia.post(here, seen=seen[1], **{"column-1": "name", "column-0": "name"})
    assert twice.status_code == 422 and "est choisi pour deux colonnes" in twice.text
    stale = nadia.post(here, seen="x" * 16, **{"column-5": "seats"})
    assert stale.status_code == 409
    nadia.post(
        here, seen=seen[1], **{"column-0": "external_id", "column-1": "name", "column-5": "seats", "column-2": ""}
    )
    assert set(desk.tables(run_id)[0].reading["columns"]) >= {"external_id", "name", "seats"}
    assert "arr" not in desk.tables(run_id)[0].reading["columns"]
    nadia.post(f"/imports/{run_id}/tables/{usage.id}/kind", kind="")
    assert desk.counts(run_id) == {"accounts": (18, 0, 0, 0)}
    nadia.post(f"/imports/{run_id}/tables/{usage.id}/kind", kind="usage")
    assert desk.counts(run_id)["usage"] == (1, 0, 1, 0)
    nadia.post(f"/imports/{run_id}/tables/{other.id}/removal")
    assert len(desk.tables(run_id)) == 2
    desk.send(nadia, {"clients.csv": "name\nUn\n"}, f"/imports/{run_id}/tables")
    assert [table.name for table in desk.tables(run_id)] == ["clients.csv", "usage.csv", "clients (2).csv"]
    assert nadia.post(f"/imports/{run_id}/removal").location == "/imports"
    assert not desk.tables(run_id)


def test_dates_that_can_be_read_two_ways_are_asked(desk: Desk):
    nadia = desk.login("manager")
    run_id = desk.sent(nadia, {"clients.csv": "id,client,renouvellement\nA1,Un,01/02/2027\nA2,Deux,03/04/2027\n"})
    page = nadia.get(f"/imports/{run_id}").text
    assert "Précisez l’ordre des dates de clients.csv." in page and re.search(r"<button[^>]*disabled", page)
    assert desk.apply(nadia, run_id).status_code == 303
    assert desk.run(run_id).state == "draft", "an import that is not ready does not begin"
    (table,) = desk.tables(run_id)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    columns = {f"column-{place}": name for place, name in enumerate(("external_id", "name", "renewal_date"))}
    answer = nadia.post(f"/imports/{run_id}/tables/{table.id}", htmx=True, seen=seen[1], dates="mdy", **columns)
    assert 'id="run"' in answer.text and 'hx-swap-oob="true"' in answer.text
    desk.apply(nadia, run_id)
    assert desk.rows("SELECT renewal_date FROM account WHERE external_id = 'A2'") == [("2027-03-04",)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    (
        ("vide.csv", b"", "Choisissez un fichier qui n’est pas vide"),
        ("noir.xlsx", b"PK\x03\x04" + b"\x00" * 200, "Aucun fichier lisible"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, None),
        ("accounts.csv", b"external_id,name\n", "Aucune ligne"),
    ),
)
def test_what_cannot_be_read_says_why(desk: Desk, name: str, content: bytes, words: str | None):
    nadia = desk.login("manager")
    before = desk.rows("SELECT count(*) FROM account")
    answer = desk.send(nadia, {name: content})
    page = answer.text if answer.status_code == 422 else nadia.get(answer.location).text
    assert words is None or words in page
    assert "Traceback" not in page and desk.rows("SELECT count(*) FROM account") == before


def test_more_than_the_limit_is_refused_before_it_is_read(desk: Desk):
    with desk.app.app_context():
        settings.put("import.max_megabytes", 1, by=None, at=jobs.clock.moment())
        db.session.commit()
    nadia = desk.login("manager")
    answer = desk.send(nadia, {"gros.csv": b"name\n" + b"x" * 1_200_000})
    assert answer.status_code == 413 and "limite de 1" in answer.text
    stranger = desk.send(desk.login("sales"), {"gros.csv": b"name\n" + b"x" * 1_200_000})
    assert stranger.status_code == 413 and "Imports récents" not in stranger.text
    assert not desk.rows("SELECT 1 FROM import_run")


def test_a_csm_imports_what_is_theirs(db_desk: Desk):
    """Rows about somebody else's account are refused with the owner's name; an import belongs to who made it."""
    desk = db_desk
    claire, ines, paul = desk.login("csm"), desk.login("other"), desk.login("admin")
    content = "name,sector\nGroupe Valmorin,Distribution\nAteliers Kerneis,Industrie\nTout Neuf,Santé\n"
    run_id = desk.sent(claire, {"accounts.csv": content})
    assert desk.counts(run_id) == {"accounts": (1, 1, 0, 1)}
    assert "ce compte est suivi par Inès Caron" in claire.get(f"/imports/{run_id}").text
    assert ines.get(f"/imports/{run_id}").status_code == 404
    assert "accounts.csv" not in ines.get("/imports").text
    assert "accounts.csv" in paul.get("/imports").text and paul.get(f"/imports/{run_id}").status_code == 200
    assert desk.login("sales").get("/imports").status_code == 403
    desk.apply(claire, run_id)
    assert desk.rows("SELECT owner_id FROM account WHERE name = 'Tout Neuf'") == [(desk.house.users["csm"],)]
    assert desk.rows("SELECT sector FROM account WHERE name = 'Ateliers Kerneis'") == [("",)]
    with desk.app.app_context():
        settings.put("open_editing", True, by=None, at=jobs.clock.moment())
        db.session.commit()
    assert desk.counts(desk.sent(claire, {"accounts.csv": content})) == {"accounts": (0, 1, 2, 0)}


def test_a_csm_cannot_take_a_row_from_another_account(db_desk: Desk):
    """The id of a colleague's contact, in a row about one's own account, changes nothing."""
    desk = db_desk
    nadia, claire = desk.login("manager"), desk.login("csm")
    desk.apply(nadia, desk.sent(nadia, {"contacts.csv": "external_id,account_id,name\nK1,Ateliers Kerneis,Léa Roy\n"}))
    run_id = desk.sent(claire, {"contacts.csv": "external_id,account_id,name\nK1,Groupe Valmorin,Léa Roy\n"})
    assert "appartient à un compte suivi par Inès Caron" in claire.get(f"/imports/{run_id}").text
    foreign = desk.house.foreign
    assert desk.rows("SELECT account_id FROM contact WHERE external_id = 'K1'") == [(foreign,)]


def test_a_job_that_failed_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def crash(*_args: object) -> None:
        raise MemoryError

    nadia = desk.login("manager")
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "examine", crash)
        run_id = desk.sent(nadia, {"clients.csv": french(*GOOD)})
        page = nadia.get(f"/imports/{run_id}").text
    assert "L’opération a échoué." in page and "Réessayer" in page
    nadia.post(f"/imports/{run_id}/retry")
    assert desk.counts(run_id) == {"accounts": (18, 0, 0, 0)}


def test_the_job_of_an_earlier_state_counts_for_nothing(desk: Desk):
    """Queued jobs: a change makes the dry run under way void, and an import killed after its commit is done once."""
    nadia = desk.login("manager")
    desk.app.config["HAARK_JOBS"] = "queue"
    run_id = desk.sent(nadia, {"clients.csv": french(*GOOD)})
    assert "Lecture des fichiers" in nadia.get(f"/imports/{run_id}").text
    line = nadia.get(f"/imports/{run_id}/progress", htmx=True)
    assert 'hx-trigger="every 1s"' in line.text and line.headers.get("HX-Retarget") is None
    first = int(desk.run(run_id).job_id or 0)

    def work(job: Callable[[int, int], Any], job_id: int) -> Any:
        with desk.app.app_context():
            found = job(run_id, job_id)
            db.session.commit()
            return found

    assert work(jobs.look, -1) == {} and desk.run(run_id).job_id == first
    work(jobs.look, first)
    check = int(desk.run(run_id).job_id or 0)
    assert check != first and work(jobs.check, first) == {}
    work(jobs.check, check)
    ended = nadia.get(f"/imports/{run_id}/progress", htmx=True)
    assert ended.headers.get("HX-Retarget") == "#run" and "Importer 18 lignes" in ended.text
    desk.apply(nadia, run_id)
    for _time in range(2):
        work(jobs.apply, int(desk.run(run_id).job_id or 0))
    assert desk.counts(run_id) == {"accounts": (18, 0, 0, 0)}
    assert desk.rows("SELECT count(*) FROM account WHERE external_id LIKE 'C-%'") == [(18,)]
    assert desk.rows("SELECT count(*) FROM event WHERE kind = 'import.applied'") == [(1,)]


def test_files_are_cleared_away_after_thirty_days(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    nadia = desk.login("manager")
    run_id = desk.sent(nadia, {"clients.csv": french(*GOOD, *BAD)})
    with desk.app.app_context():
        jobs.clear()
        assert desk.tables(run_id)[0].file_id
        monkeypatch.setenv("HAARK_TODAY", date(2026, 12, 13).isoformat())
        assert jobs.clear() == {"files": 2}
        assert desk.tables(run_id)[0].file_id is None and desk.run(run_id).refused_file_id is None
    assert nadia.get(f"/imports/{run_id}").status_code == 200
    assert nadia.get(f"/imports/{run_id}/refused").status_code == 404


def test_the_terminal_and_the_browser_speak_of_the_same_rows(desk: Desk, tmp_path: Path):
    """Without ids tickets are known by source and content: one source for files in our own words."""
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("account_id,opened_at,subject,priority\nGroupe Valmorin,2026-10-01,Import lent,high\n")
    with desk.app.app_context():
        engine.import_paths([tickets], by=None, at=jobs.clock.moment(), on=TODAY)
    nadia = desk.login("manager")
    listed = nadia.get("/imports").text
    assert "tickets.csv" in listed and "terminal" in listed
    run_id = desk.sent(nadia, {"tickets.csv": tickets.read_text()})
    assert desk.counts(run_id) == {"tickets": (0, 0, 1, 0)}


@pytest.mark.parametrize("maker", ("manager", "csm"))
def test_an_import_is_undone_from_the_list(db_desk: Desk, maker: str):
    desk = db_desk
    nadia, paul = desk.login(maker), desk.login("admin")
    before = desk.rows("SELECT id, name, sector FROM account ORDER BY id")
    content = "name,sector\nGroupe Valmorin,Distribution\nTout Neuf,Santé\n"
    run_id = desk.sent(nadia, {"accounts.csv": content})
    page = nadia.get(f"/imports/{run_id}").text
    assert re.search(r"<b class=\"m\">Groupe Valmorin</b>.*<ins class=\"num\">Distribution</ins>.*Secteur", page, re.S)
    desk.apply(nadia, run_id)
    assert desk.rows("SELECT count(*) FROM account WHERE name = 'Tout Neuf'") == [(1,)]
    assert f"/imports/{run_id}/undoing" in paul.get("/imports").text
    assert paul.post(f"/imports/{run_id}/undoing").status_code == 303
    assert desk.rows("SELECT id, name, sector FROM account ORDER BY id") == before
    page = nadia.get(f"/imports/{run_id}").text
    assert "5. Import annulé" in page and f"/imports/{run_id}/undoing" not in page
    paul.post(f"/imports/{run_id}/undoing")
    assert "déjà annulé" in paul.get("/imports").text


def test_custom_fields_are_columns_like_others(desk: Desk):
    """A header that is the key or the name of a field of ours fills it; any other may be led there."""
    nadia = desk.login("manager")
    with desk.app.app_context():
        for place, (key, name) in enumerate((("erp", "ERP en place"), ("region", "Région"))):
            field = CustomField(key=key, name=name, kind="text", position=place, created_at=jobs.clock.moment())
            db.session.add(field)
        db.session.commit()
    run_id = desk.sent(nadia, {"accounts.csv": "name,cf_erp,Région\nGroupe Valmorin,Sage,Ouest\n"})
    assert desk.counts(run_id) == {"accounts": (0, 1, 0, 0)}
    page = nadia.get(f"/imports/{run_id}").text
    assert "ERP en place" in page and "Sage" in page
    desk.apply(nadia, run_id)
    assert desk.rows("SELECT text FROM custom_value ORDER BY field_id") == [("Sage",), ("Ouest",)]
