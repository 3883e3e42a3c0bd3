"""What fits in a template and what does not: layouts judged for Haark's slides."""

from __future__ import annotations

from dataclasses import replace

from haark.decks.corporate import area, fonts, read
from haark.decks.corporate.package import Package, Refused
from haark.decks.corporate.read import Master, Sheet
from haark.decks.corporate.reduce import Reduced
from haark.decks.corporate.report import Issue, Layout, Report
from haark.decks.shapes import Box
from haark.decks.theme import contrast

STRIPS = 66.0
"""Composed points of the area that the section above the blocks and the source below them take."""
BODY = 290.0
"""Composed height of the blocks that the scale aims at; on our own pages it is 312."""
NARROW = 640.0
"""Composed width of the blocks that the scale aims at; on our own pages it is 852."""
HOUSE = 540.0
SMALLEST, SMALL = 0.62, 0.78
"""Sizes beside our own pages' (both of the same height) below which a layout is refused, or the report says so."""
TITLE_SIZE, TITLE_LINES = 27.0, 2


def report_of(package: Package, cleaned: Reduced) -> Report:
    """Everything that the page shows of a template. Refused when no slide can be made of it."""
    wide, high = read.size_of(package)
    if wide / high < 1.15:
        raise Refused("portrait", f"{wide / high:.2f}")
    found = read.masters(package)
    layouts = [
        layout_of(sheet, master, wide, high)
        for place, master in enumerate(found)
        for sheet in read.sheets(package, master, place)
    ]
    if not layouts:
        raise Refused("no_layouts")
    if not any(layout.bears_content for layout in layouts):
        raise Refused("no_title" if not any(layout.title for layout in layouts) else "no_room")
    first = found[0]
    return Report(
        width=wide,
        height=high,
        masters=tuple(master.name for master in found),
        layouts=tuple(layouts),
        palette=tuple(first.palette.items()),
        fonts=tuple(dict.fromkeys(first.fonts)),
        issues=tuple(_whole(package, cleaned, wide, high, found)),
    )


def _whole(package: Package, cleaned: Reduced, wide: float, high: float, found: list[Master]) -> list[Issue]:
    """What is to be said of the file as a whole."""
    issues = []
    if wide / high < 1.5:
        issues.append(
            Issue("four_three", "adapted", "4:3" if abs(wide / high - 4 / 3) < 0.02 else f"{wide / high:.2f}")
        )
    slides = len(package.related_to(package.show, "slide"))
    if slides:
        issues.append(Issue("slides", "note", str(slides)))
    if cleaned.links:
        issues.append(Issue("links", "adapted", str(cleaned.links)))
    if cleaned.media > 5_000_000:
        issues.append(Issue("heavy", "note", f"{cleaned.media / 1_000_000:.0f}"))
    if package.related_to("", "digital-signature/origin") or package.related_to("", "origin"):
        issues.append(Issue("signature", "adapted"))
    unknown = [font for master in found for font in master.fonts if font.strip().lower() not in fonts.KNOWN]
    if unknown:
        issues.append(Issue("font", "note", ", ".join(dict.fromkeys(unknown))))
    if len(found) > 1:
        issues.append(Issue("masters", "note", str(len(found))))
    return issues


def layout_of(sheet: Sheet, master: Master, wide: float, high: float) -> Layout:
    """A layout with the place of Haark's blocks and what was found about it."""
    body = next((one.box for one, _element in master.holders if one.form == "body"), None)
    spot = area.content(sheet, body, wide, high)
    scale = scale_of(spot.box, high) if spot is not None else 0.0
    ground = spot.ground if spot is not None else sheet.ground
    kept = [one.box for one in sheet.stills if one.drawn and area.area(one.box) < 0.5 * wide * high]
    layout = Layout(
        key=sheet.key,
        name=sheet.name,
        form=sheet.form,
        holders=tuple(replace(one, ground=area.ground_at(sheet, one.box)) for one in sheet.holders),
        ground=ground,
        ink=sheet.scheme.get("tx1", "#000000"),
        area=spot.box if spot is not None else None,
        scale=scale,
        fixed=tuple(kept),
    )
    issues = _issues(layout, high, spot.avoided if spot is not None else ())
    return replace(layout, issues=tuple(issues))


def scale_of(box: Box, high: float) -> float:
    """Points on the page for a composed point, so that blocks find about the room that they have on our own pages."""
    return min((box.h) / (BODY + STRIPS), box.w / NARROW, 1.05 * high / HOUSE)


def _issues(layout: Layout, high: float, avoided: tuple[str, ...]) -> list[Issue]:
    title, issues = layout.title, []
    if title is None:
        return [Issue("no_title", "block")]
    if title.style.vertical:
        return [Issue("vertical", "block")]
    relative = layout.scale / (high / HOUSE)
    if relative < SMALLEST:
        issues.append(Issue("no_room", "block"))
    elif relative < SMALL:
        issues.append(Issue("little_room", "adapted", f"{relative:.2f}"))
    if _lines(layout, high) < TITLE_LINES:
        issues.append(Issue("title_small", "adapted"))
    if title.style.color and contrast(title.style.color, title.ground) < 3:
        issues.append(Issue("title_contrast", "adapted", f"{contrast(title.style.color, title.ground):.1f}"))
    if layout.holder("sldNum") is None:
        issues.append(Issue("no_number", "adapted"))
    if layout.holder("ftr") is None:
        issues.append(Issue("no_footer", "adapted"))
    if avoided:
        issues.append(Issue("avoided", "adapted", ", ".join(dict.fromkeys(avoided))[:120]))
    if contrast(layout.ink, layout.ground) < 4.5:
        issues.append(Issue("text_contrast", "adapted", f"{contrast(layout.ink, layout.ground):.1f}"))
    return issues


def _lines(layout: Layout, high: float) -> int:
    """Lines of a 27 pt title (on a page of our height) that the title's box holds."""
    title = layout.title
    assert title is not None
    size = TITLE_SIZE * high / HOUSE
    room = title.box.h - title.style.insets[1] - title.style.insets[3]
    return int((room + 0.5) / (size * fonts.natural(title.style.font) * title.style.leading))
