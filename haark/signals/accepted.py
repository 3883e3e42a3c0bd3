"""Accepted recommendations as actions know them (actions/sources.py): named by their rule, on the account's page."""

from collections.abc import Collection

from sqlalchemy import select

from haark.actions import sources
from haark.actions.sources import Thing
from haark.extensions import db
from haark.signals.advice_words import WORDS
from haark.signals.models import Advice


def _titles(idents: Collection[int]) -> dict[int, Thing]:
    rows = db.session.execute(select(Advice.id, Advice.rule, Advice.account_id).where(Advice.id.in_(idents)))
    return {row.id: Thing(str(WORDS[row.rule].title), row.account_id) for row in rows if row.rule in WORDS}


sources.register("advice", _titles)
