"""`bin/haark user add EMAIL --role ROLE`."""

import sys

import click
from flask import current_app

from haark import clock
from haark.extensions import db
from haark.people import domain
from haark.people.models import ROLES

REASONS = {
    "email": "{email} is not an e-mail address.",
    "taken": "{email} already has an account.",
    "short": "The password needs at least 10 characters.",
    "long": "The password is too long: 1024 characters at most.",
    "personal": "The password must not be the name or the address.",
}


def register(group: click.Group) -> None:
    """Adds `user` to `bin/haark`."""
    group.add_command(user)


@click.group()
def user() -> None:
    """People who log in."""


@user.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="Default: the part of the address before the @.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def add(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Add a user; without a password, print a one-time link with which they choose it."""
    at = clock.now()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    try:
        added = domain.add_user(email, name, role, at=at, password=password)
        code = None if password_stdin else domain.invite(added, at=at)
    except domain.PersonError as fault:
        raise click.ClickException(REASONS[fault.kind].format(email=email)) from fault
    db.session.commit()
    site = current_app.config["HAARK_URL"]
    click.echo(f"{added.email} added as {added.role}." if code is None else f"{site}/welcome/{code}")
