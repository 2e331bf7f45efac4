"""`gpnde batch`: run a study, or resume it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from gpnde.cli.printing import json_option, note, print_answer
from gpnde.cli.run import read_settings
from gpnde.cli.shell import FAILED, GOOD, INTERRUPTED, Command, Fault

if TYPE_CHECKING:
    from gpnde.study.status import StudyStatus

_FROM_1, _FROM_0 = click.IntRange(min=1), click.IntRange(min=0)


@click.command(cls=Command)
@click.argument("study")
@click.option("--out", required=True, metavar="DIR", help="Folder, or an address such as s3://bucket/study.")
@click.option("--jobs", type=_FROM_1, metavar="N", help="Processes on this machine; left out: one per core.")
@click.option("--max-failures", type=_FROM_0, metavar="N", help="End when more runs than that have failed.")
@click.option("--fail-fast", is_flag=True, help="End when a run has failed.")
@click.option("--retry-failed", is_flag=True, help="Do runs again that failed before.")
@click.option("--dask", metavar="ADDRESS", help="Use the workers of a Dask scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Say clock.days=364, for all runs.")
@json_option
def batch(
    study: str,
    out: str,
    jobs: int | None,
    max_failures: int | None,
    fail_fast: bool,
    retry_failed: bool,
    dask: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> int:
    """Run a STUDY: do all runs that are not done yet.

    STUDY is a YAML file. The same command resumes it after an interruption, a crash or a failure.
    """
    from gpnde.study.files import load_study
    from gpnde.study.runner import run_study

    loaded = load_study(study, read_settings(settings))
    with resumable("gpnde batch", out), progress_bar() as (progress, say):
        status = run_study(
            loaded,
            out,
            jobs=jobs,
            dask=dask,
            max_failures=max_failures,
            fail_fast=fail_fast,
            retry_failed=retry_failed,
            progress=progress,
            on_failure=lambda failure: say(failure.text()),
            tell=say,
        )
    print_answer(as_json, status.to_json, lambda: _told(status, out))
    return FAILED if status.failed or status.missing else GOOD


def _told(status: StudyStatus, out: str) -> str:
    """Return how the batch ended and what to do next."""
    folder = shlex.quote(out)
    lines = [f"{status.text()}; tables are in {out}"]
    if status.stopped:
        lines.append(f"ended early: {status.stopped}; the same command resumes")
    if status.failed:
        lines.append(f"why runs failed stands in {out}/failures.jsonl; --retry-failed does them again")
    if status.ok:
        lines.append(f"next: gpnde compare {folder}, or gpnde report {folder}")
    return "\n".join(lines)


@contextmanager
def resumable(command: str, out: str) -> Iterator[None]:
    """Turn Ctrl-C into a line that says how to resume."""
    try:
        yield
    except KeyboardInterrupt:
        line = f"{command}: interrupted: what is committed in {out} stays, the same command resumes"
        raise Fault(line, INTERRUPTED) from None


@contextmanager
def progress_bar() -> Iterator[tuple[Callable[[int, int], None] | None, Callable[[str], None]]]:
    """Yield a function of the runs settled and planned, None where stderr is no terminal, and one that prints lines.

    Lines appear above the bar.
    """
    if not sys.stderr.isatty():
        yield None, note
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    runs = TextColumn("run {task.completed:,.0f} of {task.total:,.0f}, {task.fields[rate]}")
    console = Console(stderr=True)
    with Progress(runs, BarColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("runs", total=1, rate="")

        def show(settled: int, planned: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=settled, total=planned, rate=f"{speed:,.1f} per second" if speed else "starting")

        yield show, lambda line: bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
