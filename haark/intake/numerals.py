"""Numbers as people and machines write them: `120 000,50 €`, `1.234,5`, `(16.0)`, `1,5E+3`."""

import re
from decimal import Decimal, InvalidOperation

from haark.intake.wording import N_, Refused

SPACES = " \u00a0\u202f\u2009\u2007'\u2019"
CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "₴": "UAH", "грн": "UAH", "US$": "USD", "CA$": "CAD"}
CURRENCY_SIGN = re.compile(r"US\$|CA\$|[€$£¥₴]|грн\.?|\b(?:EUR|USD|GBP|CHF|CAD|UAH|AUD|JPY)\b", re.IGNORECASE)
# Spaces and apostrophes group by three only; `12 34` is two numbers, not one.
SHAPE = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?:[.,]\d*)?|[\d.,]+")
EXPONENT = re.compile(r"[eE][+-]?\d{1,2}$")
DASHES = {"-", "–", "—", "−"}


def _split(text: str) -> tuple[bool, str, str]:
    """(negative, digits with their separators, exponent). Raises Refused when it is no number at all."""
    body = CURRENCY_SIGN.sub("", text).strip(SPACES).replace("−", "-").replace("–", "-")
    negative = False
    if body.startswith("(") and body.endswith(")"):
        negative, body = True, body[1:-1].strip(SPACES)
    elif body.endswith("-"):
        negative, body = True, body[:-1].strip(SPACES)
    if body[:1] in ("+", "-"):
        negative, body = negative != (body[0] == "-"), body[1:].strip(SPACES)
    power = EXPONENT.search(body)
    exponent = power.group() if power else ""
    body = body[: len(body) - len(exponent)]
    if not SHAPE.fullmatch(body) or not any(sign.isdigit() for sign in body):
        raise Refused(N_("« %(value)s » n’est pas un nombre"), value=text[:60])
    return negative, "".join(sign for sign in body if sign not in SPACES), exponent


def decimal_mark(text: str) -> str:
    """The decimal mark that `text` proves: "," or "."; "" when it proves none; "?" when it could be read either way."""
    try:
        _, body, _ = _split(text)
    except Refused:
        return ""
    commas, points = body.count(","), body.count(".")
    if not commas and not points:
        return ""
    if commas and points:
        return "," if body.rindex(",") > body.rindex(".") else "."
    mark = "," if commas else "."
    if max(commas, points) > 1:
        return "." if commas else ","
    whole, _, fraction = body.partition(mark)
    if len(fraction) != 3 or len(whole) > 3 or whole.strip("0") == "" or whole.startswith("0"):
        return mark
    return "?"


def parse_number(text: str, mark: str = "") -> Decimal | None:
    """`text` as a number, None for a lone dash. `mark` reads what is ambiguous ("," or "."). Raises Refused."""
    if text in DASHES:
        return None
    negative, body, exponent = _split(text)
    proven = decimal_mark(text)
    used = proven if proven in (",", ".") else mark
    if proven == "?" and not mark:
        raise Refused(
            N_("« %(value)s » peut se lire de deux façons : précisez `format` dans le mapping"), value=text[:60]
        )
    grouping = "." if used == "," else ","
    head, _, tail = body.partition(used) if used else (body, "", "")
    if grouping in head and not re.fullmatch(
        rf"\d{{1,3}}(?:{re.escape(grouping)}\d{{2,3}})*{re.escape(grouping)}\d{{3}}", head
    ):
        raise Refused(N_("« %(value)s » n’est pas un nombre"), value=text[:60])
    try:
        value = Decimal(f"{head.replace(grouping, '') or '0'}.{tail or '0'}{exponent}")
    except InvalidOperation as error:
        raise Refused(N_("« %(value)s » n’est pas un nombre"), value=text[:60]) from error
    return -value if negative else value
