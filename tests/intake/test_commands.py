"""`bin/haark import`: output, exit statuses, one sentence on stderr."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from haark import cli
from tests.intake.test_import import ACCOUNTS

ROOT = Path(__file__).parents[2]


def haark(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HAARK_DATA": str(data), "HAARK_TODAY": "2026-11-12"}
    environment.pop("DATABASE_URL", None)
    code = (
        "import sys, click\nfrom haark import cli\nfrom haark.intake import commands\n"
        "cli.SLICES = ('intake',)\nsys.argv[0] = 'bin/haark'\ncli.main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_import_says_what_it_did(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(ACCOUNTS + "A-3,,,,,,,\n", encoding="utf-8")
    told = haark(data, "import", str(file), "--json")
    assert (told.returncode, told.stderr) == (0, "")
    report = json.loads(told.stdout)
    assert report["accounts"] == {"new": 2, "changed": 0, "unchanged": 0, "refused": 1}
    assert Path(report["refused_file"]).is_file()
    said = haark(data, "import", str(file), "--dry-run").stdout
    assert "Dry run: nothing was changed." in said
    assert "0 new" in said
    assert "2 unchanged" in said


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ((), 2, "Missing argument"),
        (("--nope", "x"), 2, "No such option"),
        (("nowhere.csv",), 1, "does not exist"),
        (("{folder}/contacts.csv",), 1, "is empty"),
        (("{folder}/accounts.csv", "--mapping", "{folder}/none.toml"), 1, "cannot be read"),
    ],
)
def test_exit_statuses(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
) -> None:
    """In this process: another takes seconds to start, and the test above starts one."""
    (tmp_path / "contacts.csv").write_text("")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    monkeypatch.setenv("HAARK_DATA", str(data))
    monkeypatch.setenv("HAARK_JOBS", "inline")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(cli, "SLICES", ("intake",))
    monkeypatch.setattr(sys, "argv", ["bin/haark", "import", *(one.format(folder=tmp_path) for one in arguments)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    told = capsys.readouterr().err
    assert left.value.code == status, told
    assert sentence in told
    if status == 1:
        assert len(told.strip().splitlines()) == 1
