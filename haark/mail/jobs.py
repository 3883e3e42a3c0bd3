"""What the doorbell calls."""

from flask import current_app

from haark.mail import delivery, returned


def send(mail_id: int) -> dict[str, str]:
    """One try at one mail."""
    return {"state": delivery.deliver(mail_id)}


def sweep() -> dict[str, int]:
    """One turn of the sweeper."""
    counts = delivery.sweep()
    folder = str(current_app.config["BOUNCES"])
    return counts | {"mails_bounced": returned.sweep(folder)} if folder else counts
