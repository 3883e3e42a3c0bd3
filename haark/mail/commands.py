"""`bin/haark bounces FILE...`."""

from pathlib import Path
from typing import BinaryIO

import click

from haark import clock
from haark.extensions import db
from haark.mail import bounces, returned


def register(group: click.Group) -> None:
    """Adds `bounces` to `bin/haark`."""
    group.add_command(read_bounces)


@click.command("bounces")
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
def read_bounces(files: tuple[BinaryIO, ...]) -> None:
    """Read notices of undelivered mail (.eml files, `-` for standard input) and mark the mails they speak of."""
    for file in files:
        mail = returned.take(file.read(bounces.LONGEST_NOTICE), at=clock.moment())
        db.session.commit()
        name = Path(file.name).name
        click.echo(
            f"{name}: {mail.to_address} bounced" if mail else f"{name}: no notice about a mail of ours, or known"
        )
