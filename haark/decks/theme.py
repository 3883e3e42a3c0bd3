"""Colours of a deck, derived from the brand so that every text reads at 4.5:1 or better (WCAG 2.2)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from haark.decks.outline import Brand

HEX = re.compile(r"#[0-9a-fA-F]{6}")
WHITE, INK = "#ffffff", "#12161f"
LEGIBLE = 4.5
SEEN = 3.0
"""Contrast of what is no text: bars, dots."""
STRONG = 7.0
"""What a light ground must leave to dark text; another one is replaced."""


@dataclass(frozen=True)
class Tone:
    """Colours of a state: text, soft ground, solid fill, and the letter of its shape."""

    text: str
    soft: str
    fill: str
    shape: str


@dataclass(frozen=True)
class Theme:
    """Resolved colours, all #rrggbb. `on_brand` and `on_brand_soft` are read on `brand`; `ground` is the page's."""

    brand: str
    brand_text: str
    accent: str
    tint: str
    on_brand: str
    on_brand_soft: str
    medium: str
    light: str
    pale: str
    ink: str = INK
    ink2: str = "#434b5a"
    ink3: str = "#626b7b"
    line: str = "#dfe3e9"
    track: str = "#e9edf1"
    ground: str = WHITE

    def tone(self, kind: str) -> Tone:
        """Colours of «ok», «warn», «bad» or «neutral»; neutral takes the brand's."""
        if kind not in TONES:
            return Tone(self.brand_text, self.tint, self.accent, "square")
        return TONES[kind] if self.ground == WHITE else _on(TONES[kind], self.ground)


TONES = {
    "ok": Tone("#0f6a45", "#e2f4ea", "#1c9664", "circle"),
    "warn": Tone("#835200", "#fcf1d6", "#b87a0c", "diamond"),
    "bad": Tone("#b01f30", "#fdeaec", "#d43a49", "triangle"),
}


@functools.cache
def _on(tone: Tone, ground: str) -> Tone:
    """A state's colours as they read on another ground than white."""
    soft = mix(tone.fill, ground, 0.16)
    return Tone(legible(tone.fill, soft), soft, legible(tone.fill, ground, SEEN), tone.shape)


def on_ground(primary: str, ground: str, ink: str) -> Theme:
    """The colours of a page of any ground, from one colour and the colour of its text: for organisations' templates.

    One hue only: two accents of a foreign palette mixed with each other give mud.
    """
    ink = ink if contrast(ink, ground) >= 7 else legible(ink, ground, 7)
    darker = legible(primary, WHITE)
    if 2.5 <= contrast(WHITE, primary) < LEGIBLE and contrast(darker, ground) >= SEEN:
        primary = darker  # white words on a slightly darker panel read better than dark words on it
    on_brand = WHITE if contrast(WHITE, primary) >= LEGIBLE else INK
    # On a dark page the shades are those of its text: a bright accent mixed with a dark ground gives mud.
    shade = primary if _luminance(ground) > 0.4 else ink
    tint, pale, medium = (_below(ink, shade, ground, share) for share in (0.1, 0.2, 0.46))
    return Theme(
        brand=primary,
        brand_text=legible(legible(legible(primary, ground), tint), pale),
        accent=legible(primary, ground),
        tint=tint,
        on_brand=on_brand,
        on_brand_soft=legible(mix(primary, on_brand, 0.15), primary),
        medium=medium,
        light=mix(shade, ground, 0.28),
        pale=pale,
        ink=ink,
        ink2=legible(mix(ink, ground, 0.82), ground, 6),
        ink3=legible(mix(ink, ground, 0.68), ground),
        line=mix(ink, ground, 0.16),
        track=mix(ink, ground, 0.1),
        ground=ground,
    )


def _below(ink: str, primary: str, ground: str, share: float) -> str:
    """As much of `primary` over `ground`, up to `share`, as leaves `ink` readable on it."""
    while share > 0.02 and contrast(ink, mix(primary, ground, share)) < LEGIBLE:
        share *= 0.8
    return mix(primary, ground, share)


def theme(brand: Brand) -> Theme:
    """The colours of `brand`; a value that is no #rrggbb falls back to the house's."""
    house = Brand()
    primary, secondary, tint = (
        value if HEX.fullmatch(value or "") else default
        for value, default in (
            (brand.primary, house.primary),
            (brand.secondary, house.secondary),
            (brand.tint, house.tint),
        )
    )
    on_brand = WHITE if contrast(WHITE, primary) >= LEGIBLE else INK
    blend = mix(primary, secondary, 0.5)
    tint = tint if contrast(INK, tint) >= STRONG else mix(primary, WHITE, 0.1)
    tint = tint if contrast(INK, tint) >= STRONG else house.tint
    return Theme(
        brand=primary,
        brand_text=legible(primary, tint),
        accent=legible(secondary, WHITE),
        tint=tint,
        on_brand=on_brand,
        on_brand_soft=legible(mix(secondary, on_brand, 0.2), primary),
        medium=mix(blend, WHITE, 0.46),
        light=mix(blend, WHITE, 0.24),
        pale=mix(blend, WHITE, 0.2),
    )


def brand_contrasts(brand: Brand) -> dict[str, tuple[float, float]]:
    """Measured contrast and the least that reads (DESIGN 11): `primary` and `secondary` on white, dark text on `tint`,
    `on_tint` for the main colour on it. A value that is no #rrggbb measures 1.

    >>> {name: round(found, 1) for name, (found, least) in brand_contrasts(Brand()).items() if found < least}
    {}
    """
    pairs = {
        "primary": (brand.primary, WHITE, LEGIBLE),
        "secondary": (brand.secondary, WHITE, LEGIBLE),
        "tint": (INK, brand.tint, STRONG),
        "on_tint": (brand.primary, brand.tint, LEGIBLE),
    }
    known = {name: all(HEX.fullmatch(one or "") for one in pair[:2]) for name, pair in pairs.items()}
    return {
        name: (contrast(ink, ground) if known[name] else 1.0, least) for name, (ink, ground, least) in pairs.items()
    }


def mix(front: str, back: str, share: float) -> str:
    """`share` (0-1) of `front` over `back`."""
    pairs = zip(_rgb(front), _rgb(back), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def legible(colour: str, ground: str, least: float = LEGIBLE) -> str:
    """`colour`, darkened (or lightened on a dark ground) just enough to read on `ground` at `least` : 1."""
    goal = INK if _luminance(ground) > 0.18 else WHITE
    for step in range(11):
        candidate = mix(goal, colour, step / 10)
        if contrast(candidate, ground) >= least:
            return candidate
    return goal


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
