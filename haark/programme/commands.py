"""`bin/haark programme`: the programme measured, from the command line."""

import json

import click

from haark import clock
from haark.cadence.rules import PeriodRefused
from haark.programme import coverage, rules
from haark.settings import queries as settings


def register(group: click.Group) -> None:
    @group.command("programme")
    @click.option("--period", help="2026-Q4, 2026-H1, 2026, 2026-11 or 12m; the running quarter by default.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def programme(period: str | None, as_json: bool) -> None:
        """Coverage, punctuality, sponsors and scores of the review programme."""
        on = clock.today(settings.get("organisation.timezone"))
        try:
            code, span = coverage.window(period or coverage.current(on).code, on)
        except PeriodRefused as refused:
            words = "has not begun" if refused.reason == "future" else "is not a period (2026-Q4, 2026-H1, 2026, 12m)"
            raise click.ClickException(f"{period} {words}.") from refused
        told = coverage.told(coverage.measure(coverage.read(code, span), code, span))
        if as_json:
            click.echo(json.dumps(told))
            return
        click.echo(f"{code}: {told['eligible']} eligible accounts.")
        for name in rules.FIGURES:
            value = told[name]["value"]
            shown = "unknown" if value is None else f"{value:.1f}/10" if name == "score" else f"{value:.1%}"
            click.echo(
                f"{name:9} {shown} ({told[name]['good']} of {told[name]['whole']}) {told[name].get('level', '')}"
            )
