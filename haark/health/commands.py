"""`bin/haark score` and `bin/haark show`: scores from the command line."""

import json
from datetime import datetime
from typing import Any

import click

from haark import clock
from haark.accounts import domain as accounts
from haark.accounts import queries as account_queries
from haark.accounts import rules as account_rules
from haark.extensions import db
from haark.health import backtest as statistics
from haark.health import domain, learning, queries, replay


def register(group: click.Group) -> None:
    @group.command("score")
    @click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Score with what was known on this date.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def score(as_of: datetime | None, as_json: bool) -> None:
        """Score every account."""
        on = as_of.date() if as_of else clock.today()
        if on > clock.today():
            raise click.ClickException(f"{on} is still to come: nothing is known of it yet.")
        without_rate = 0
        if on == clock.today():
            without_rate = accounts.refresh_cards(on=on, step=db.session.commit).without_rate
        scored = domain.score_accounts(on=on, step=lambda _total: db.session.commit())
        db.session.commit()
        bands = queries.band_counts(on)
        if as_json:
            answer = {"as_of": on.isoformat(), "accounts": scored, **bands, "without_rate": without_rate}
            click.echo(json.dumps(answer))
            return
        words = ", ".join(f"{count} {band}" for band, count in bands.items())
        click.echo(f"{scored} accounts scored as of {on}: {words}.")

    @group.command("backtest")
    @click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Score with what was known then.")
    @click.option("--horizon", type=click.IntRange(min=1), required=True, help="Days in which clients leave or stay.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def backtest(as_of: datetime, horizon: int, as_json: bool) -> None:
        """Hold the churn probability of a past day against who left afterwards."""
        day, today = as_of.date(), clock.today()
        if day >= today:
            raise click.ClickException(f"{day} is not past: nobody can have left since.")
        found = replay.run(day, horizon, today).verdict
        click.echo(json.dumps(statistics.plain(found)) if as_json else _told(found))

    @group.command("fit")
    @click.option("--adopt", is_flag=True, help="Use the coefficients if they predict better than the published ones.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def fit(adopt: bool, as_json: bool) -> None:
        """Fit the churn coefficients on the renewals that ended, cross-validated. Nothing changes until adopted."""
        at = clock.moment()
        try:
            model = learning.learn(on=clock.today(), by=None, at=at)
        except learning.TooFew as few:
            raise click.ClickException(str(few)) from None
        better = model.figures["better"]
        if adopt and better:
            learning.adopt(model, model.version, by=None, at=at)
        answer = learning.plain(model)
        db.session.commit()
        if as_json:
            click.echo(json.dumps(answer))
            return
        published, kept = model.figures["published"]["auc"], "adopted" if adopt and better else "kept as a proposal"
        click.echo(f"AUC {answer['auc']} on {answer['terms']} terms, {published} with the published coefficients.")
        click.echo(f"Model {model.id} predicts better: {kept}." if better else "It does not predict better.")

    @group.command("show")
    @click.argument("account")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def show(account: str, as_json: bool) -> None:
        """Show what Haark knows of ACCOUNT (external id or exact name)."""
        try:
            found = account_queries.find_account(account)
        except account_queries.SeveralAccounts:
            raise click.ClickException(f"Several accounts are named {account}: use the external id.") from None
        if found is None:
            raise click.ClickException(f"There is no account {account}.")
        answer = describe(found.id)
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
            return
        health = answer["health"]
        score = "no score" if health["score"] is None else f"health {health['score']} ({health['band']})"
        arr = "ARR unknown" if answer["arr"] is None else f"ARR {answer['arr']:,.0f} {answer['currency']}"
        click.echo(f"{answer['name']}: {arr}, {score}.")


def describe(account_id: int) -> dict[str, Any]:
    """The JSON of `show` (contract.md): money in currency units, changes and shares as fractions."""
    on = clock.today()
    head = account_queries.header(account_id, on)
    told = queries.explain(account_id, on)
    return {
        "external_id": head.external_id,
        "name": head.name,
        "currency": head.currency,
        "arr": _units(head.arr_cents),
        "mrr": _units(head.mrr_cents),
        "arr_change": _fraction(account_rules.evolution(head.arr_cents, head.arr_before_cents)),
        "segment": head.segment or None,
        "renewal": {
            "date": head.renewal_date.isoformat() if head.renewal_date else None,
            "days": head.renewal_days,
        },
        "usage": {"change_30d": _fraction(told.usage_change)},
        "health": {
            "score": told.now.score if told.now else None,
            "band": (told.now.band or None) if told.now else None,
            "on": told.now.on.isoformat() if told.now else None,
            "coverage": told.now.coverage if told.now else 0.0,
            "confidence": _fraction(told.now.confidence) if told.now else 0.0,
            "change_30d": told.movement.change,
            "components": [
                {"name": part.name, "score": part.score, "weight": _fraction(part.weight), "points": part.points}
                for part in (told.now.components if told.now else ())
            ],
        },
    }


def _told(found: statistics.Verdict) -> str:
    counted = f"{found.accounts} accounts, {found.losses} left"
    if found.auc is None:
        return f"{counted}: too few to say anything ({statistics.FEWEST} who left and as many who stayed are needed)."
    low, high = found.auc.low, found.auc.high
    says = "the score predicts" if found.predicts else "the score does not predict here"
    return f"{counted}: AUC {found.auc.value:.3f} ({low:.3f} to {high:.3f}), {says}."


def _units(cents: int | None) -> float | int | None:
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else cents / 100


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
