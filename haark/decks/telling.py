"""How far a rendering is: what a painter tells while it works."""

from collections.abc import Callable
from typing import Literal

Stage = Literal["layout", "draw"]
Tell = Callable[[Stage, int, int], None]
"""Called with the stage, the pages done in it, and all pages of the deck."""


def untold(_stage: Stage, _done: int, _total: int) -> None:
    """Nobody listens."""
