"""A post office beside the application, and mails to send."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from haark import clock
from haark.extensions import db
from haark.mail import domain
from haark.mail.models import Mail
from tests.mail.post_office import PostOffice, open_office

Post = Callable[..., int]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


def wanted(**changes: Any) -> dict[str, Any]:
    """What a mail to Sophie says."""
    return {
        "kind": "test.mail",
        "to": domain.Person("sophie@valmorin.test", "Sophie Marchand"),
        "subject": "Récap QBR Q4",
        "text": "Bonjour Sophie,\n\nvoici le récap.\n",
        "language": "fr",
        "at": clock.now(),
        **changes,
    }


def post(app: Flask, **changes: Any) -> int:
    """Posts and commits; jobs run inline, so that it is delivered on return."""
    with app.app_context():
        mail = domain.post(**wanted(**changes))
        db.session.commit()
        return mail.id


def look(app: Flask, mail_id: int) -> Mail:
    with app.app_context():
        return db.session.get_one(Mail, mail_id)


def hurry(app: Flask) -> None:
    """What waits for its time need not wait any more."""
    with app.app_context():
        db.session.execute(sa.update(Mail).values(next_at=clock.now()))
        db.session.commit()


def sweep(app: Flask) -> None:
    """One turn of the sweeper, of mails alone."""
    from haark.mail import delivery

    with app.app_context():
        delivery.sweep()
        db.session.commit()
