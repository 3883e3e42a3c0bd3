"""Waiting for something that another process does, without a fixed sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def until(found: Callable[[], Value], seconds: float = 10.0, what: str = "", every: float = 0.02) -> Value:
    """The first true value of `found`, asked again after `every` seconds; an AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = found()
        if value:
            return value
        assert time.monotonic() < end, f"not within {seconds} s: {what or found}"
        time.sleep(every)
