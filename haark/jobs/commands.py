"""`bin/haark sweep`: one turn of the timetable."""

import click

from haark.jobs import sweeper


def register(group: click.Group) -> None:
    @group.command("sweep")
    def sweep() -> None:
        """One turn of the timetable: what is due is asked for, what was lost or waits is run."""
        done = sweeper.turn()
        click.echo(f"asked {done['asked']}, taken back {done['lost']}, run {done['rung']}")
