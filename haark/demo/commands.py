"""`bin/haark sample` and `bin/haark load`: data for an empty database."""

import click
from flask import current_app

from haark import clock
from haark.demo import bulk, domain


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

    @group.command("load")
    @click.argument("accounts", type=click.IntRange(1, 2_000_000))
    @click.option("--days", type=click.IntRange(1, 1_000), default=90, show_default=True, help="Days of usage each.")
    def load(accounts: int, days: int) -> None:
        """Load a large synthetic portfolio of ACCOUNTS accounts for benchmarks (empty database)."""
        try:
            bulk.load(accounts, days, clock.today())
        except domain.NotEmpty:
            raise click.ClickException("The database is not empty: nothing was loaded.") from None
        click.echo(f"{accounts} accounts with {days} days of usage loaded.")
