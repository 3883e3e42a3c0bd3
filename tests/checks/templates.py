"""Every template compiles, and no page breaks the content security policy by itself.

Compiling finds a wrong tag before a visitor does. `style=`, inline scripts and `on…=` handlers would be blocked by the
browser in silence, so they are refused here. The text of a mail takes what a shared macro says back from its escaping.
"""

import re
import sys
from pathlib import Path

from jinja2 import TemplateSyntaxError

from haark import create_app

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# Decks have an environment of their own (haark/decks/pdf.py) and are compiled by every test of a deck; mails are read
# where no policy of ours applies.
ELSEWHERE = ("decks/",)
DOCUMENTS = ("emails/",)
FORBIDDEN = {
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an event handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I),
}
ESCAPED = re.compile(r"\bwords\.\w+\([^()]*\)(?!\|unescaped)")


def check() -> list[str]:
    """What is wrong, one line each."""
    environment = create_app({"HAARK_JOBS": "inline"}).jinja_env
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if name.startswith(ELSEWHERE):
            continue
        source = path.read_text(encoding="utf-8")
        try:
            environment.compile(source, name)
        except TemplateSyntaxError as error:
            found.append(f"{name}:{error.lineno}: {error.message}")
        if not name.startswith(DOCUMENTS):
            markup = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
            found += [f"{name}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(markup)]
    for path in sorted(TEMPLATES.rglob("*.txt")):
        name = path.relative_to(TEMPLATES).as_posix()
        found += [f"{name}: {call} is not |unescaped" for call in ESCAPED.findall(path.read_text(encoding="utf-8"))]
    return found


if __name__ == "__main__":
    problems = check()
    sys.stdout.write("".join(f"{line}\n" for line in problems) or "templates: all compile\n")
    sys.exit(1 if problems else 0)
