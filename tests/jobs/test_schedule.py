"""schedule.py names functions by text, so nothing but this test sees a name that leads nowhere."""

from importlib import import_module
from importlib.util import find_spec
from itertools import chain

import pytest

from haark import schedule


@pytest.mark.parametrize("kind", sorted(schedule.KINDS))
def test_every_kind_leads_to_a_function(kind: str) -> None:
    wanted = schedule.KINDS[kind]
    module, _, name = wanted.function.partition(":")
    assert find_spec(module) is not None, f"{module} does not exist"
    assert callable(getattr(import_module(module), name))
    assert wanted.queue in schedule.QUEUES
    assert wanted.timeout > 0


def test_timetable_and_events_ask_for_kinds_that_exist() -> None:
    assert {entry.kind for entry in schedule.TIMETABLE} <= set(schedule.KINDS)
    asked = ((wanted,) if isinstance(wanted, str) else wanted for wanted in schedule.ON_EVENT.values())
    assert set(chain.from_iterable(asked)) <= set(schedule.KINDS)
    assert len({entry.name for entry in schedule.TIMETABLE}) == len(schedule.TIMETABLE)
