"""`haark generate`: from an account and a period to files, on the command line."""

from datetime import date
from pathlib import Path

import click

from haark import clock
from haark.accounts import queries as accounts
from haark.accounts.models import Account
from haark.cadence import rules as cadence
from haark.cadence.models import SECTIONS
from haark.cadence.rules import Period, PeriodRefused
from haark.decks.outline import Edition
from haark.extensions import db
from haark.formats import LANGUAGES
from haark.reviews import domain, exports, outputs
from haark.reviews.corporate import drawing
from haark.settings import domain as settings


def register(group: click.Group) -> None:
    """Adds this slice's commands."""
    group.add_command(generate)


def _formats(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    unknown = [part for part in wanted if part not in outputs.WRITERS]
    if unknown or not wanted:
        raise click.BadParameter(f"choose among {', '.join(outputs.WRITERS)}, separated by commas")
    return wanted


@click.command()
@click.argument("account")
@click.option("--period", help="2026-Q3, 2026-H1, 2026 or 2026-11; the running quarter when left out")
@click.option(
    "--format", "formats", default="pdf,pptx,md", callback=_formats, help="pdf, pptx, md, separated by commas"
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="the client's language when left out")
@click.option("--edition", type=click.Choice(outputs.EDITIONS), default="client", help="whom the files are for")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="folder for the files")
def generate(
    account: str, period: str | None, formats: tuple[str, ...], lang: str | None, edition: Edition, out: Path
) -> None:
    """Makes the business review of ACCOUNT (external id or name) and writes its files."""
    found = _account(account)
    on = clock.today(settings.get("organisation.timezone"))
    wanted = _period(found, period, on)
    review = domain.generate(found.id, wanted, SECTIONS, lang or found.language, by=None, at=clock.moment(), on=on)
    book = domain.compose(review, language=lang)
    assert book is not None  # its facts were gathered just now
    deck = outputs.Variant(edition).of(book.deck)
    guise = drawing.guise() if "pptx" in formats else None
    drawn = {form: exports.draw(deck, form, guise) for form in formats}
    written = {form: made.data for form, made in drawn.items()}
    named = found.external_id or f"account-{found.id}"
    paths = _write(out, {outputs.file_name(named, wanted.code, form, deck): made for form, made in written.items()})
    db.session.commit()
    if guise is not None and any(made.note for made in drawn.values()):
        click.echo(f"The template «{guise.name}» could not be used: the PowerPoint stands on Haark's pages.", err=True)
    for path in paths:
        click.echo(path)


def _account(key: str) -> Account:
    try:
        found = accounts.find_account(key)
    except accounts.SeveralAccounts as error:
        raise click.ClickException(f"Several accounts are called «{key}»: use the external id.") from error
    if found is None:
        raise click.ClickException(f"No account has the external id or the name «{key}».")
    return found


def _period(account: Account, written: str | None, on: date) -> Period:
    code = written or cadence.containing(on, "quarter", settings.get("fiscal_year_start")).code
    try:
        return domain.read_period(account.id, code, on)
    except PeriodRefused as refused:
        raise click.ClickException(_refusal(refused, account)) from refused


def _refusal(refused: PeriodRefused, account: Account) -> str:
    if refused.reason == "unreadable":
        return f"«{refused.written}» is not a period: write 2026-Q3, 2026-H1, 2026 or 2026-11."
    if refused.reason == "future":
        return f"{refused.written} has not begun yet: there is nothing to review."
    return f"{refused.written} ended before {account.name} became a client on {refused.start}."


def _write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """All files or none: each is written beside its name first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        drafts = {folder / name: folder / f".{name}.part" for name in files}
        for draft, made in zip(drafts.values(), files.values(), strict=True):
            draft.write_bytes(made)
        for target, draft in drafts.items():
            draft.replace(target)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror or error}.") from error
    return list(drafts)
