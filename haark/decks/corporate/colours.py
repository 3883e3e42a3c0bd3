"""Colours of DrawingML resolved to #rrggbb: theme names, changes of luminance, fills, grounds."""

from __future__ import annotations

import colorsys
import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from haark.decks.theme import INK, WHITE, contrast, mix

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
NAMED = {"black": "#000000", "white": "#ffffff", "red": "#ff0000", "gray": "#808080", "blue": "#0000ff"}
FILLS = ("solidFill", "gradFill", "blipFill", "pattFill", "noFill", "grpFill")
PICTURE_PIXELS = 16_000_000


def color(element: Any, scheme: Mapping[str, str], base: str = "") -> str:
    """#rrggbb of a colour element; "" for one that nobody knows. `base` stands for `phClr`."""
    kind, value = element.tag.removeprefix(A), element.get("val", "")
    if kind == "srgbClr":
        found = f"#{value.lower()}" if len(value) == 6 else ""
    elif kind == "sysClr":
        found = f"#{(element.get('lastClr') or ('ffffff' if value == 'window' else '000000')).lower()}"
    elif kind == "schemeClr":
        found = base if value == "phClr" else scheme.get(value, "")
    elif kind == "prstClr":
        found = NAMED.get(value, "#808080")
    elif kind == "scrgbClr":
        parts = [float(element.get(part, "0").rstrip("%")) / 100_000 for part in "rgb"]
        found = "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in parts)
    else:
        found = ""
    return _changed(found, element) if found else ""


def _changed(found: str, element: Any) -> str:
    """`found` after lumMod, lumOff, tint and shade."""
    for change in element:
        name = change.tag.removeprefix(A) if isinstance(change.tag, str) else ""
        try:
            amount = float(change.get("val", "100000").rstrip("%")) / 100_000
        except ValueError:
            continue
        if name == "tint":
            found = mix(found, WHITE, min(max(amount, 0), 1))
        elif name == "shade":
            found = mix(found, "#000000", min(max(amount, 0), 1))
        elif name in ("lumMod", "lumOff"):
            red, green, blue = (int(found[at : at + 2], 16) / 255 for at in (1, 3, 5))
            hue, light, full = colorsys.rgb_to_hls(red, green, blue)
            light = min(max(light * amount if name == "lumMod" else light + amount, 0), 1)
            found = "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, light, full))
    return found


def first_color(holder: Any, scheme: Mapping[str, str], base: str = "") -> str:
    """The colour inside `holder` (a solidFill, a bgRef…), "" when it has none."""
    for child in holder:
        if isinstance(child.tag, str):
            found = color(child, scheme, base)
            if found:
                return found
    return ""


def fill(element: Any, scheme: Mapping[str, str], base: str = "") -> str | None:
    """Colour of the filling inside `element`: a gradient's mean, "" for a picture, None without a filling."""
    for child in element:
        kind = child.tag.removeprefix(A) if isinstance(child.tag, str) else ""
        if kind in FILLS:
            return filling(child, scheme, base)
    return None


def filling(child: Any, scheme: Mapping[str, str], base: str = "") -> str | None:
    """The same for the filling itself."""
    kind = child.tag.removeprefix(A)
    if kind == "solidFill":
        clear = child.find(f".//{A}alpha")
        if clear is not None and float(clear.get("val", "100000").rstrip("%")) < 30_000:
            return None
        return first_color(child, scheme, base) or None
    if kind == "gradFill":
        stops = [first_color(stop, scheme, base) for stop in child.iter(f"{A}gs")]
        return mean([stop for stop in stops if stop])
    if kind == "pattFill":
        sides = [side for name in ("fgClr", "bgClr") if (side := child.find(f"{A}{name}")) is not None]
        return mean([found for side in sides if (found := first_color(side, scheme, base))])
    return "" if kind == "blipFill" else None


def mean(found: list[str]) -> str | None:
    """The colours mixed in equal parts."""
    if not found:
        return None
    sums = [round(sum(int(one[at : at + 2], 16) for one in found) / len(found)) for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in sums)


def picture_mean(content: bytes) -> str | None:
    """Mean colour of a PNG or JPEG; None for another format or one too large to decode."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.size[0] * image.size[1] > PICTURE_PIXELS:
                return None
            image.draft("RGB", (64, 64))
            small = image.convert("RGBA").resize((1, 1), Image.Resampling.BOX)
            red, green, blue, opacity = small.getpixel((0, 0))  # type: ignore[misc]  # RGBA gives four numbers
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    found = f"#{red:02x}{green:02x}{blue:02x}"
    return found if opacity > 127 else None


def primary(palette: Mapping[str, str], ground: str) -> str:
    """The colour that stands for the organisation: the first accent that shows on `ground`, no grey if it can be."""
    accents = [palette[name] for number in range(1, 7) if (name := f"accent{number}") in palette]
    accents += [palette[name] for name in ("dk2", "lt2") if name in palette]
    seen = [one for one in accents if contrast(one, ground) >= 3]
    vivid = [one for one in seen if _vividness(one) > 0.15]
    fallback = INK if contrast(INK, ground) > contrast(WHITE, ground) else WHITE
    return (vivid or seen or [fallback])[0]


def _vividness(found: str) -> float:
    parts = [int(found[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return max(parts) - min(parts)
