"""Work about people that nobody waits for."""

from haark import clock
from haark.people import recovery


def send_reset(email: str) -> None:
    """Writes the mail with which a password is chosen anew, when somebody has this address."""
    recovery.send(email, at=clock.now())
