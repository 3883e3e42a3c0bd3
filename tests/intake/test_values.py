"""Numbers, dates and the rest, cell by cell and column by column."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haark.formats import safe_cell
from haark.intake import evidence
from haark.intake.converters import Context, clean, converter
from haark.intake.dates import OrderEvidence, parse_day, parse_instant
from haark.intake.kinds import KINDS, Column
from haark.intake.mapping import ColumnRule, canonical_table
from haark.intake.numerals import decimal_mark, parse_number
from haark.intake.plan import Planner
from haark.intake.reading import open_table
from haark.intake.wording import AtFault, Refused

PARIS = ZoneInfo("Europe/Paris")
MONEY = Column("arr", "money", "arr", least=0, most=10**11)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120 000,50 €", "120000.50"), ("120\u00a0000,50\u202f€", "120000.50"),
        ("1.234,5", "1234.5"), ("(16.0)", "-16.0"),
        ("1,234.56", "1234.56"), ("$ 12.5", "12.5"), ("1'234.50", "1234.50"), ("1.234.567", "1234567"), ("-5", "-5"),
        ("−5,5", "-5.5"), ("5-", "-5"), ("1,5E+3", "1500"),
        ("1,23,456.00", "123456.00"), ("EUR 12,00", "12"), (".5", "0.5"),
    ],
)  # fmt: skip
def test_numbers(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "", "12 34", "12 %", "NaN", "1.2.3", "1,2,3", "--5", "12k", "1_000", "∞"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Refused):
        parse_number(text, ".")


def test_a_lone_dash_is_unknown_not_zero() -> None:
    assert parse_number("-") is None


@given(
    st.integers(-(10**11), 10**11),
    st.integers(0, 99),
    st.sampled_from([(" ", ","), ("\u202f", ","), (".", ","), (",", "."), ("'", ".")]),
)
def test_every_way_of_writing_a_number_gives_the_number(whole: int, cents: int, style: tuple[str, str]) -> None:
    group, mark = style
    text = f"{whole:,}".replace(",", group) + f"{mark}{cents:02d}"
    expected = Decimal(abs(whole)) + Decimal(cents) / 100
    assert parse_number(text) == (-expected if whole < 0 else expected)
    assert decimal_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2024-10-16", "ymd", date(2024, 10, 16)), ("2024/10/16", "ymd", date(2024, 10, 16)),
        ("20241016", "ymd", date(2024, 10, 16)),
        ("16/10/2024", "dmy", date(2024, 10, 16)), ("10/16/2024", "mdy", date(2024, 10, 16)),
        ("16.10.24", "dmy", date(2024, 10, 16)),
        ("01-02-13", "dmy", date(2013, 2, 1)), ("16 oct. 2024", "dmy", date(2024, 10, 16)),
        ("Oct 16, 2024", "dmy", date(2024, 10, 16)),
        ("1er janvier 2024", "dmy", date(2024, 1, 1)), ("16-Aug-24", "dmy", date(2024, 8, 16)),
        ("16 жовтня 2024", "dmy", date(2024, 10, 16)),
        ("2024-10-16T08:30:00Z", "ymd", date(2024, 10, 16)), ("3 août 2024", "dmy", date(2024, 8, 3)),
    ],
)  # fmt: skip
def test_dates(text: str, order: str, day: date) -> None:
    assert parse_day(text, order) == day


@pytest.mark.parametrize("text", ["31/02/2024", "2024-13-01", "hier", "45000", "16/10", "0001-01-01", "99/99/9999"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(Refused):
        parse_day(text, "dmy")


@given(
    st.lists(st.dates(date(1950, 1, 1), date(2100, 1, 1)), min_size=1),
    st.sampled_from([("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y"), ("ymd", "%Y-%m-%d")]),
)
def test_the_whole_column_decides_the_order(days: list[date], style: tuple[str, str]) -> None:
    _order, pattern = style
    column = OrderEvidence()
    texts = [day.strftime(pattern) for day in days]
    for text in texts:
        column.see(text)
    assert column.contradiction is None
    if column.order is None:
        assert all(day.day <= 12 for day in days)
    else:
        assert [parse_day(text, column.order) for text in texts] == days


def test_instants_without_a_zone_are_local_and_kept_in_utc() -> None:
    assert parse_instant("2024-07-28 03:00:00", "ymd", PARIS) == datetime(2024, 7, 28, 1, tzinfo=UTC)
    assert parse_instant("2024-07-28T03:00:00+02:00", "ymd", ZoneInfo("Asia/Tokyo")) == datetime(
        2024, 7, 28, 1, tzinfo=UTC
    )
    assert parse_instant("12/11/2024 2:30 PM", "dmy", PARIS) == datetime(2024, 11, 12, 13, 30, tzinfo=UTC)


def columns_of(folder: Path, content: str, **types: str) -> tuple[object, list[evidence.Watched]]:
    path = folder / "t.csv"
    path.write_text(content, encoding="utf-8")
    table = open_table(path, list(types))
    watched = [
        evidence.Watched(ColumnRule(name, header=name), kind, table.position(name) or 0) for name, kind in types.items()
    ]
    evidence.scan(table, watched, None)
    return table, watched


@pytest.mark.parametrize(
    "dates", [("13/01/2024", "01/25/2024"), ("01/02/2024", "01/25/2024", "13/01/2024"), ("2024-01-25", "25/01/2024")]
)
def test_two_orders_in_one_column_are_the_files_fault(tmp_path: Path, dates: tuple[str, ...]) -> None:
    path = tmp_path / "golives.csv"
    path.write_text("account_id,date\n" + "".join(f"A,{text}\n" for text in dates), encoding="utf-8")
    rule = canonical_table(path)
    assert rule is not None
    table = open_table(path, rule.headers)
    present = replace(rule, columns=tuple(each for each in rule.columns if each.canonical in ("account_id", "date")))
    planner = Planner(present, table, Context())
    with pytest.raises(AtFault) as fault:
        evidence.scan(table, planner.watched, None)
        planner.decide()
        for _, cells in table.rows():
            planner.rows(None).values(cells)
    assert "mélange deux ordres" in str(fault.value)
    assert all(text in str(fault.value) for text in dates[-2:])


def test_an_open_order_follows_the_files_other_dates_or_is_asked_for(tmp_path: Path) -> None:
    table, watched = columns_of(tmp_path, "d,e\n01/02/2024,25/12/2024\n", d="date", e="date")
    assert evidence.orders(table, watched) == {0: "dmy", 1: "dmy"}  # type: ignore[arg-type]
    table, watched = columns_of(tmp_path, "d,e\n01/02/2024,x\n", d="date")
    with pytest.raises(AtFault, match="format"):
        evidence.orders(table, watched)  # type: ignore[arg-type]


def test_an_open_number_follows_its_column_then_the_file(tmp_path: Path) -> None:
    table, watched = columns_of(tmp_path, "a;b\n1,234;2\n1,5;3\n", a="money")
    assert evidence.marks(table, watched) == {0: ","}  # type: ignore[arg-type]
    table, watched = columns_of(tmp_path, 'a,b\n"1,234",2\n', a="money")
    assert evidence.marks(table, watched) == {0: "."}  # type: ignore[arg-type]
    table, watched = columns_of(tmp_path, "a\tb\n1,234\t2\n", a="money")
    with pytest.raises(AtFault, match=r"deux\s+façons"):
        evidence.marks(table, watched)  # type: ignore[arg-type]


def test_money_becomes_whole_cents_and_units_are_converted() -> None:
    convert = converter(MONEY, ColumnRule("arr", header="x", factor=Decimal(1000)), Context(mark="."))
    assert convert("12.345") == 1_234_500
    assert convert(12.345) == 1_234_500
    assert convert("") is None
    with pytest.raises(Refused, match="négative"):
        convert("-1")


def test_values_are_mapped_and_constants_fill_blanks() -> None:
    kind = KINDS["renewals"].column("outcome")
    assert kind is not None
    convert = converter(kind, ColumnRule("outcome", header="x", values={"Gagné": "renewed"}, const="lost"), Context())
    assert [convert(cell) for cell in ("Gagné", "gagne", "", "perdu")] == ["renewed", "renewed", "lost", "lost"]
    with pytest.raises(Refused, match="renewed, lost"):
        convert("peut-être")


def test_typed_cells_of_a_workbook() -> None:
    assert clean(1562.0) == "1562"
    assert converter(Column("d", "date"), ColumnRule("d"), Context())(date(2024, 1, 2)) == "2024-01-02"
    assert converter(Column("s", "boolean"), ColumnRule("s"), Context())(True) is True
    with pytest.raises(Refused):
        converter(Column("d", "date"), ColumnRule("d"), Context())(45000.0)


def test_nul_is_refused_and_other_control_characters_are_dropped() -> None:
    assert clean("a\x07b\u202e") == "ab\u202e"
    # Only the quote that an export put first goes; one in a text is its own.
    assert [clean(text) for text in ("'=1", "''-1", "Rock 'n'-roll", "L'@rbre", "'n'=1")] == [
        "=1", "'-1", "Rock 'n'-roll", "L'@rbre", "'n'=1",
    ]  # fmt: skip
    with pytest.raises(Refused, match="nul"):
        clean("a\x00b")


@given(st.text())
def test_a_cell_escaped_for_spreadsheets_reads_back(text: str) -> None:
    if "\x00" not in text:
        assert clean(safe_cell(text.strip())) == clean(text.strip()) or text.strip().startswith("'")


def test_the_rest_of_the_values_and_the_first_of_a_list() -> None:
    role = KINDS["contacts"].column("role")
    assert role is not None
    convert = converter(
        role, ColumnRule("role", "x", values={"Budget Holder": "decision_maker", "*": "other"}, first=";"), Context()
    )
    told = [convert(cell) for cell in ("Budget Holder;Champion", "champion", "Blocker", "", "Day to day")]
    assert told == ["decision_maker", "champion", "other", "other", "day_to_day"]
