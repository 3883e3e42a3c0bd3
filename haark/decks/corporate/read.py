"""Reads masters and layouts: placeholders with what they inherit, grounds, and the shapes that stand there already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from haark.decks.corporate import colours
from haark.decks.corporate.package import Package, Refused
from haark.decks.corporate.report import Holder, Style
from haark.decks.corporate.tree import POINT, A, P, R, box_of, elements, number
from haark.decks.shapes import Box
from haark.decks.theme import WHITE

NAMES = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
MAPPED = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
PARENT = {"ctrTitle": "title", "title": "title", "dt": "dt", "ftr": "ftr", "sldNum": "sldNum"}
STYLES = {"title": "titleStyle", "body": "bodyStyle"}


@dataclass(frozen=True)
class Still:
    """A shape of a master or layout that is no placeholder. `fill`: None without one, "" for one of unknown colour."""

    box: Box
    fill: str | None
    name: str
    drawn: bool


@dataclass(frozen=True)
class Master:
    """A master as read: its part, theme, mapping of names, placeholders by type, still shapes and ground."""

    part: str
    root: Any
    name: str
    theme: Any
    palette: dict[str, str]
    fonts: tuple[str, str]
    scheme: dict[str, str]
    holders: tuple[tuple[Holder, Any], ...]
    stills: tuple[Still, ...]
    ground: str


@dataclass(frozen=True)
class Sheet:
    """A layout as read, the master's shapes included."""

    key: str
    part: str
    name: str
    form: str
    holders: tuple[Holder, ...]
    stills: tuple[Still, ...]
    ground: str
    scheme: dict[str, str]


def size_of(package: Package) -> tuple[float, float]:
    """Width and height of the page."""
    size = package.xml(package.show).find(f"{P}sldSz")
    wide, high = (number(size.get(side)) / POINT if size is not None else 0.0 for side in ("cx", "cy"))
    if not (72 <= wide <= 4032 and 72 <= high <= 4032):
        raise Refused("broken", package.show)
    return wide, high


def masters(package: Package) -> list[Master]:
    """The masters in their order. Refused when there is none that can be read."""
    found = _ordered(package, package.show, f"{P}sldMasterId", "slideMaster")
    if not found:
        raise Refused("no_layouts")
    return [_master(package, part, place) for place, part in enumerate(found)]


def sheets(package: Package, master: Master, place: int) -> list[Sheet]:
    """The layouts of a master in their order."""
    parts = _ordered(package, master.part, f"{P}sldLayoutId", "slideLayout")
    return [_sheet(package, master, part, f"{place}.{at}") for at, part in enumerate(parts)]


def _ordered(package: Package, part: str, tag: str, kind: str) -> list[str]:
    """Parts in the order of the list that names them by relationship."""
    targets = {one.key: one.target for one in package.relations(part) if one.kind == kind and not one.external}
    keys = [element.get(f"{R}id", "") for element in package.xml(part).iter(tag)]
    return [targets[key] for key in keys if targets.get(key) in package.names]


def _master(package: Package, part: str, place: int) -> Master:
    root = package.xml(part)
    theme = next((package.xml(name) for name in package.related_to(part, "theme")), None)
    palette, fonts = _palette(theme), _fonts(theme)
    scheme = _scheme(palette, root.find(f"{P}clrMap"))
    bare = Master(part, root, "", theme, palette, fonts, scheme, (), (), WHITE)
    holders = tuple(_holders(root, bare, ()))
    name = (root.find(f"{P}cSld").get("name") if root.find(f"{P}cSld") is not None else "") or (
        theme.get("name", "") if theme is not None else ""
    )
    ground = _ground(package, part, root, bare) or scheme.get("bg1", WHITE)
    return replace(
        bare, name=name or str(place + 1), holders=holders, stills=_stills(package, root, bare), ground=ground
    )


def _sheet(package: Package, master: Master, part: str, key: str) -> Sheet:
    root = package.xml(part)
    override = root.find(f"{P}clrMapOvr/{A}overrideClrMapping")
    scheme = master.scheme if override is None else _scheme(master.palette, override)
    own = replace(master, scheme=scheme)
    holders = tuple(holder for holder, _element in _holders(root, own, master.holders))
    shown = () if root.get("showMasterSp") in ("0", "false") else master.stills
    ground = _ground(package, part, root, own)
    if ground is None:
        again = _ground(package, master.part, master.root, own) if override is not None else None
        ground = again or master.ground
    data = root.find(f"{P}cSld")
    name = (data.get("name") if data is not None else "") or key
    stills = (*shown, *_stills(package, root, own))
    return Sheet(key, part, name, root.get("type", ""), holders, stills, ground, scheme)


def _palette(theme: Any) -> dict[str, str]:
    scheme = theme.find(f".//{A}clrScheme") if theme is not None else None
    found = {}
    for name in NAMES:
        element = scheme.find(f"{A}{name}") if scheme is not None else None
        value = colours.first_color(element, {}) if element is not None else ""
        if value:
            found[name] = value
    return {"dk1": "#000000", "lt1": WHITE, **found}


def _fonts(theme: Any) -> tuple[str, str]:
    """Typefaces of headings and of text."""
    faces = [theme.find(f".//{A}{kind}Font/{A}latin") if theme is not None else None for kind in ("major", "minor")]
    major, minor = (face.get("typeface", "") if face is not None else "" for face in faces)
    return major or "Calibri", minor or "Calibri"


def _scheme(palette: dict[str, str], mapping: Any) -> dict[str, str]:
    """Colours by every name that a shape may use, text and ground mapped."""
    pairs = {name: (mapping.get(name) if mapping is not None else None) or to for name, to in MAPPED.items()}
    return {**palette, **{name: palette[to] for name, to in pairs.items() if to in palette}}


