"""What the address of /actions says: view, order, filters, place in the list, the action looked at. Pure."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

PAGE_SIZE = 50
# mine: owned by me; team: every open one; late: overdue on my accounts or mine; client: owned by contacts there;
# done: closed there. Managers run all accounts.
VIEWS = ("mine", "team", "late", "client", "done")
ORDERS = ("due", "account", "owner", "source")
NONE = "none"  # as an owner or a source: actions without one
FAR = date(9999, 12, 31)  # where actions without a due date stand
SOON = 7  # days: «this week»
LONGEST_SEARCH = 100


class BadCursor(ValueError):
    """The place in the list that an address names does not exist."""


@dataclass(frozen=True)
class View:
    """`owner`: `user:3`, `contact:5` or `none`; `source`: a kind or `none`; `look`: the action beside the list."""

    view: str = "mine"
    by: str = "due"
    account: int | None = None
    owner: str = ""
    source: str = ""
    q: str = ""
    after: str = ""
    look: int | None = None

    def to(self, **changes: Any) -> "View":
        """Another list: from its first page, with nothing beside it."""
        return replace(self, **{"after": "", "look": None, **changes})

    @property
    def filtered(self) -> bool:
        return bool(self.account or self.owner or self.source or self.q)

    def query(self) -> str:
        """The whole state as the query of an address, empty for the list as it opens."""
        usual = View()
        pairs = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in pairs.items() if value != getattr(usual, name)})


def read(get: Callable[[str], str | None]) -> View:
    """The view that an address asks for; what cannot be a value is left out (`cursor` checks `after`)."""
    view, by = get("view") or "", get("by") or ""
    return View(
        view=view if view in VIEWS else "mine",
        by=by if by in ORDERS else "due",
        account=_ident(get("account")),
        owner=_owner(get("owner") or ""),
        source=(get("source") or "")[:40],
        q=" ".join((get("q") or "").replace("\x00", "").split())[:LONGEST_SEARCH],
        after=(get("after") or "")[:2000],
        look=_ident(get("look")),
    )


def owner_of(value: str) -> tuple[str, int | None]:
    """`user:3` -> ("user", 3); `none` -> ("none", None)."""
    kind, _colon, ident = value.partition(":")
    return kind, int(ident) if ident else None


def make_cursor(text: str, second: str, ident: int) -> str:
    """The place after a row: what it is ordered by, and its id."""
    return base64.urlsafe_b64encode(json.dumps([text, second, ident]).encode()).decode().rstrip("=")


def cursor(after: str) -> tuple[str, str, int] | None:
    """What `make_cursor` wrote; None for the first page. Raises BadCursor."""
    if not after:
        return None
    try:
        text, second, ident = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error) as fault:
        raise BadCursor(after) from fault
    if not (isinstance(text, str) and isinstance(second, str) and type(ident) is int and 0 < ident < 2**31):
        raise BadCursor(after)
    if "\x00" in text + second:
        raise BadCursor(after)
    return text, second, ident


def group(due_on: date | None, on: date) -> str:
    """Under which heading an open action stands on a day: late, today, week (the next seven days), later, undated."""
    if due_on is None:
        return "undated"
    if due_on < on:
        return "late"
    if due_on == on:
        return "today"
    return "week" if due_on <= on + timedelta(SOON) else "later"


def _ident(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 10 else None


def _owner(text: str) -> str:
    kind, _colon, ident = text.partition(":")
    return text if text == NONE or (kind in ("user", "contact") and _ident(ident)) else ""
