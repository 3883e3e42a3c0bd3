"""Text is measured and cut by one set of rules."""

from hypothesis import given, settings
from hypothesis import strategies as st

from haark.decks import clean, fit

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=200, deadline=None)
@given(words, st.floats(30, 400), st.sampled_from([9, 12.5, 27]), st.integers(1, 5))
def test_no_line_is_wider_than_its_box(raw, box, size, limit):
    fitted = fit.wrap(clean.text(raw), box, size, fit.Face(600), limit)
    assert len(fitted.lines) <= limit
    assert all(fit.width(line, size, fit.Face(600)) <= box + 0.01 or len(line) <= 1 for line in fitted.lines)


@settings(max_examples=200, deadline=None)
@given(words, st.floats(60, 400))
def test_what_is_not_cut_keeps_every_character(raw, box):
    cleaned = clean.text(raw)
    fitted = fit.wrap(cleaned, box, 12)
    assert not fitted.cut
    assert "".join("".join(fitted.lines).split()) == "".join(cleaned.split())


def test_the_largest_size_that_fits_is_taken_and_the_smallest_is_cut():
    assert fit.fit("Court", 200, (27, 20), 1).size == 27
    assert fit.fit("Un titre nettement plus long que les autres", 200, (27, 20), 2).size == 20
    cut = fit.fit("mot " * 500, 200, (27, 20), 2)
    assert (cut.size, cut.cut, len(cut.lines), cut.lines[-1][-1]) == (20, True, 2, "…")


def test_a_two_line_title_is_balanced():
    title = "Deux décisions aujourd’hui, cinq actions avant le 15 décembre"
    fitted = fit.balance(fit.fit(title, 706, (27,), 2, fit.Face(600)), 706, fit.Face(600))
    long, short = (fit.width(line, 27, fit.Face(600)) for line in fitted.lines)
    assert abs(long - short) < 0.35 * max(long, short)


def test_what_documents_cannot_hold_is_removed():
    assert clean.text("a\ufffe\ud800b\x00\x07\u202ec\ufdd0\x85d\U0001fffe") == "abc d"
    assert clean.text("deux  espaces\r\n\r\n\nligne") == "deux espaces\nligne"
    assert len(clean.text("x" * 100_000)) == clean.LONGEST


def test_figures_and_french_punctuation_do_not_break():
    assert clean.bind("94 000 € et 60 % ; oui !", "fr") == "94\u202f000\u00a0€ et 60\u00a0%\u202f; oui\u202f!"
    assert clean.bind("« mot »", "fr") == "«\u202fmot\u202f»"
    assert clean.bind("94 000 € ; oui !", "uk") == "94\u00a0000\u00a0€ ; oui !"
