"""The progress bar of a run: simulated days, on stderr, if that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

REFRESH_SECONDS = 0.1


@contextmanager
def progress_bar() -> Iterator[Callable[[float, float], None] | None]:
    """Yield a function of the day reached and the horizon (days), or None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    days = TextColumn("day {task.completed:,.0f} of {task.total:,.0f}")
    with Progress(days, BarColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("days", total=1)
        yield at_most_every(REFRESH_SECONDS, lambda day, horizon: bar.update(task, completed=day, total=horizon))


def at_most_every(seconds: float, show: Callable[[float, float], None]) -> Callable[[float, float], None]:
    """Return *show* slowed down: calls that follow too soon do nothing, so that a fine tick costs no drawing."""
    due = 0.0

    def show_if_due(day: float, horizon: float) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + seconds
            show(day, horizon)

    return show_if_due
