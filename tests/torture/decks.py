"""Every account of the sample in three languages and both formats, looked at from all sides (tests/decks/campaign.py).

    bin/torture decks [--accounts N] [--minutes M] [--fresh]

The internal edition is made for every fourth account, and the largest review once more with twelve objectives, with
none, and with words that break nowhere. What an earlier run of the same commit looked at is not made again. JSON as
var/torture/decks.json, written after each account. Exit status 1: something is wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask

from haark import create_app
from haark.accounts.models import Account
from haark.cadence.rules import PeriodRefused
from haark.decks.outline import Deck
from haark.demo import domain as demo
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.storage import upgrade
from tests.decks import campaign
from tests.support import databases

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "var" / "torture" / "decks.json"
TODAY = date(2026, 11, 12)
LARGEST = "Groupe Valmorin"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000, help="at most so many")
    parser.add_argument("--minutes", type=float, default=60, help="no new account after so long")
    parser.add_argument("--fresh", action="store_true", help="look at all of them again")
    asked = parser.parse_args()
    os.environ["HAARK_TODAY"] = TODAY.isoformat()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    report = _earlier(commit) if not asked.fresh else _empty(commit)
    deadline = time.monotonic() + asked.minutes * 60
    with tempfile.TemporaryDirectory(prefix="haark-decks-") as folder, _sample(Path(folder)) as app, app.app_context():
        rows = db.session.execute(db.select(Account.id, Account.name).order_by(Account.id)).all()
        report["accounts"] = len(rows)
        for number, (account_id, name) in enumerate(rows[: asked.accounts]):
            if name in report["done"]:
                continue
            if time.monotonic() > deadline:
                break
            _account(report, Path(folder), account_id, name, internal=number % 4 == 0)
            _write(report)
    return _summary(report)


@contextmanager
def _sample(folder: Path) -> Iterator[Flask]:
    """The sample portfolio in a database of its own."""
    app = create_app(databases.settings(f"sqlite:///{folder}/haark.sqlite3", folder))
    with app.app_context():
        upgrade()
        demo.load(TODAY, history_days=0)
    yield app
    databases.close(app)


def _account(report: dict[str, Any], folder: Path, account_id: int, name: str, *, internal: bool) -> None:
    """All decks of one account; what breaks is written down, and the campaign goes on."""
    looks = []
    try:
        for label, deck, twice in _decks(account_id, name, internal):
            looks.append(campaign.look(deck, f"{account_id}-{label}", folder, twice=twice))
        campaign.office(looks, folder)
    except Exception:  # noqa: BLE001 - a deck that cannot be made is a result
        failed = campaign.Look(f"{account_id}", wrong=[traceback.format_exc(limit=4)])
        looks.append(failed)
    finally:
        db.session.rollback()
    for path in (*folder.glob("*.pdf"), *folder.glob("*.pptx"), *folder.glob("office/*.pdf")):
        path.unlink()
    report["done"][name] = [asdict(one) for one in looks]
    wrong = sum(len(one.wrong) for one in looks)
    print(f"{name[:40]:40} {len(looks)} decks {sum(one.seconds for one in looks):6.1f} s {wrong or ''}", flush=True)


def _decks(account_id: int, name: str, internal: bool) -> Iterator[tuple[str, Deck, bool]]:
    try:
        stored = campaign.stored_of(account_id, "2026-Q4", TODAY)
    except PeriodRefused:
        return
    for language in LANGUAGES:
        yield language, campaign.deck_of(stored, language), language == "fr" and internal
    if internal:
        yield "internal", campaign.deck_of(stored, "en", "internal"), False
    if name == LARGEST:
        for number, (_label, extreme) in enumerate(campaign.extremes(stored).items()):
            for language in LANGUAGES:
                yield f"extreme-{number}-{language}", campaign.deck_of(extreme, language), False


def _empty(commit: str) -> dict[str, Any]:
    return {"commit": commit, "load": os.getloadavg(), "accounts": 0, "done": {}}


def _earlier(commit: str) -> dict[str, Any]:
    """What an earlier run of this commit left; what was wrong then is looked at again."""
    try:
        found = json.loads(TARGET.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _empty(commit)
    if found.get("commit") != commit:
        return _empty(commit)
    kept = {name: looks for name, looks in found["done"].items() if not any(one["wrong"] for one in looks)}
    return {**found, "done": kept}


def _write(report: dict[str, Any]) -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")


def _summary(report: dict[str, Any]) -> int:
    looks = [one for found in report["done"].values() for one in found]
    wrong = [f"{one['name']}: {text}" for one in looks for text in one["wrong"]]
    done, total = len(report["done"]), report["accounts"]
    report["summary"] = {"accounts": done, "decks": len(looks), "pages": sum(one["pages"] for one in looks)}
    report["summary"] |= {"wrong": len(wrong), "left": total - done}
    _write(report)
    print(*(text[:300] for text in wrong[:40]), sep="\n")
    print(", ".join(f"{name} {value}" for name, value in report["summary"].items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
