"""How long things may take, in seconds of real time; tests make them short through the environment."""

import os
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Pace:
    """`lease`: a running job is given up when nobody renewed it for so long; `beat`: how often its process renews it;
    `sweep`: one turn of the sweeper; `ring_again`: a job that still waits after so long is announced to RQ again."""

    lease: timedelta
    beat: float
    sweep: float
    ring_again: timedelta


def pace() -> Pace:
    """Read at each use: HAARK_LEASE (30), HAARK_SWEEP (10) and HAARK_RING_AGAIN (30)."""
    lease = float(os.environ.get("HAARK_LEASE") or 30)
    return Pace(
        lease=timedelta(seconds=lease),
        beat=lease / 3,
        sweep=float(os.environ.get("HAARK_SWEEP") or 10),
        ring_again=timedelta(seconds=float(os.environ.get("HAARK_RING_AGAIN") or 30)),
    )
