"""Commands on risks, opportunities and recommendations."""

import click


def register(group: click.Group) -> None:
    """Nothing yet."""
