"""Exit codes, one-line errors and quiet ends."""

from __future__ import annotations

from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from gpnde.cli.shell import Command, Commands
from gpnde.errors import GpndeError


def call(action: Callable[[], object], *words: str) -> Result:
    """Call a command that does the *action*."""

    @click.command("act", cls=Command)
    def act() -> object:
        return action()

    return CliRunner().invoke(Commands("tool", help="Try.", commands=[act]), ["act", *words])


def fail(error: BaseException) -> Callable[[], object]:
    def action() -> object:
        raise error

    return action


def test_command_that_returns_nothing_is_good() -> None:
    assert call(lambda: None).exit_code == 0


def test_command_that_returns_a_code_ends_with_it() -> None:
    assert call(lambda: 1).exit_code == 1


def test_users_mistake_is_one_line_and_code_2() -> None:
    result = call(fail(GpndeError("clock.days: -3: must be\nabove 0")))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "tool act: clock.days: -3: must be above 0\n"


def test_our_mistake_names_its_type_and_asks_for_a_report() -> None:
    result = call(fail(ZeroDivisionError("by zero")))
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "ZeroDivisionError: by zero" in result.stderr
    assert "--debug" in result.stderr


@pytest.mark.parametrize(("error", "code"), [(GpndeError("x"), 2), (ZeroDivisionError("x"), 1)])
def test_debug_shows_the_traceback(error: Exception, code: int) -> None:
    result = call(fail(error), "--debug")
    assert result.exit_code == code
    assert "Traceback" in result.stderr


def test_file_that_cannot_be_used_is_the_users_business() -> None:
    result = call(fail(PermissionError(13, "Permission denied", "/nowhere/x")))
    assert result.exit_code == 2
    assert result.stderr.startswith("tool act: /nowhere/x: Permission denied: ")


def test_interruption_is_told_and_ends_with_130() -> None:
    result = call(fail(KeyboardInterrupt()))
    assert result.exit_code == 130
    assert result.stderr.strip() == "tool: interrupted"


def test_group_without_a_command_shows_its_help() -> None:
    result = CliRunner().invoke(Commands("tool", help="Try."), [])
    assert result.exit_code == 0
    assert "Usage: tool" in result.stdout
