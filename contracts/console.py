"""How a command speaks: errors as messages with an exit code, one way to make a console.

The rule: whatever goes wrong inside a command ends in a message on standard error that says what to do, and in a
documented exit code; a traceback reaches a user only with `--debug`. Both commands are groups of the class below. No
command, option or wording of a single command lives here.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts.errors import InternalError, PortalError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

EXIT_CODES = """\b
Exit codes:
  0   done; a check: conforms; serve: stopped as asked
  1   a check: a requirement is violated; replay: it still stands;
      --fail-on-notes: not all of the pages was understood;
      emit --check: a file is stale; requirements --since: something differs;
      explain: something of the request is lost, or it is refused;
      grade: the client is not clean
  2   wrong usage, or a page that cannot be read
  3   a check: the target could not be judged; grade: nothing was recorded
  70  a fault of our own (please report it)
  130 stopped by Ctrl-C before it was done
  141 whoever read its output left (a closed pipe)
"""
_INTERRUPTED = 130  # as a shell has it: 128 and the number of SIGINT
_UNREAD = 141  # the same of SIGPIPE


class Group(click.Group):
    """A command group whose commands end in a message and an exit code, never in a traceback.

    It adds the option `--debug` (show the traceback of a fault of our own) and the exit codes to the help of every
    command. Errors: PortalError ends with its own exit code, anything unforeseen with InternalError's; Ctrl-C ends with
    130 and a closed pipe with 141, never with the 1 of a verdict.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(["--debug"], is_flag=True, help="Show the traceback when something of ours fails.")
        )

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.epilog = cmd.epilog or EXIT_CODES
        super().add_command(cmd, name)

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except SystemExit:
            if _unread():
                raise SystemExit(_UNREAD) from None
            raise

    def invoke(self, ctx: click.Context) -> Any:
        debug = ctx.params.pop("debug", False)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            ctx.exit(_INTERRUPTED)
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


def _unread() -> bool:
    """Whether standard output has lost its reader; then nothing more is written there."""
    lost = False
    try:
        lost = "wrapped" in getattr(sys.stdout, "__dict__", {})  # click met it already
        sys.stdout.flush()
    except OSError as error:  # Windows says EINVAL
        lost = error.errno in (errno.EPIPE, errno.EINVAL)
    if lost:
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]
    return lost


@contextmanager
def paper(**style: Any) -> Iterator[Console]:
    """A console to print on: what is no terminal gets no control characters and no blanks at a line's end."""
    from rich.console import Console

    class Paper(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, "whoever read the output left")

    console = Paper(**style)
    if console.is_terminal:
        yield console
        return
    with console.capture() as captured:
        yield console
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


#: What stands for a sign that a console cannot show, so that different signs stay different.
_PLAIN = {"✓": "+", "✗": "x", "·": ".", "–": "-", "—": "-", "…": "...", "→": "->", "─": "-", "━": "-"}


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def plain_streams() -> None:
    """Make a console that cannot encode a character print a substitute instead of failing (Windows code pages)."""
    codecs.register_error("portal-plain", _plainly)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="portal-plain")


def put_json(text: str) -> None:
    """Print a JSON text so that nothing is lost: in ASCII where the stream's encoding lacks one of its characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text), indent=2)
    click.echo(text.rstrip("\n"))


def made_folder(path: Path) -> Path:
    """The folder of that path, made if need be; UsageError where there can be none."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "a file of that name is there" if path.is_file() else error.strerror or str(error)
        raise UsageError(f"no folder can be made at {path}: {why}\n    what to do: name another folder") from None
    return path
