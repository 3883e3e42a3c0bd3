"""`bin/haark backtest` and `bin/haark fit`: the score put to the test, from the command line."""

import json
from datetime import datetime

import click

from haark import clock
from haark.extensions import db
from haark.health import backtest as statistics
from haark.health import learning, replay


def register(group: click.Group) -> None:
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
    @click.option("--adopt", is_flag=True, help="Use the coefficients if they predict better than those in use.")
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
        present, kept = model.figures["present"]["auc"], "adopted" if adopt and better else "kept as a proposal"
        click.echo(f"AUC {answer['auc']} on {answer['terms']} terms, {present} with the coefficients in use.")
        click.echo(f"Model {model.id} predicts better: {kept}." if better else "It does not predict better.")


def _told(found: statistics.Verdict) -> str:
    counted = f"{found.accounts} accounts, {found.losses} left"
    if found.auc is None:
        return f"{counted}: too few to say anything ({statistics.FEWEST} who left and as many who stayed are needed)."
    low, high = found.auc.low, found.auc.high
    says = "the score predicts" if found.predicts else "the score does not predict here"
    return f"{counted}: AUC {found.auc.value:.3f} ({low:.3f} to {high:.3f}), {says}."
