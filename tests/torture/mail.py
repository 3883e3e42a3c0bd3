"""200 kills of the mail worker at random while as many mails are on their way: nothing lost, nothing twice.

Run by `bin/torture mail [KILLS]`; about five minutes; JSON as var/torture/mail.json. Exit status 1: a rule broke.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.mail import campaign

ROOT = Path(__file__).resolve().parents[2]
KILLS, MOST = 200, 1000


def main() -> int:
    kills = min(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS, MOST)
    with tempfile.TemporaryDirectory() as folder:
        result = campaign.run(kills=kills, mails=kills, folder=Path(folder), seed=kills)
    report = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **result.as_json()}
    target = ROOT / "var" / "torture" / "mail.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=1), encoding="utf-8")
    for name, value in report.items():
        print(f"{name:24} {value}")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
