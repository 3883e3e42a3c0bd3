"""The letters and colours of names, and a side bar that leads only to what exists."""

import pytest

from haark import monograms, navigation


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Groupe Valmorin", "GV"),
        ("Luméo Énergie", "LÉ"),
        ("Ville de Saint-Aubrac", "VS"),
        ("Verrerie d’Arques-Nord", "VA"),
        ("Kalysta", "KA"),
        ("Олена Коваль", "ОК"),
        ("The Of", "TO"),
        ("🚀", "?"),
        ("", "?"),
        ("3M", "3M"),
        ("شركة النور", "شا"),
    ],
)
def test_a_name_has_its_letters(name, letters):
    assert monograms.initials(name) == letters


def test_a_name_keeps_its_colour():
    assert monograms.hue("Groupe Valmorin") == monograms.hue("Groupe Valmorin")
    assert {monograms.hue(f"Compte {number}") for number in range(200)} == set(range(monograms.HUES))
    assert 0 <= monograms.hue("\ud800 seul") < monograms.HUES


def test_the_side_bar_leads_only_to_what_exists(app):
    adapter = app.url_map.bind("localhost")
    with app.test_request_context("/kit"):
        shown = navigation.entries()

    assert [adapter.build(entry.endpoint) for entry in shown]
    assert {entry.endpoint for entry in shown} <= set(app.view_functions)


def test_keys_of_the_side_bar_are_told_apart():
    keys = [entry.key for entry in navigation.ENTRIES]
    assert len(keys) == len(set(keys))


def test_an_unknown_theme_is_the_systems(app):
    with app.test_request_context("/kit") as context:
        context.session["theme"] = "pink"
        assert navigation.theme() == "system"
        context.session["theme"] = "dark"
        assert navigation.theme() == "dark"


def test_leaving_javascript_aside_the_shortcuts_are_a_page(app):
    from tests.shell.conftest import cookie_of_claire

    client = app.test_client()
    client.set_cookie("haark", cookie_of_claire(app))
    page, fragment = client.get("/shortcuts"), client.get("/shortcuts", headers={"HX-Request": "true"})

    assert "<h1" in page.text and "<dialog" not in page.text
    assert "<dialog" in fragment.text and "<html" not in fragment.text
    assert "<kbd>J</kbd>" in page.text and "<kbd>J</kbd>" in fragment.text
