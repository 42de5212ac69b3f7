"""How a command speaks: errors as messages with an exit code, one way to make a console.

The rule: whatever goes wrong inside a command ends in a message on standard error that says what to do, and in a
documented exit code; a traceback reaches a user only with `--debug`. Both commands are groups of the class below. No
command, option or wording of a single command lives here.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from contracts.errors import InternalError, PortalError

EXIT_CODES = """\b
Exit codes:
  0   done; a check: conforms; serve: stopped as asked
  1   a check: a requirement is violated; emit --check: a file is stale
  2   wrong usage, or a page that cannot be read
  3   a check: the target could not be judged
  70  a fault of our own (please report it)
"""


class Group(click.Group):
    """A command group whose commands end in a message and an exit code, never in a traceback.

    It adds the option `--debug` (show the traceback of a fault of our own). Errors: PortalError ends with its own
    exit code, anything unforeseen with InternalError's.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(["--debug"], is_flag=True, help="Show the traceback when something of ours fails.")
        )

    def invoke(self, ctx: click.Context) -> Any:
        debug = ctx.params.pop("debug", False)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except PortalError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(error.exit_code)
        except Exception as error:
            if debug:
                raise
            click.echo(
                f"error: a fault of our own: {type(error).__name__}: {error}\n"
                "    what to do: run it again with --debug before the subcommand, and report what it prints",
                err=True,
            )
            ctx.exit(InternalError.exit_code)


def plain_streams() -> None:
    """Make a console that cannot encode a character print a substitute instead of failing (Windows code pages)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
