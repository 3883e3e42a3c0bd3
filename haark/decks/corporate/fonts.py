"""How wide and how high common fonts run beside Inter, in which everything is measured.

The numbers are ratios of mean advance widths over running French and English text, and natural line heights in em
(ascent + descent + gap), read from the fonts' own metrics and rounded up. A font that is not listed counts as wide.
"""

from __future__ import annotations

KNOWN: dict[str, tuple[float, float]] = {
    "inter": (1.0, 1.21),
    "arial": (0.95, 1.15),
    "helvetica": (0.95, 1.15),
    "helvetica neue": (0.95, 1.2),
    "liberation sans": (0.95, 1.15),
    "calibri": (0.88, 1.22),
    "calibri light": (0.88, 1.22),
    "carlito": (0.88, 1.22),
    "aptos": (0.96, 1.28),
    "aptos display": (0.94, 1.28),
    "cambria": (0.92, 1.17),
    "candara": (0.91, 1.22),
    "corbel": (0.9, 1.22),
    "constantia": (0.93, 1.22),
    "century gothic": (1.04, 1.23),
    "garamond": (0.83, 1.13),
    "georgia": (0.97, 1.14),
    "gill sans mt": (0.88, 1.16),
    "segoe ui": (0.96, 1.33),
    "segoe ui light": (0.94, 1.33),
    "segoe ui semibold": (1.0, 1.33),
    "tahoma": (0.95, 1.21),
    "times new roman": (0.86, 1.15),
    "trebuchet ms": (0.95, 1.16),
    "verdana": (1.12, 1.22),
    "franklin gothic book": (0.92, 1.14),
    "franklin gothic medium": (0.95, 1.14),
    "lato": (0.94, 1.2),
    "montserrat": (1.1, 1.22),
    "nunito": (0.97, 1.37),
    "open sans": (1.0, 1.37),
    "poppins": (1.1, 1.5),
    "raleway": (1.01, 1.18),
    "roboto": (0.96, 1.18),
    "source sans pro": (0.89, 1.26),
    "work sans": (1.04, 1.18),
    "meiryo": (1.05, 1.53),
    "meiryo ui": (0.98, 1.3),
    "yu gothic": (1.02, 1.7),
}
UNKNOWN = (1.06, 1.35)
NARROWEST = 0.94
"""Narrower fonts are not set larger than this allows: where they are missing, a wider one takes their place."""


def width(font: str) -> float:
    """How much wider than Inter, at least NARROWEST."""
    return max(KNOWN.get(font.strip().lower(), UNKNOWN)[0], NARROWEST)


def natural(font: str) -> float:
    """Line height at 100 %, in em."""
    return KNOWN.get(font.strip().lower(), UNKNOWN)[1]
