"""RavenStack's churn flags are random: nothing in Haark may claim to predict them."""

import json
from datetime import date

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from haark import clock
from haark.health import commands, learning


def test_the_backtest_claims_no_signal(raven: Flask) -> None:
    group = click.Group("haark")
    commands.register(group)
    with raven.app_context():
        for day, horizon in (("2024-06-30", 180), ("2024-09-30", 90)):
            answer = CliRunner().invoke(group, ["backtest", "--as-of", day, "--horizon", str(horizon), "--json"])
            assert answer.exit_code == 0, answer.output
            told = json.loads(answer.output)
            assert 0.40 <= told["auc"] <= 0.60
            assert told["predicts"] is False
            assert told["auc_interval"][0] < 0.5
            assert told["losses"] >= 30 and told["accounts"] - told["losses"] >= 30
            assert sum(one["n"] for one in told["calibration"]) == told["accounts"]
            assert sum(one["losses"] for one in told["lift"]) == told["losses"]
        # It only records losses: there is nothing to learn the difference from.
        with pytest.raises(learning.TooFew):
            learning.learn(on=date(2026, 11, 12), by=None, at=clock.moment())
