"""Parts side by side: their values, their faults, and that none outlives the job."""

import os
import signal
import time
from contextlib import closing
from functools import partial
from multiprocessing import active_children

import pytest

from haark.jobs import beside
from tests.support.patience import until


def _pid(seconds: float = 0.0) -> int:
    time.sleep(seconds)
    return os.getpid()


def _fails() -> None:
    raise ValueError("no page fits")


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _gone(path) -> bool:
    try:
        os.kill(int(path.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def _stays(path) -> None:
    path.write_text(str(os.getpid()))
    time.sleep(60)


def test_each_part_has_a_process_and_the_quick_one_does_not_wait_for_the_slow_one():
    found = list(beside.results({"slow": partial(_pid, 0.3), "quick": _pid}))
    assert [name for name, _value in found] == ["quick", "slow"]
    assert len({os.getpid(), *(value for _name, value in found)}) == 3


def test_one_part_alone_or_inline_ones_run_here_in_order():
    assert dict(beside.results({"only": _pid})) == {"only": os.getpid()}
    parts = {"first": partial(_pid, 0.05), "second": _pid}
    assert list(beside.results(parts, apart=False)) == [("first", os.getpid()), ("second", os.getpid())]


@pytest.mark.parametrize(("part", "fault"), [(_fails, ValueError), (_killed, beside.PartDied)])
def test_a_part_that_fails_takes_the_others_with_it(part, fault, tmp_path):
    """A large value comes through whole; a fault is raised here, and the part that would go on for a minute ends."""
    note = tmp_path / "pid"
    parts = {"stays": partial(_stays, note), "large": partial(bytes, 2**20)}
    with closing(beside.results(parts)) as found:
        assert next(found) == ("large", bytes(2**20))
        until(lambda: note.exists() and note.read_text())
    assert _gone(note)
    with pytest.raises(fault):
        list(beside.results({"fails": part, "stays": partial(_pid, 60)}))
    assert active_children() == []


def test_parts_die_with_their_process(tmp_path):
    """Killed without a word, as the kernel does it: the part that draws must not stay behind."""
    note = tmp_path / "pid"
    job = os.fork()
    if not job:
        list(beside.results({"stays": partial(_stays, note), "too": partial(_pid, 60)}))
        os._exit(0)
    until(lambda: note.exists() and note.read_text())
    os.kill(job, signal.SIGKILL)
    os.waitpid(job, 0)
    until(lambda: _gone(note), 10, "the part is gone")  # it looks once a second, when a busy machine lets it
