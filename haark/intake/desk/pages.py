"""What the page of an import shows: where it stands, what is left to answer, its tables, the dry run, the job."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from haark import charts, clock
from haark.extensions import db
from haark.files.models import StoredFile
from haark.intake.desk import domain, queries, words
from haark.intake.desk.laying import CORRECTIONS, reading_of, used
from haark.intake.desk.progress import Stride, strides
from haark.intake.looking import own_headers
from haark.intake.models import ImportFile, ImportRun
from haark.intake.reading import header_key
from haark.intake.wording import Sentence, sentence_of
from haark.jobs import queries as jobs
from haark.jobs.models import Job
from haark.settings import queries as settings

SHOWN = 5
# Headers of monthly revenue: it is not kept, because it follows from the annual one.
MONTHLY = {"mrr", "mrr_eur", "monthly_recurring_revenue", "revenu_mensuel", "revenu_recurrent_mensuel"}


@dataclass(frozen=True)
class Line:
    """One column of a table. `control`: recognised, chosen, unknown, computed, beside or none; `key`: it identifies a
    row; `beside`: the field that it helps to fill; `factor`: what its numbers are multiplied by, "" for nothing."""

    header: str
    samples: list[str]
    name: str
    control: str
    key: bool
    beside: str
    factor: str


@dataclass(frozen=True)
class Sheet:
    """One table of the import."""

    row: ImportFile
    error: str
    asked: list[tuple[str, str]]
    several: bool = False

    @property
    def name(self) -> str:
        """The file's, with the sheet where it has several tables."""
        return f"{self.row.name}, {self.row.sheet}" if self.several else self.row.name

    @property
    def rows(self) -> int | None:
        return self.row.found.get("rows")

    @property
    def looked(self) -> bool:
        return "columns" in self.row.found

    @cached_property
    def formats(self) -> list[tuple[str, str, str]]:
        reading = reading_of(self.row)
        return words.formats_of(self.row.found.get("formats", {}), reading.date_order, reading.decimal)

    @property
    def mark(self) -> str:
        return domain.mark(self.row)

    @property
    def corrected(self) -> int:
        return len(self.row.reading.get(CORRECTIONS, {}))

    @property
    def dates(self) -> str | None:
        """How dates are read where a person may say so; None where the table has none, or they are beyond doubt."""
        found = self.row.found.get("formats", {}).get("dates")
        if not found or (found["value"] and not found["columns"]):
            return None
        return reading_of(self.row).date_order

    @property
    def decimal(self) -> str | None:
        found = self.row.found.get("formats", {}).get("decimal")
        return reading_of(self.row).decimal if found and not found["value"] else None


