"""`haark import`."""

import json
import sys
from pathlib import Path

import click
from flask_babel import gettext as _

from haark import clock, locale
from haark.extensions import db
from haark.intake import domain
from haark.intake.export import domain as exporting
from haark.intake.export.sinks import NotEmpty
from haark.intake.report import Report
from haark.intake.wording import AtFault


def register(group: click.Group) -> None:
    group.add_command(import_command)
    group.add_command(export_command)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML file that says which file holds what.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(paths: tuple[Path, ...], mapping: Path | None, dry_run: bool, as_json: bool) -> None:
    """Import customer data: files named after what they hold, folders of them, or any files with a mapping."""
    with locale.on_terminal():
        try:
            report = domain.import_paths(
                paths,
                mapping,
                dry_run=dry_run,
                by=None,
                at=clock.moment(),
                on=clock.today(),
                progress=_progress if sys.stderr.isatty() else domain.silent,
            )
        except AtFault as fault:
            raise click.ClickException(str(fault)) from fault
        finally:
            _end_progress()
        click.echo(json.dumps(report.as_json(), indent=2) if as_json else _told(report, dry_run))


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def export_command(folder: Path) -> None:
    """Export everything into a new folder: what `import` takes back as KIND.csv, the rest as NAME.jsonl."""
    watched = sys.stderr.isatty()
    with locale.on_terminal():
        try:
            made = exporting.to_folder(
                folder, by=None, at=clock.moment(), step=_export_progress if watched else _silent
            )
            db.session.commit()
        except NotEmpty as fault:
            raise click.ClickException(
                _("« %(folder)s » n’est pas vide : rien n’a été écrit.", folder=folder)
            ) from fault
        except OSError as fault:
            raise click.ClickException(
                _("« %(folder)s » ne peut pas être écrit : %(reason)s.", folder=folder, reason=fault.strerror)
            ) from fault
        finally:
            _end_progress()
        for name, rows in made.counts.items():
            if rows and name.endswith(".csv"):
                click.echo(f"{name} {rows}")
        told = {"rows": sum(rows for name, rows in made.counts.items() if name.endswith(".jsonl")), "files": made.files}
        click.echo(_("Le reste en JSONL : %(rows)s lignes ; fichiers : %(files)s.", **told))
        if made.missing:
            click.echo(_("Fichiers absents ou abîmés sur le disque : %(count)s", count=len(made.missing)), err=True)


def _silent(_done: int, _total: int, _name: str) -> None:
    return None


def _export_progress(_done: int, _total: int, name: str) -> None:
    click.echo(f"\r\033[K{name}", nl=False, err=True)


def _progress(rows: int, file: str) -> None:
    click.echo(f"\r\033[K{file} {rows}", nl=False, err=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)


def _told(report: Report, dry_run: bool) -> str:
    lines = [_("Essai à blanc : rien n’a été changé.")] if dry_run else []
    for name, kind in report.kinds.items():
        lines.append(
            _(
                "%(kind)s : %(new)s nouvelles, %(changed)s modifiées, %(unchanged)s inchangées, %(refused)s refusées",
                kind=name,
                **vars(kind),
            )
        )
    lines += map(str, report.notes)
    if report.refused_file:
        lines.append(_("Lignes refusées, avec leurs raisons : %(file)s", file=report.refused_file))
    return "\n".join(lines)
