"""`bin/haark sample`: loads the sample portfolio into an empty database."""

import click
from flask import current_app

from haark import clock
from haark.demo import domain


def register(group: click.Group) -> None:
    @group.command("sample")
    def sample() -> None:
        """Load the sample portfolio (embedded mode, loopback address, empty database)."""
        if not (current_app.config["HAARK_EMBEDDED"] and current_app.config["HAARK_LOOPBACK"]):
            raise click.ClickException("The sample only loads in embedded mode on a loopback address.")
        try:
            domain.load(clock.today())
        except domain.NotEmpty:
            raise click.ClickException("The database is not empty: the sample was not loaded.") from None
        click.echo("Sample portfolio loaded.")
