"""Makes the deck's static fonts and their widths: python static/fonts/deck/make.py SOURCE_FOLDER.

SOURCE_FOLDER holds inter-{latin,latin-ext,cyrillic}-opsz-normal.woff2 (OFL, see OFL.txt). Variable fonts cost
WeasyPrint over half of a rendering, WOFF2 decoding most of the rest: so static, uncompressed, subsets in one file.
"""

import json
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).resolve().parent
DIGITS = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
"""Names of the digits; all are set as wide as the tabular ones, which the PDF uses."""
SUBSETS = ("latin", "latin-ext", "cyrillic")
CUTS = {
    "text-400": (14, 400),
    "text-500": (14, 500),
    "text-600": (14, 600),
    "display-500": (32, 500),
    "display-600": (32, 600),
}


def make(source: Path) -> None:
    """Writes <cut>.ttf for each cut, and widths.json: advance by character in thousandths of an em, by weight."""
    widths = {}
    for cut, (size, weight) in CUTS.items():
        font = _static(source, size, weight)
        _name(font, f"Haark Deck {cut}")
        font.save(HERE / f"{cut}.ttf")
        if cut.startswith("text"):
            widths[str(weight)] = _widths(font)
    (HERE / "widths.json").write_text(json.dumps(widths, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _static(source: Path, size: int, weight: int) -> TTFont:
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in SUBSETS:
            font = TTFont(source / f"inter-{subset}-opsz-normal.woff2")
            font = instantiateVariableFont(font, {"opsz": size, "wght": weight})
            font.flavor = None
            parts.append(f"{folder}/{subset}.ttf")
            font.save(parts[-1])
        return Merger().merge(parts)


def _name(font: TTFont, name: str) -> None:
    for record in (1, 3, 4, 16):
        font["name"].setName(name, record, 3, 1, 0x409)
    font["name"].setName(name.replace(" ", ""), 6, 3, 1, 0x409)
    font["name"].setName("Regular", 2, 3, 1, 0x409)


def _widths(font: TTFont) -> dict[str, int]:
    unit, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    widths = {chr(code): round(metrics[glyph][0] * 1000 / unit) for code, glyph in sorted(font.getBestCmap().items())}
    tabular = max(metrics[name][0] for name in metrics if name.removesuffix(".tf") in DIGITS)
    return widths | dict.fromkeys("0123456789", round(tabular * 1000 / unit))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
