"""No id is written twice in one template: the second one would never be found by a label, an anchor or htmx.

Fragments are named after their id, so a fixed id also belongs to one template only, unless both are never on one page:
branches of an `if` are not told apart, and a layout's blocks that replace each other say so in ALLOWED.
"""

import re
import sys
from collections import Counter
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FIXED = re.compile(r"""(?<![\w-])id=(["'])([A-Za-z][\w-]*)\1""")
# A branch of an if/else writes the same id with different content.
BRANCH = re.compile(r"\{%-?\s*(if|elif|else|endif)\b.*?-?%\}", re.S)
ALLOWED: frozenset[tuple[str, str]] = frozenset()


def repeated(source: str) -> list[str]:
    """Ids that occur twice on one path through the template's conditions."""
    markup = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    seen: list[Counter[str]] = [Counter()]
    kept: list[Counter[str]] = []
    position = 0
    for mark in [*BRANCH.finditer(markup), None]:
        end = len(markup) if mark is None else mark.start()
        seen[-1].update(match[2] for match in FIXED.finditer(markup, position, end))
        if mark is None:
            break
        position = mark.end()
        word = mark[1]
        if word == "if":
            seen.append(Counter())
            kept.append(Counter())
        elif kept:
            # The most that any branch writes is what the whole condition writes.
            kept[-1] |= seen.pop()
            if word == "endif":
                seen[-1] += kept.pop()
            else:
                seen.append(Counter())
    total: Counter[str] = sum(seen, Counter())
    return sorted(name for name, count in total.items() if count > 1)


def check() -> list[str]:
    """What is wrong, one line each."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        for ident in repeated(path.read_text(encoding="utf-8")):
            if (name, ident) not in ALLOWED:
                found.append(f"{name}: id «{ident}» is written twice")
    return found


if __name__ == "__main__":
    problems = check()
    sys.stdout.write("".join(f"{line}\n" for line in problems) or "ids: each once\n")
    sys.exit(1 if problems else 0)
