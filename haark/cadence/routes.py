"""The agenda of reviews: what is due, late and planned."""

from flask import Blueprint

blueprint = Blueprint("cadence", __name__)
