"""The settings as an administrator's browser sends them: what the page shows, with some fields typed anew."""

from html.parser import HTMLParser

from tests.support.people import Visitor


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.inside, self.select = False, ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "form":
            self.inside = "stack" in (found.get("class") or "")
        if not self.inside:
            return
        if tag == "select":
            self.select = found["name"] or ""
        if tag == "option" and "selected" in found:
            self.values[self.select] = found["value"] or ""
        unchecked = found.get("type") == "checkbox" and "checked" not in found
        if tag == "input" and found.get("name") and not unchecked:
            self.values[str(found["name"])] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def fields(text: str) -> dict[str, str]:
    """Name and value of every field of the section's form."""
    reader = _Fields()
    reader.feed(text)
    reader.values.pop("csrf_token")
    return reader.values


def shown(visitor: Visitor, name: str) -> dict[str, str]:
    """The fields of a section as they are now."""
    return fields(visitor.get(f"/settings/{name}").text)
