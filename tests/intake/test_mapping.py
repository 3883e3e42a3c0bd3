"""The mapping language: what it says, and the line it blames."""

from pathlib import Path

import pytest

from haark.intake.conditions import Condition
from haark.intake.mapfile import load
from haark.intake.wording import AtFault, Refused

ACCOUNTS = 'source = "s"\n[[table]]\nfile = "a.csv"\nkind = "accounts"\ncolumns.name = "Name"\n'
REVENUE = 'source = "s"\n[[table]]\nfile = "a.csv"\nkind = "revenue"\n'


def mapping(folder: Path, text: str) -> Path:
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mapping_is_read(tmp_path: Path) -> None:
    found = load(
        mapping(
            tmp_path,
            ACCOUNTS + 'id = "Id"\ncolumns.arr = { column = "ARR (k)", factor = 1000 }\nskip = \'Name = "x"\'\n',
        )
    )
    (table,) = found.tables
    assert found.source == "s"
    assert table.headers == ["Id", "Name", "ARR (k)"]
    assert table.rule_for("external_id").header == "Id"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('source = "s"\n[[table]\n', 2, "TOML"),
        ("[[table]]\n", 1, "source"),
        ('source = "s"\n', 1, "table"),
        ('source = "s"\n[[table]]\nfile = "a.csv"\nkind = "acounts"\n', 4, "acounts"),
        (ACCOUNTS + 'columns.arrr = "x"\n', 6, "arrr"),
        (ACCOUNTS + 'columns.name = "x"\n', 6, "TOML"),
        (ACCOUNTS + 'columns.arr = { colum = "x", const = 1 }\n', 6, "colum"),
        (ACCOUNTS + 'columns.sector = { column = "x", join = 3 }\n', 6, "join"),
        (ACCOUNTS + "columns.arr = 5\n", 6, "arr"),
        (ACCOUNTS + 'colums = "x"\n', 6, "colums"),
        (ACCOUNTS + 'skip = "Name ="\n', 6, "skip"),
        (ACCOUNTS + 'id = "I"\ncolumns.external_id = "E"\n', 6, "deux fois"),
        (ACCOUNTS + 'levels = { start = "a", end = "b", amount = "c", by = "d" }\n', 6, "revenue"),
        ('source = "s"\n[[table]]\nfile = "a.csv"\nkind = "tickets"\ncolumns.account_id = "A"\n', 5, "opened_at"),
        (REVENUE + 'levels = { start = "a", end = "b", by = "d" }\n', 5, "levels.amount"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_with_its_line(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    with pytest.raises(AtFault) as fault:
        load(mapping(tmp_path, text))
    assert f"ligne {line}" in str(fault.value)
    assert sentence in str(fault.value)


def test_the_shipped_mappings_are_valid() -> None:
    examples = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.toml"))
    assert [load(path).source for path in examples] == ["churn-table", "maven", "ravenstack"]


ROW = {"is_trial": "True", "mrr_amount": "0.0", "Deal Stage": " Lost ", "note": ""}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('is_trial = "True" and mrr_amount = "0"', True),
        ('is_trial = "False" or mrr_amount = 0', True),
        ('not (is_trial = "True")', False),
        ('[Deal Stage] in ("Won", "Lost")', True),
        ("mrr_amount > 0", False),
        ("mrr_amount <= 0", True),
        ('note = ""', True),
        ('note != "" or is_trial = "no" and mrr_amount = 0', False),
        ({"is_trial": "True", "Deal Stage": ["Won", "Lost"]}, True),
        ({"is_trial": "False"}, False),
    ],
)
def test_skip(condition: str | dict[str, object], holds: bool) -> None:
    parsed = Condition(condition)
    positions = {name: list(ROW).index(name) for name in parsed.headers}
    assert parsed.test(positions)(list(ROW.values())) is holds


@pytest.mark.parametrize(
    "condition", ["", "a", "a =", '= "x"', 'a = "x" b = "y"', "a = b", "(a = 1", 'a in "x"', "a ~ 1"]
)
def test_what_is_no_condition(condition: str) -> None:
    with pytest.raises(Refused):
        Condition(condition)
