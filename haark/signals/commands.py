"""`bin/haark score` and `bin/haark show`: the portfolio judged, and one account told, from the command line."""

import json
from datetime import datetime

import click

from haark import clock, locale
from haark.accounts import queries as accounts
from haark.extensions import db
from haark.health import domain as health
from haark.health import queries
from haark.signals import domain, telling


def register(group: click.Group) -> None:
    @group.command("score")
    @click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Score with what was known on this date.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def score(as_of: datetime | None, as_json: bool) -> None:
        """Score every account; as of today, signals, advice and next reviews too."""
        on, today = as_of.date() if as_of else clock.today(), clock.today()
        if on > today:
            raise click.ClickException(f"{on} is still to come: nothing is known of it yet.")
        without_rate = 0
        if on == today:
            judged = domain.judge(on=on, at=clock.moment(), step=lambda _total: db.session.commit())
            scored, without_rate = judged.accounts, judged.without_rate
        else:
            scored = health.score_everybody(on=on, step=lambda _total: db.session.commit())
        db.session.commit()
        bands = queries.band_counts(on)
        if as_json:
            answer = {"as_of": on.isoformat(), "accounts": scored, **bands, "without_rate": without_rate}
            click.echo(json.dumps(answer))
            return
        words = ", ".join(f"{count} {band}" for band, count in bands.items())
        click.echo(f"{scored} accounts scored as of {on}: {words}.")

    @group.command("show")
    @click.argument("account", required=False)
    @click.option("--kinds", is_flag=True, help="List the kinds of signals and the rules instead.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def show(account: str | None, kinds: bool, as_json: bool) -> None:
        """Show what Haark knows of ACCOUNT (external id or exact name)."""
        if not kinds and not account:
            raise click.UsageError("Name an account, or ask for --kinds.")
        with locale.on_terminal():
            _list_kinds(as_json) if kinds else _show(str(account), as_json)


def _show(account: str, as_json: bool) -> None:
    try:
        found = accounts.find_account(account)
    except accounts.SeveralAccounts:
        raise click.ClickException(f"Several accounts are named {account}: use the external id.") from None
    if found is None:
        raise click.ClickException(f"There is no account {account}.")
    answer = telling.describe(found.id, clock.today())
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    health_now = answer["health"]
    score = "no score" if health_now["score"] is None else f"health {health_now['score']} ({health_now['band']})"
    arr = "ARR unknown" if answer["arr"] is None else f"ARR {answer['arr']:,.0f} {answer['currency']}"
    click.echo(f"{answer['name']}: {arr}, {score}.")
    for one in answer["recommendations"][:1]:
        click.echo(f"{one['title']}, by {one['due']}: {one['reason']}")


def _list_kinds(as_json: bool) -> None:
    told = telling.kinds()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told["signals"]:
        click.echo(f"{one['side']:12}{one['kind']:22}{one['title']}")
    for one in told["rules"]:
        click.echo(f"{'rule':12}{one['rule']:22}{one['title']}")
