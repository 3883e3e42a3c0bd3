"""Importing files as the page does: a look, what a person answers, the rule that follows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from haark.intake import domain
from haark.intake.looking import Look, Reading, look, rule_of
from haark.intake.report import Report
from haark.intake.sources import ORDER
from tests.intake.conftest import Intake

Change = Callable[[Reading], Reading]


def import_looked_at(
    intake: Intake, paths: list[Path], monkeypatch: pytest.MonkeyPatch, **answers: str
) -> tuple[list[Look], Report]:
    """Imports every table that was recognised, `answers` given where the look leaves something open."""
    with intake.app.app_context():
        looks = [(path, found) for path in paths for found in look(path)]
    work = [
        (rule_of(answered(found.reading, answers), path), path, found.reading.source)
        for path, found in looks
        if found.kind
    ]
    work.sort(key=lambda item: ORDER[item[0].kind.name])
    monkeypatch.setattr(domain, "locate", lambda paths, mapping: (work, []))
    return [found for _, found in looks], intake.paths(paths)


def answered(reading: Reading, answers: dict[str, str]) -> Reading:
    asked = {} if reading.date_order else {name: value for name, value in answers.items() if name == "date_order"}
    return replace(reading, **asked)  # type: ignore[arg-type]
