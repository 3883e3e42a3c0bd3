"""What the deck worker does before it forks: both formats are drawn once, so that no job pays for what is lazy.

Loading WeasyPrint and python-pptx is half of it. The other half shows only in the first drawing of a process: fonts
shaped for the first time, layouts and style sheets prepared, the XML of the first chart.
"""

from __future__ import annotations

from haark.decks import pdf
from haark.decks.outline import Bars, Cover, Deck, LineChart, Metric, Metrics, Point, Slide, Status, Table, Text
from haark.decks.outline import Column as Head
from haark.decks.pptx import render_pptx

WORDS = "Rehearsal"


def rehearse() -> None:
    """Draws a deck of three slides as PDF and as PowerPoint, and drops both: about a second, once per worker."""
    pdf.render_pdf(deck())
    render_pptx(deck())


def deck() -> Deck:
    """The kinds of blocks that cost most the first time; never shown to anybody."""
    points = tuple(Point(f"Q{index}", float(index), str(index)) for index in range(1, 5))
    row = (Text(WORDS, strong=True), Status("ok", WORDS))
    slides = (
        Slide("cover", "", WORDS, (Cover(WORDS, WORDS, WORDS),)),
        Slide("charts", WORDS, WORDS, (LineChart(WORDS, points, alt=WORDS),), (Bars(WORDS, points, alt=WORDS),)),
        Slide("table", WORDS, WORDS, (Metrics((Metric("1", "%", WORDS),)), Table((Head(WORDS), Head(WORDS)), (row,)))),
    )
    return Deck(WORDS, "fr", WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, slides)
