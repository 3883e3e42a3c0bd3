"""Whether the score tells the truth: backtest, coefficients, losses (managers)."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)