def _ground(package: Package, part: str, root: Any, master: Master) -> str | None:
    """Colour of the background that this master or layout sets itself; None when it sets none."""
    back = root.find(f"{P}cSld/{P}bg")
    if back is None:
        return None
    properties, reference = back.find(f"{P}bgPr"), back.find(f"{P}bgRef")
    if properties is not None:
        found = colours.fill(properties, master.scheme)
        return _picture(package, part, properties) or master.scheme.get("bg1", WHITE) if found == "" else found
    if reference is None:
        return None
    base = colours.first_color(reference, master.scheme)
    place = int(number(reference.get("idx"))) - 1001
    fills = master.theme.find(f".//{A}bgFillStyleLst") if master.theme is not None else None
    if fills is not None and 0 <= place < len(fills):
        return colours.filling(fills[place], master.scheme, base) or base or None
    return base or None


def _picture(package: Package, part: str, holder: Any) -> str | None:
    """Mean colour of the picture that fills `holder`."""
    blip = holder.find(f".//{A}blip")
    key = blip.get(f"{R}embed") if blip is not None else None
    target = next((one.target for one in package.relations(part) if one.key == key and not one.external), None)
    return colours.picture_mean(package.read(target)) if target in package.names else None


def _holders(root: Any, master: Master, above: tuple[tuple[Holder, Any], ...]) -> Iterator[tuple[Holder, Any]]:
    for element, frame in elements(root):
        mark = element.find(f"./*/{P}nvPr/{P}ph")
        if mark is None:
            continue
        form = mark.get("type", "obj")
        parent = next(((one, it) for one, it in above if one.form == PARENT.get(form, "body")), (None, None))
        box = box_of(element, frame) or (parent[0].box if parent[0] is not None else None)
        if box is None:
            continue
        label = element.find(f"./*/{P}cNvPr")
        name = label.get("name", "") if label is not None else ""
        style = _style(form, element, parent[1], master)
        yield Holder(form, int(number(mark.get("idx"))), name, box, style), element


def _style(form: str, element: Any, parent: Any, master: Master) -> Style:
    """What the placeholder's first level is set in: its own words first, then the master's placeholder and styles."""
    chain = [one for one in (element, parent) if one is not None]
    frames = [frame for one in chain if (frame := one.find(f"{P}txBody/{A}bodyPr")) is not None]
    levels = [level for one in chain if (level := one.find(f"{P}txBody/{A}lstStyle/{A}lvl1pPr")) is not None]
    kind = STYLES.get(PARENT.get(form, "body"), "otherStyle")
    last = master.root.find(f"{P}txStyles/{P}{kind}/{A}lvl1pPr")
    levels += [last] if last is not None else []
    runs = [run for level in levels if (run := level.find(f"{A}defRPr")) is not None]

    def first(elements: list[Any], name: str, otherwise: str) -> str:
        return next((value for one in elements if (value := one.get(name)) is not None), otherwise)

    inks = [fill for run in runs if (fill := run.find(f"{A}solidFill")) is not None]
    faces = [face.get("typeface", "") for run in runs if (face := run.find(f"{A}latin")) is not None]
    spaces = [space for level in levels if (space := level.find(f"{A}lnSpc/{A}spcPct")) is not None]
    face = faces[0] if faces else "+mj-lt" if kind == "titleStyle" else "+mn-lt"
    sides = (("lIns", "91440"), ("tIns", "45720"), ("rIns", "91440"), ("bIns", "45720"))
    return Style(
        size=number(first(runs, "sz", "1800"), 1800) / 100,
        bold=first(runs, "b", "0") in ("1", "true"),
        caps=first(runs, "cap", "none") == "all",
        align=first(levels, "algn", "l"),
        anchor=first(frames, "anchor", "t"),
        insets=tuple(number(first(frames, name, usual)) / POINT for name, usual in sides),
        vertical=first(frames, "vert", "horz") not in ("horz", ""),
        color=(colours.first_color(inks[0], master.scheme) if inks else "") or master.scheme.get("tx1", "#000000"),
        font={"+mj-lt": master.fonts[0], "+mn-lt": master.fonts[1]}.get(face, face),
        leading=number(spaces[0].get("val"), 100_000) / 100_000 if spaces else 1.0,
    )


def _stills(package: Package, root: Any, master: Master) -> tuple[Still, ...]:
    found = []
    for element, frame in elements(root):
        box = box_of(element, frame)
        if box is None or element.find(f"./*/{P}nvPr/{P}ph") is not None:
            continue
        label = element.find(f"./*/{P}cNvPr")
        if label is not None and label.get("hidden") in ("1", "true"):
            continue
        name = label.get("name", "") if label is not None else ""
        if element.tag in (f"{P}pic", f"{P}graphicFrame"):
            found.append(Still(box, "", name, drawn=True))
            continue
        paint = _paint(element, master)
        words = "".join(text.text or "" for text in element.iter(f"{A}t")).strip()
        line = element.find(f"{P}spPr/{A}ln")
        lined = element.find(f"{P}style/{A}lnRef") is not None or (line is not None and line.find(f"{A}noFill") is None)
        found.append(Still(box, paint, name, drawn=paint is not None or bool(words) or lined))
    return tuple(found)


def _paint(element: Any, master: Master) -> str | None:
    properties = element.find(f"{P}spPr")
    own = (
        [child for child in properties if child.tag in [f"{A}{kind}" for kind in colours.FILLS]]
        if properties is not None
        else []
    )
    if own:
        return colours.filling(own[0], master.scheme)
    style = element.find(f"{P}style/{A}fillRef")
    if style is None or number(style.get("idx")) == 0:
        return None
    return colours.first_color(style, master.scheme) or ""
