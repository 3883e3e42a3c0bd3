"""What the doorbell calls."""

from haark.mail import delivery


def send(mail_id: int) -> dict[str, str]:
    """One try at one mail."""
    return {"state": delivery.deliver(mail_id)}


def sweep() -> dict[str, int]:
    """One turn of the sweeper."""
    return delivery.sweep()
