"""SIGKILL of the mail worker at any instant: no mail lost, none twice, the ambiguous ones listed."""

from pathlib import Path

import pytest

from tests.mail import campaign

pytestmark = pytest.mark.xdist_group("jobs")


def test_ten_kills_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    result = campaign.run(kills=10, mails=24, folder=tmp_path, seed=5)
    assert result.wrong == []
    assert sum(result.states.values()) == 24
    assert (result.lost, result.twice) == (0, 0)
