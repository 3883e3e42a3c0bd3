"""docs/import.md lists what the code takes."""

import re
from pathlib import Path

from haark.intake.kinds import KINDS

GUIDE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_guide_lists_every_kind_with_its_columns_in_order() -> None:
    rows = re.findall(r"^\| (\w+) \| (.+?) \| .+ \|$", GUIDE, re.MULTILINE)
    told = {kind: columns for kind, columns in rows if kind in KINDS}
    assert list(told) == list(KINDS)
    for name, kind in KINDS.items():
        assert tuple(re.findall(r"`(\w+)`", told[name])) == kind.names
        assert set(re.findall(r"\*\*`(\w+)`\*\*", told[name])) == {each.name for each in kind.columns if each.required}
