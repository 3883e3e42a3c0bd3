"""`bin/haark COMMAND`: migrates first, works without a running server, says one sentence when it fails.

Exit status 0 when it did what was asked, 2 for a usage error, 1 otherwise.
"""

import logging
import os
import sys
from importlib import import_module
from typing import Any

import click

# Slices with commands; each has `commands.register(group)`.
SLICES = ("jobs", "mail", "people", "health", "signals", "portfolio", "reviews", "programme", "intake", "demo")


class Haark(click.Group):
    """Runs a command inside the application, with the schema up to date and jobs done at once."""

    def invoke(self, ctx: click.Context) -> Any:
        from haark import create_app
        from haark.storage import upgrade

        os.environ.setdefault("HAARK_JOBS", "inline")
        logging.getLogger("alembic").setLevel(logging.WARNING)
        try:
            app = create_app()
        except ValueError as fault:
            raise click.ClickException(str(fault)) from fault
        with app.app_context():
            upgrade()
            return super().invoke(ctx)


@click.group(cls=Haark)
def haark() -> None:
    """Haark: the client portfolio and the business reviews of a Customer Success team."""


def main() -> None:
    for name in SLICES:
        import_module(f"haark.{name}.commands").register(haark)
    try:
        haark.main(prog_name="bin/haark", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.UsageError as fault:
        fault.show()
        sys.exit(2)
    except click.ClickException as fault:
        print(fault.format_message(), file=sys.stderr)
        sys.exit(1)
    except click.Abort:
        sys.exit(1)


if __name__ == "__main__":
    main()
