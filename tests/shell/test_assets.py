"""Assets are few, light and cached for ever under an address that changes with them; headers close the rest."""

import gzip
import re
from pathlib import Path

import pytest

from haark.assets import FOREVER, ROOT, Shelf

SOURCES = Path(__file__).resolve().parents[2]
KIB = 1024


@pytest.fixture
def client(app):
    return app.test_client()


def addresses(page: str) -> list[str]:
    return sorted(set(re.findall(r"/assets/[\w.-]+", page)))


def test_an_asset_is_cached_for_ever_and_packed(client):
    style = next(address for address in addresses(client.get("/kit").text) if address.endswith(".css"))
    answer = client.get(style, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == client.get(style).data
    assert "Accept-Encoding" in answer.vary


def test_an_address_from_before_an_update_still_answers_but_is_not_kept(client):
    answer = client.get("/assets/app.00000000.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.css", "app.py", "..%2fconfig.py", "icons", "app.00000000.exe"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/assets/{name}").status_code == 404


def test_the_style_sheets_stay_under_sixty_kib_and_say_nothing_to_the_reader_of_the_source(client):
    style = client.get("/assets/app.css")
    assert len(style.data) <= 60 * KIB and "/*" not in style.text


def test_a_first_visit_stays_under_six_requests_and_140_kb(client):
    page = client.get("/kit", headers={"Accept-Language": "fr"})
    wanted = addresses(page.text)
    weight = len(page.data) + sum(len(client.get(url, headers={"Accept-Encoding": "gzip"}).data) for url in wanted)

    assert 1 + len(wanted) <= 6, wanted
    assert weight < 140_000


def test_a_changed_source_changes_the_address(tmp_path):
    for folder in ("css", "js", "vendor", "icons", "fonts/ui"):
        (tmp_path / folder).mkdir(parents=True)
    style = tmp_path / "css" / "1.css"
    style.write_text("a{}")
    shelf = Shelf(tmp_path)
    before = shelf.get("app.css").address

    style.write_text("b{}")
    import os

    os.utime(style, (2e9, 2e9))
    shelf.refresh()

    assert shelf.get("app.css").address != before


def test_a_broken_drawing_is_named(tmp_path):
    for folder in ("css", "js", "vendor", "icons", "fonts/ui"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "icons" / "odd.svg").write_text("<p>no drawing</p>")

    with pytest.raises(ValueError, match=r"odd\.svg"):
        Shelf(tmp_path)


def test_the_fonts_of_the_style_sheet_exist(client):
    style = client.get("/assets/app.css").text
    fonts = re.findall(r"url\(([^)]+)\)", style)

    assert len(fonts) == 3
    assert all(client.get(f"/assets/{name}").headers["Cache-Control"] == FOREVER for name in fonts)


def test_every_icon_that_a_page_names_is_in_the_sprite():
    drawn = {path.stem for path in (ROOT / "icons").glob("*.svg")}
    calls = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")
    named = {
        (path.relative_to(SOURCES), name)
        for path in (SOURCES / "templates").rglob("*.html")
        for name in calls.findall(path.read_text(encoding="utf-8"))
    }

    assert [(str(path), name) for path, name in sorted(named) if name not in drawn] == []


def test_every_answer_carries_the_headers(client):
    for path in ("/kit", "/nothing/here", "/assets/app.css"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "noindex" in headers["X-Robots-Tag"]


def test_pages_are_kept_by_no_cache(client):
    assert client.get("/kit").headers["Cache-Control"] == "no-store"


def test_https_is_remembered_where_it_is_used(client):
    assert "Strict-Transport-Security" not in client.get("/kit").headers
    assert "Strict-Transport-Security" in client.get("/kit", base_url="https://localhost").headers


def test_the_kit_is_not_in_production(app):
    app.testing = False
    assert app.test_client().get("/kit").status_code == 404