@dataclass
class Page:
    """`step` 1-5 is where it stands; `phase`: looking, draft, checking, checked, failed, stuck, applying, done,
    undoing, undone."""

    run: ImportRun
    sheets: list[Sheet]
    opened: Sheet | None
    job: Job | None
    phase: str
    step: int
    blocked: str
    unknown: int = 0
    refusals: list[Any] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        return self.phase in ("looking", "checking", "applying", "undoing")

    @property
    def editable(self) -> bool:
        return self.run.state in domain.EDITABLE

    @property
    def version(self) -> int:
        return self.run.version

    @property
    def valid(self) -> int:
        return queries.valid(self.run.counts)

    @property
    def totals(self) -> dict[str, int]:
        names = ("new", "changed", "unchanged", "refused")
        return {name: sum(kind[name] for kind in self.run.counts.values()) for name in names}

    @property
    def kinds(self) -> list[tuple[str, dict[str, int]]]:
        return [(words.kind(name), counts) for name, counts in self.run.counts.items()]

    @property
    def judged(self) -> bool:
        """Whether the dry run's numbers are those of what is on the page."""
        return self.run.state in ("checked", "applying", "done", "undoing", "undone") and bool(self.run.counts)

    @property
    def error(self) -> str:
        return said(self.run.error)

    @property
    def status(self) -> jobs.Status | None:
        return jobs.status_of(self.job) if self.job else None

    @property
    def strides(self) -> list[Stride]:
        return strides(self.job, used([sheet.row for sheet in self.sheets]), clock.now()) if self.job else []

    @property
    def notes(self) -> list[str]:
        return [said(note) for note in self.run.notes]

    @property
    def examples(self) -> list[tuple[str, str, str, str]]:
        """(name, field, before, after)."""
        currency = str(settings.get("organisation.currency"))
        return [
            (
                name or words.kind(kind),
                words.field(column),
                words.value(column, was, currency),
                words.value(column, will, currency),
            )
            for kind, name, column, was, will in self.run.examples
        ]

    @property
    def refused_name(self) -> str:
        kept = db.session.get(StoredFile, self.run.refused_file_id) if self.run.refused_file_id else None
        return kept.name if kept else ""

    def lines(self) -> list[Line]:
        """The columns of the open table."""
        if self.opened is None or not self.opened.looked:
            return []
        row = self.opened.row
        reading = reading_of(row)
        of_header = {choice.header: name for name, choice in reading.columns.items() if choice.header}
        beside = {header: name for name, choice in reading.columns.items() for header in choice.headers[1:]}
        if reading.ends:
            beside[reading.ends] = "end"
        key = "external_id" if "external_id" in reading.columns else "name" if row.kind == "accounts" else ""
        own = own_headers([one["header"] for one in row.found["columns"]])
        lines = []
        for one in row.found["columns"][: len(own)]:
            header = one["header"]
            name = of_header.get(header, "")
            helps = beside.get(header, "") if not name else ""
            factor = reading.columns[name].factor if name else ""
            control = "beside" if helps else self._control(header, name)
            lines.append(Line(header, one["samples"], name, control, bool(key and name == key), helps, factor))
        return lines

    def _control(self, header: str, name: str) -> str:
        if not name:
            return "computed" if header_key(header) in MONTHLY else "none"
        if name == "owner_email" and self.unknown:
            return "unknown"
        assert self.opened is not None
        suggested = self.opened.row.found.get("suggested", {})
        return "recognised" if suggested.get(name) == header else "chosen"


def page_of(run: ImportRun, wanted: int | None = None) -> Page:
    """The page of an import; `wanted` is the table whose columns are open."""
    rows = domain.tables(run.id)
    times = Counter(row.name for row in rows if row.sheet)
    sheets = [Sheet(row, _error(row), domain.questions(row), times[row.name] > 1) for row in rows]
    job = queries.job_of(run)
    phase = _phase(run, job)
    page = Page(run, sheets, _opened(sheets, wanted), job, phase, _step(run, phase, sheets), "")
    page.blocked = _blocked(page)
    page.unknown = _unknown(run)
    page.refusals = [_refusal(one, {sheet.row.id: sheet for sheet in sheets}) for one in run.refusals]
    return page


def said(data: Sequence[Any]) -> str:
    """A kept sentence in the reader's words."""
    return str(sentence_of(data)) if data else ""


def _error(row: ImportFile) -> str:
    return said(row.found.get("error", []))


def _phase(run: ImportRun, job: Job | None) -> str:
    under_way = run.state in ("draft", "checking", "applying", "undoing")
    if under_way and job is not None and job.state in ("failed", "cancelled"):
        return "stuck"
    if run.state == "draft" and job is not None and job.is_open:
        return "looking"
    if run.state == "done" and job is not None and job.is_open:
        return "applying"  # the rows are in; what follows from them (usage in parts, the portfolio's totals) is not yet
    return run.state


def _step(run: ImportRun, phase: str, sheets: Sequence[Sheet]) -> int:
    if run.state == "applying" or phase == "applying":
        return 4
    if run.state in ("done", "undoing", "undone"):
        return 5
    if phase == "looking" or not any(sheet.row.kind for sheet in sheets):
        return 1
    return 2 if any(sheet.asked for sheet in sheets) else 3


