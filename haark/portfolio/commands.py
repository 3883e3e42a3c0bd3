"""`bin/haark doctor`: whether what the database keeps by itself agrees with the rows."""

import click

from haark.extensions import db
from haark.portfolio import upkeep


def register(group: click.Group) -> None:
    @group.command("doctor")
    @click.option("--mend", is_flag=True, help="Set the triggers up anew and count everything again.")
    def doctor(mend: bool) -> None:
        """Compare the portfolio's totals and search index with its rows; with --mend put them right."""
        connection = db.session.connection()
        if mend:
            upkeep.install(connection)
            db.session.commit()
            connection = db.session.connection()
        found = upkeep.faults(connection)
        for one in found:
            click.echo(one)
        if not found:
            click.echo("Totals and search index agree with the rows.")
