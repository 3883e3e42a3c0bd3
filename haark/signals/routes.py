"""Risks and opportunities, and what to do about them."""

from flask import Blueprint

blueprint = Blueprint("signals", __name__)