def _opened(sheets: Sequence[Sheet], wanted: int | None) -> Sheet | None:
    """The table asked for, else the first that has something to answer, else the first that is imported."""
    ranked = sorted(
        (sheet for sheet in sheets if sheet.looked),
        key=lambda sheet: (sheet.row.id != wanted, not sheet.asked, not sheet.row.kind),
    )
    return ranked[0] if ranked else None


def _blocked(page: Page) -> str:
    """Why the import cannot begin; \"\" when it can."""
    asked = next((sheet for sheet in page.sheets if sheet.asked), None)
    if page.phase == "looking":
        return _("Les fichiers sont en cours de lecture.")
    if page.phase == "failed":
        return page.error
    if page.phase == "stuck":
        return _("Le contrôle n’a pas abouti.")
    if asked:
        what, name = asked.asked[0]
        if what == "dates":
            return _("Précisez l’ordre des dates de %(file)s.", file=asked.name)
        return _(
            "%(file)s\u202f: choisissez la colonne qui donne «\u00a0%(field)s\u00a0».",
            file=asked.name,
            field=words.field(name),
        )
    if page.phase == "checking":
        return _("Le contrôle est en cours.")
    if all(sheet.error for sheet in page.sheets):
        return _("Aucun fichier lisible\u202f: envoyez-en un autre.")
    if not any(sheet.row.kind for sheet in page.sheets):
        return _("Dites ce que contient un fichier au moins.")
    if page.phase == "checked" and not domain.accepted(page.run):
        return (
            _("Aucune ligne valable.")
            if not page.valid
            else _("Rien ne change\u202f: ces lignes sont déjà dans Haark.")
        )
    return ""


def _unknown(run: ImportRun) -> int:
    """Owners whom Haark does not know, of the last dry run."""
    for note in run.notes:
        if len(note) == 2 and "emails" in note[1]:
            return int(note[1].get("number", len(str(note[1]["emails"]).split(", "))))
    return 0


@dataclass(frozen=True)
class Refusal:
    """A refused row, as the page lists it."""

    table_id: int
    file: str
    row: int
    name: str
    header: str
    value: str
    reason: str


def _refusal(kept: Sequence[Any], sheets: dict[int, Sheet]) -> Refusal:
    table_id, row, name, header, value, reason, *_cells = kept
    sheet = sheets.get(table_id)
    sentence = sentence_of(reason)
    return Refusal(table_id, sheet.name if sheet else "", row, name, header, value, _reason(sentence))


def _reason(sentence: Sentence) -> str:
    """The reason without the header, which stands in a column of its own, where it is the only one."""
    parts = sentence.parts
    if len(parts) == 1 and isinstance(parts[0].params.get("reason"), Sentence):
        return str(parts[0].params["reason"])
    return str(sentence)


def cells_of(run: ImportRun, table: ImportFile, row: int) -> tuple[list[str], dict[str, str]] | None:
    """(the cells of a refused row, why by header); None when the row was not refused."""
    for table_id, number, _name, _header, _value, reason, cells in run.refusals:
        if (table_id, number) == (table.id, row):
            errors = {
                str(part.params.get("column", "")): str(part.params["reason"])
                if isinstance(part.params.get("reason"), Sentence)
                else str(part)
                for part in sentence_of(reason).parts
            }
            width = len(table.found["columns"])
            return [*cells[:width], *[""] * (width - len(cells))], errors
    return None


def bar(totals: dict[str, int]) -> Markup:
    """The shares of new, changed, unchanged and refused rows."""
    told = _("%(new)s nouveaux, %(changed)s modifiés, %(unchanged)s inchangés, %(refused)s refusés", **totals)
    shades = {"new": "fo", "changed": "x1", "unchanged": "x4", "refused": "fb"}
    return charts.stacked([(totals[name], shade) for name, shade in shades.items()], told)
