"""Large files of usage are read in blocks: the same rows come of it as one by one, whatever stands among them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from haark.accounts.models import Account
from haark.events.models import Event
from haark.extensions import db
from haark.intake import domain, landing, stage
from haark.intake.reading import open_table
from haark.intake.wording import Sentence
from tests.intake.conftest import AT, Intake

# Cells as files hold them: plain, blank, with a line break, with a stray quote, one too many.
LINES = st.sampled_from(
    ["A,2026-11-01,5", "B,2026-11-02,", ",,", " ,2026-11-03,1", '"C\n1",2026-11-04,2', "D,2026-11-05",
     "E,2026-11-06,7,8", "F,2026-11-07,9,", 'G,"x"y,3', ""]
)  # fmt: skip


@given(st.lists(LINES, max_size=40), st.integers(1, 7))
@settings(max_examples=60)
def test_blocks_hold_what_row_by_row_gives(tmp_path_factory, lines: list[str], size: int) -> None:
    path = tmp_path_factory.mktemp("blocks") / "usage.csv"
    path.write_text("\n".join(["account_id,date,events", *lines, "Z,2026-11-30,1"]) + "\n", encoding="utf-8")
    table = open_table(path, ("account_id", "date"))
    one_by_one = [(number, _plain(cells)) for number, cells in table.rows()]
    blocks = list(table.blocks(size))
    together = [
        (number, _plain(cells)) for numbers, rows in blocks for number, cells in zip(numbers, rows, strict=True)
    ]
    assert together == one_by_one
    assert all(0 < len(rows) <= size for _numbers, rows in blocks)


def _plain(cells: object) -> object:
    return ("refused", cells.as_data()) if isinstance(cells, Sentence) else list(cells)  # type: ignore[call-overload]


def usage(count: int) -> str:
    """Rows of three clients, every seventh with something against it."""
    rows = ["account_id,date,feature,active_users,events"]
    for at in range(count):
        client = ("A", "B", "unknown")[at % 3 if at % 7 == 0 else at % 2]
        rows.append(f"{client},2026-{at % 12 + 1:02d}-{at % 28 + 1:02d},f{at % 5},{at if at % 11 else 'x'},{at}")
    return "\n".join(rows)


def test_a_block_with_a_bad_row_is_looked_at_row_by_row(intake: Intake, monkeypatch) -> None:
    """Blocks of nine and one large block leave the same database and refuse the same rows."""
    accounts = "external_id,name\nA,Alpha\nB,Beta\n"
    monkeypatch.setattr(stage, "BATCH", 9)
    report = intake.run({"accounts.csv": accounts, "usage.csv": usage(200)})
    told = vars(report.of("usage"))
    assert told["new"] and told["refused"]
    small = intake.everything()["usage_feature"]
    monkeypatch.setattr(stage, "BATCH", 5_000)
    assert not intake.run({"accounts.csv": accounts, "usage.csv": usage(200)}).moved
    assert intake.everything()["usage_feature"] == small


def test_the_events_of_many_new_accounts_come_once_each_with_the_job_that_finishes(intake: Intake, monkeypatch) -> None:
    """Also when the job is done twice, because it was killed before it could say so."""
    once = domain.announce_rest
    monkeypatch.setattr(landing, "NEWS", 4)
    monkeypatch.setattr(domain, "announce_rest", lambda *given: (once(*given), once(*given)))
    names = "\n".join(f"K-{at},Client {at}" for at in range(11))
    intake.run({"accounts.csv": "external_id,name\n" + names})
    with intake.app.app_context():
        told = db.session.execute(
            db.select(Account.name, Event.data, Event.subject_id, Event.at)
            .join(Account, Account.id == Event.account_id)
            .where(Event.kind == "account.created", Event.subject_kind == "account")
            .order_by(Account.id)
        ).all()
        assert [(name, data) for name, data, _subject, _at in told] == [
            (f"Client {at}", {"name": f"Client {at}"}) for at in range(11)
        ]
        assert {at for *_rest, at in told} == {AT} and len({subject for *_row, subject, _at in told}) == 11
