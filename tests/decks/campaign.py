"""Decks of the sample's accounts made in every format and looked at from all sides.

The suite looks at four accounts, `bin/torture decks` at all of them in three languages. What must hold for each:
nothing leaves its box (composed shapes, words of the PDF, frames of the PowerPoint, what LibreOffice draws), all
outputs say the same, the PDF passes PDF/UA, the PowerPoint its schema, LibreOffice opens it with as many pages, what is
made twice is the same, and the client's edition holds no internal word.
"""

import io
import re
import subprocess
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pdfua
from openxml_audit import validate_pptx

from haark import clock
from haark.cadence.models import SECTIONS
from haark.decks.compose import compose
from haark.decks.html import render_html
from haark.decks.markdown import render_markdown
from haark.decks.outline import Deck
from haark.decks.pdf import render_pdf
from haark.decks.pptx import render_pptx
from haark.decks.shapes import Waves
from haark.reviews import assembly, domain, queries
from haark.reviews.assembly import Stored
from tests.decks import fitting, geometry, parity, reading

INTERNAL = re.compile(r"\b(?:churn|santé|health|arr|здоров\w*|interne|internal|внутрішн\w*)\b", re.IGNORECASE)
LONG = "Donaudampfschifffahrtsgesellschaftskapitän "


@dataclass
class Look:
    """What was found of one deck. `wrong` is empty when all holds; the PowerPoint's path waits for LibreOffice."""

    name: str
    pages: int = 0
    seconds: float = 0.0
    sizes: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def stored_of(account_id: int, code: str, on: Any) -> Stored:
    """What is stored of a fresh review of the account, in the client's words."""
    period = domain.read_period(account_id, code, on)
    review = domain.generate(account_id, period, SECTIONS, "fr", by=None, at=clock.moment(), on=on)
    taken = queries.snapshot(review.id)
    assert taken is not None
    return queries.stored(review, taken.facts, domain.brand(), "fr")


def deck_of(stored: Stored, language: str, edition: str = "client") -> Deck:
    """Its deck in a language and an edition."""
    deck = assembly.assemble(replace(stored, language=language)).deck
    return deck if edition == "client" else deck.for_edition("internal")


def extremes(stored: Stored) -> dict[str, Stored]:
    """The same review with twelve objectives, none, and with long words and names in its facts."""
    facts = dict(stored.facts)
    given = facts["objectives"] or []
    many = [dict(given[at % len(given)], id=9_000 + at) for at in range(12)] if given else []
    account = dict(facts["account"], name=(LONG * 4)[:120].strip())
    return {
        "twelve objectives": replace(stored, facts={**facts, "objectives": many}),
        "no objective": replace(stored, facts={**facts, "objectives": []}),
        "long words": replace(stored, facts={**_lengthened(facts), "account": account}),
    }


def _lengthened(value: Any, key: str = "") -> Any:
    """Titles, names and texts made of words that break nowhere."""
    if isinstance(value, dict):
        return {name: _lengthened(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_lengthened(inner, key) for inner in value]
    longer = isinstance(value, str) and key in ("title", "what", "text", "note", "subject", "next_step")
    return f"{LONG}{value}" if longer else value


def look(deck: Deck, name: str, folder: Path, *, twice: bool = False) -> Look:
    """Makes the deck in all formats under `folder` and checks all but LibreOffice."""
    found, started = Look(name), time.monotonic()
    pdf, packed = render_pdf(deck), render_pptx(deck)
    drawn, written = str(render_html(deck)), render_markdown(deck)
    _clean, pages = compose(deck)
    found.pages, found.sizes = len(pages), {"pdf": len(pdf), "pptx": len(packed), "html": len(drawn)}
    printed, slides = folder / f"{name}.pdf", folder / f"{name}.pptx"
    printed.write_bytes(pdf)
    slides.write_bytes(packed)
    found.wrong += geometry.faults(pages)
    for page, words in zip(pages, fitting.drawn(printed), strict=True):
        boxes = [shape.box for shape in page.shapes if not isinstance(shape, Waves)]
        found.wrong += [f"PDF page {page.number} {wrong}" for wrong in fitting.outside(words, boxes)]
    found.wrong += [f"PowerPoint {wrong}" for wrong in fitting.measured(packed)]
    found.wrong += parity.differences(deck, reading.pdf_pages(pdf, folder), packed, drawn, written)
    found.wrong += [f"PDF/UA: {one}" for one in pdfua.validate(str(printed)).findings]
    found.wrong += [f"schema: {error}" for error in validate_pptx(slides).errors]
    found.wrong += [f"internal: {word}" for word in internal_words(deck, pdf, packed, written)]
    if twice and not same(deck, pdf, packed):
        found.wrong.append("made twice, it is not the same")
    found.seconds = round(time.monotonic() - started, 2)
    return found


def internal_words(deck: Deck, pdf: bytes, packed: bytes, written: str) -> list[str]:
    """Internal words in what the client gets, wherever they hide in the files; the client's own name may hold some."""
    if deck.edition != "client":
        return []
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        hidden = [
            parts.read(name).decode("utf-8") for name in parts.namelist() if "slides/slide" in name or "notes" in name
        ]
    texts = [" ".join(page.extract_text() for page in reading.reader(pdf).pages), written]
    texts += [" ".join(re.findall(r"<a:t>([^<]*)", part)) for part in hidden]
    # A name that is broken over two lines is still the name.
    folded = (" ".join(text.split()) for text in texts)
    client = " ".join(deck.client.split())
    return sorted({word for text in folded for word in INTERNAL.findall(text.replace(client, ""))})


def same(deck: Deck, pdf: bytes, packed: bytes) -> bool:
    """Whether the deck comes out the same again, but for the dates in PowerPoint's properties."""
    return render_pdf(deck) == pdf and entries(render_pptx(deck)) == entries(packed)


def entries(packed: bytes) -> list[tuple[Any, ...]]:
    """Names, dates and bytes in their order, without the dates in the properties."""
    dates = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*")
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        return [(one.filename, one.date_time, dates.sub(b"", found.read(one))) for one in found.infolist()]


def office(looks: Sequence[Look], folder: Path) -> None:
    """LibreOffice opens every PowerPoint of `looks` in one go: as many pages, every word in the frame of a shape."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    out = folder / "office"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(out)]
    files = [str(folder / f"{one.name}.pptx") for one in looks]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=120 + 60 * len(files))
    for one in looks:
        path = out / f"{one.name}.pdf"
        if not path.exists():
            one.wrong.append("LibreOffice did not open it")
            continue
        pages, frames = fitting.drawn(path), fitting.frames((folder / f"{one.name}.pptx").read_bytes())
        if len(pages) != len(frames):
            one.wrong.append(f"LibreOffice: {len(pages)} pages of {len(frames)}")
            continue
        for number, (words, boxes) in enumerate(zip(pages, frames, strict=True), start=1):
            one.wrong += [f"LibreOffice page {number} {wrong}" for wrong in fitting.outside(words, boxes)]
