"""One command starts everything, and nothing stays behind, however it ends."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.support.patience import until
from tests.tree.conftest import Tree

pytestmark = [
    pytest.mark.xdist_group("tree"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]
NAMES = {"haark-web", "haark-default", "haark-bulk", "haark-decks", "haark-mail", "haark-sweeper", "valkey-server"}


def test_starts_watches_and_stops_without_a_trace(data: Path) -> None:
    tree = Tree(data, "--empty").ready()
    assert "First visit: open /setup and type this one-time code: " in tree.said()
    assert tree.get("/healthz") == 200
    names = tree.processes()
    assert set(names.values()) >= NAMES

    # A worker's name is also that of its short-lived children, which are younger; and it ends when its queue does.
    victims = {one: min(pid for pid, name in names.items() if name == one) for one in ("haark-mail", "valkey-server")}
    for pid in victims.values():
        os.kill(pid, signal.SIGKILL)
    until(lambda: set(tree.processes().values()) >= NAMES, 15, "what was killed was started again")
    assert not set(victims.values()) & set(tree.processes())
    assert "mail ended unexpectedly and is started again" in tree.said()

    assert tree.stop() < 5
    assert tree.process.returncode == 0
    assert tree.processes() == {}
    assert not (data / "run" / "children.json").exists()


def test_killed_without_warning_it_leaves_nothing_and_starts_again(data: Path) -> None:
    first = Tree(data, "--empty").ready()
    port = first.port
    first.signal(signal.SIGKILL)
    first.process.wait(5)
    # At once, on the same port, while the orphans may still be on their way out.
    second = Tree(data, "--empty", port=port).ready()
    assert second.get("/healthz") == 200
    assert list(second.processes().values()).count("valkey-server") == 1
    assert second.stop() < 5
    assert second.processes() == {}


def test_a_second_start_with_the_same_data_is_refused(data: Path) -> None:
    first = Tree(data, "--empty").ready()
    second = Tree(data, "--empty")
    assert second.process.wait(20) == 1
    assert "Haark is already running with this data directory" in second.said()
    assert "Traceback" not in second.said()
    assert first.get("/healthz") == 200
    assert first.stop() < 5


def test_a_port_in_use_is_said_in_one_sentence(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        tree = Tree(data, "--empty", port=port)
        assert tree.process.wait(20) == 1
    assert tree.said().startswith(f"Port {port} on 127.0.0.1 cannot be used (Address already in use).")
    assert len(tree.said().splitlines()) == 1
    assert tree.processes() == {}


def test_a_stop_while_it_starts_is_heard(data: Path) -> None:
    tree = Tree(data, "--empty")
    until(lambda: "valkey-server" in tree.processes().values(), 20, "the queue server was started")
    assert tree.stop() < 5
    assert tree.processes() == {}
