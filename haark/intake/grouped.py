"""Headers in two rows: groups above, columns below. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from haark.formats import fold

# First and last column of merged cells; None where the format of the file does not tell.
Spans = Sequence[tuple[int, int]] | None


def are_groups(above: Sequence[Any], below: Sequence[Any], spans: Spans) -> bool:
    """Whether the row above names groups of the columns named below.

    Merged cells say so, unless one of them is as wide as the table: that is a title. Where the format does not tell,
    only repeated headers do, as «Nom, E-mail, Nom, E-mail» below «Contact» and «Responsable».
    """
    names = [cell for cell in below if not blank(cell)]
    groups = [cell for cell in above if not blank(cell)]
    if len(groups) < 2 or not all(isinstance(cell, str) for cell in (*groups, *names)):
        return False
    if any(_is_value(cell) for cell in (*groups, *names)):
        return False
    if spans is not None:
        return any(0 < right - left + 1 < width(below) and _named(below, left, right) for left, right in spans)
    repeated = max(Counter(map(fold, names)).values(), default=0) > 1
    return repeated and len(groups) < len(names) and width(above) <= width(below)


def joined(above: Sequence[Any], headers: Sequence[str], spans: Spans) -> tuple[str, ...]:
    """«Contact» above «Nom» and «E-mail» gives «Contact / Nom» and «Contact / E-mail».

    A column without a name below is named by the cell above alone: one cell merged downwards.
    """
    groups = ["" if blank(cell) else " ".join(str(cell).split()) for cell in above[: len(headers)]]
    groups += [""] * (len(headers) - len(groups))
    if spans is None:
        for place in range(1, len(groups)):
            if not groups[place] and headers[place - 1]:
                groups[place] = groups[place - 1]
    for left, right in spans or ():
        groups[left : right + 1] = [groups[left]] * len(groups[left : right + 1])
    headers = [" ".join(header.split()) for header in headers]
    return tuple(map(_under, groups, headers))


def _under(group: str, header: str) -> str:
    if not group or not header:
        return group or header
    return group if group == header or group.endswith(f" / {header}") else f"{group} / {header}"


def width(cells: Sequence[Any]) -> int:
    """Cells up to the last filled one: a title line padded with empty cells is still one cell wide."""
    return max((index + 1 for index, cell in enumerate(cells) if not blank(cell)), default=0)


def blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _named(below: Sequence[Any], left: int, right: int) -> bool:
    return right > left and sum(not blank(cell) for cell in below[left : right + 1]) > 1


def _is_value(cell: str) -> bool:
    """Whether the cell is rather a number, a date or an address than a name."""
    return "@" in cell or (any(sign.isdigit() for sign in cell) and not any(sign.isalpha() for sign in cell))
