"""What every command has in common: exit codes, one-line errors, ``--debug`` and quiet ends."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

import click

from gpnde.cli.added import plugin_option
from gpnde.errors import GpndeError, HookInterrupted, RunFailure, nearest

GOOD, FAILED, INVALID, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
"""Exit codes; 130 and 141 are what shells report for a program ended by Ctrl-C and by a reader that went away."""

_DEBUG = "gpnde.debug"


class Fault(Exception):
    """The end of a command that did not succeed: the line to print, if any, and the exit code."""

    def __init__(self, line: str, code: int) -> None:
        """Keep the line and the code."""
        super().__init__(line)
        self.line = line
        self.code = code


def debugging() -> bool:
    """Return whether the command that runs was given ``--debug``."""
    return bool(click.get_current_context().meta.get(_DEBUG))


def _remember_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_DEBUG] = value


class Command(click.Command):
    """A command that takes ``--debug`` and ``--plugin``, and ends in an exit code and one line after a mistake."""

    def __init__(self, *args: Any, debug_help: str = "Show the traceback of an error.", **settings: Any) -> None:
        """Add to the options of the command those that all have."""
        super().__init__(*args, **settings)
        flag = {"is_flag": True, "is_eager": True, "expose_value": False}
        self.params.append(click.Option(["--debug"], callback=_remember_debug, help=debug_help, **flag))
        self.params.append(plugin_option(hidden=True))

    def invoke(self, context: click.Context) -> Any:
        """Run the command, and turn what it raises into a `Fault`."""
        try:
            code = super().invoke(context)
            # A reader that went away is noticed when text is written, which must not be left to the end of Python.
            sys.stdout.flush()
        except (Fault, click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except HookInterrupted as error:
            raise Fault(f"{context.command_path}: interrupted in {error}", INTERRUPTED) from error
        except Exception as error:
            if context.meta.get(_DEBUG):
                traceback.print_exc()
            raise _fault(context.command_path, error) from error
        return code


def _fault(where: str, error: Exception) -> Fault:
    """Tell a user's mistake from a run that failed, and from a mistake of ours."""
    if isinstance(error, BrokenPipeError):
        return Fault("", PIPE_CLOSED)
    # Before `GpndeError`, of which it is a kind.
    if isinstance(error, RunFailure):
        return Fault(f"{where}: {error}", FAILED)
    if isinstance(error, GpndeError):
        return Fault(f"{where}: {error}", INVALID)
    if isinstance(error, OSError) and error.filename is not None:
        return Fault(f"{where}: {error.filename}: {error.strerror}: name a file or folder that can be used", INVALID)
    what = f"{type(error).__name__}: {error}"
    return Fault(f"{where}: unexpected {what}: run again with --debug for the traceback, and report it", FAILED)


class Commands(click.Group):
    """A group of commands; it shows its help when none is named, and the nearest name when an unknown one is.

    With *alone* it runs the command of that name where none is named, with the options that were given.
    """

    command_class = Command
    group_class = type

    def __init__(self, name: str, alone: str = "", **settings: Any) -> None:
        """Make a group, which shows its help or runs the command *alone* when no command is named."""
        super().__init__(name, callback=_show_help_if_alone, invoke_without_command=True, **settings)
        self._alone = alone

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put in the command that is run where none is named; help is that of the group."""
        is_named = args and (not args[0].startswith("-") or args[0] in context.help_option_names)
        return super().parse_args(context, args if is_named or not self._alone else [self._alone, *args])

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names."""
        name = arguments[0]
        if name not in self.commands and not name.startswith("-"):
            raise click.UsageError(f"unknown command {name!r}{nearest(name, self.commands)}", context)
        return super().resolve_command(context, arguments)

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        """Run a command line and leave the process with its exit code."""
        # Otherwise click would print errors and end the process in its own way.
        settings["standalone_mode"] = False
        run = super().main
        sys.exit(_exit_code(str(self.name), lambda: run(*args, **settings)))


@click.pass_context
def _show_help_if_alone(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _exit_code(name: str, action: Callable[[], Any]) -> int:
    """Run the *action*, print the line that explains a failure, and return the exit code."""
    try:
        code = action()
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return _complain(f"{name}: interrupted", INTERRUPTED)
    except click.ClickException as error:
        path = _path_of(error)
        return _complain(f"{path}: {error.format_message().rstrip('.')}: see '{path} --help'", INVALID)
    except (Fault, BrokenPipeError) as error:
        fault = error if isinstance(error, Fault) else Fault("", PIPE_CLOSED)
        return _complain(fault.line, fault.code)
    return code if isinstance(code, int) else GOOD


def _path_of(error: click.ClickException) -> str:
    """Return the command that was misused, as it was typed."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    return context.command_path if context else "gpnde"


def _complain(line: str, code: int) -> int:
    """Write one line to stderr, or make sure that nothing more is written where the reader went away."""
    if code == PIPE_CLOSED:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    else:
        click.echo(" ".join(line.splitlines()), err=True)
    return code
