"""The dry run: what an import would do, and to what. Nothing is written but what the run's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from haark.accounts.models import Account
from haark.extensions import db
from haark.intake import guarding
from haark.intake.apply import NAMELESS, Rows
from haark.intake.desk.refused import refused_files
from haark.intake.domain import any_held
from haark.intake.landing import classify_only, in_order
from haark.intake.models import ImportFile
from haark.intake.report import Report
from haark.intake.scratch import Stage
from haark.intake.stage import Stager
from haark.intake.target import Target
from haark.intake.wording import N_, AtFault
from haark.people.models import User

EXAMPLES = 60
REFUSALS = 200
# A cell beyond this is cut where it is only shown.
SHOWN_CHARS = 200
PEOPLE = ("owner_id", "sales_owner_id")


@dataclass
class Findings:
    """What the run keeps of a dry run; `refused` is the file of refused rows, with its name."""

    report: Report
    examples: list[Any] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)
    refused: tuple[str, bytes] | None = None


def examine(stager: Stager, tables: Sequence[ImportFile]) -> Findings:
    """Judges the staged rows against what is there. Raises AtFault when the files have no row at all."""
    scratch = stager.scratch
    found = Findings(Report(notes=list(stager.notes)))
    if not any_held(scratch) and not scratch.refusals:
        raise AtFault(N_("Aucune ligne à importer : les fichiers n’ont que leur en-tête."))

    def look(target: Target) -> None:
        guarding.check(target, scratch, stager.known.viewer)
        found.examples = _examples(target, scratch.stages)

    classify_only(scratch, found.report, look)
    for kind, refused in scratch.refusals.items():
        found.report.of(kind).refused = refused
    found.refusals = _refusals(stager, tables)
    found.refused = refused_files(scratch, tables)
    _name(found.examples)
    return found


def _examples(target: Target, stages: Sequence[Stage]) -> list[Any]:
    """[kind, name, column, before, after] of some of the changes, accounts first."""
    found: list[Any] = []
    for stage in in_order(stages):
        if stage.kind.known_by == "usage" or len(found) >= EXAMPLES:
            continue
        rows = Rows(target, stage)
        columns = [name for name in rows.columns if name not in ("name_folded", "identity", "external_id")]
        shown = _name_of(rows)
        old = ", ".join(f"t.{name}" for name in columns)
        new = ", ".join(rows.value(name) for name in columns)
        changed = target.rows(
            f"SELECT {shown}, {old}, {new} FROM {rows.s} s JOIN {rows.table.name} t ON t.id = s.target"
            f" LEFT JOIN account a ON a.id = {_account_of(rows)} WHERE s.state = 'c' ORDER BY s.no LIMIT {EXAMPLES}"
        )
        for name, *values in changed:
            before, after = values[: len(columns)], values[len(columns) :]
            found += [
                [stage.kind.name, name, column, _plain(was), _plain(will)]
                for column, was, will in zip(columns, before, after, strict=True)
                if _plain(was) != _plain(will)
            ]
    return found[:EXAMPLES]


def _account_of(rows: Rows) -> str:
    return {"account": "t.id", "feature": "NULL"}.get(rows.table.name, "t.account_id")


def _name_of(rows: Rows) -> str:
    if rows.stage.kind.known_by == "key":
        return "t.key"
    own = {"contacts": "t.name", "opportunities": "t.name"}.get(rows.stage.kind.name)
    if own and rows.stage.kind.name in NAMELESS:
        return f"coalesce(nullif(t.name, ''), t.{NAMELESS[rows.stage.kind.name]}, a.name, '')"
    return "coalesce(a.name, '')"


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, int | float):
        return value
    return str(value)[:SHOWN_CHARS]


def _name(examples: list[Any]) -> None:
    """Puts names in the place of ids: of colleagues and of parent companies."""
    ids = {value for _, _, column, *pair in examples if column in PEOPLE for value in pair if isinstance(value, int)}
    parents = {value for *_, column, was, will in examples if column == "parent_id" for value in (was, will) if value}
    people = {row[0]: row[1] for row in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    names = {
        row[0]: row[1] for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(parents)))
    }
    db.session.commit()  # of reads alone
    for example in examples:
        known = people if example[2] in PEOPLE else names if example[2] == "parent_id" else None
        if known is not None:
            example[3:] = [known.get(value) if value else None for value in example[3:]]


def _refusals(stager: Stager, tables: Sequence[ImportFile]) -> list[Any]:
    """[table id, row, name, header, value, reason as data, cells] of the first refused rows."""
    found: list[Any] = []
    for place, table in enumerate(tables, start=1):
        for _, headers, row, reason, cells in stager.scratch.refused(place):
            if len(found) >= REFUSALS:
                return found
            given = dict(zip(headers, cells, strict=False))
            header = next((str(part.params["column"]) for part in reason.parts if "column" in part.params), "")
            if not header and "id" in reason.params:  # an identifier that was there before
                header = table.reading.get("columns", {}).get("external_id", {}).get("header", "")
            found.append(
                [
                    table.id,
                    row,
                    _named(table, given),
                    header,
                    given.get(header, "")[:SHOWN_CHARS],
                    reason.as_data(),
                    cells,
                ]
            )
    return found


def _named(table: ImportFile, given: dict[str, str]) -> str:
    """What the row is about, in the file's own words: the account's name, else what names it."""
    columns = table.reading.get("columns", {})
    names = ("name", "external_id") if table.kind == "accounts" else ("account_id", "name", "external_id")
    headers = [columns[name].get("header", "") for name in names if name in columns]
    return next((given[header][:120] for header in headers if given.get(header)), "")
