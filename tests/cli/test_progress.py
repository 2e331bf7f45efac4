"""The progress bar."""

from __future__ import annotations

from gpnde.cli.progress import at_most_every, progress_bar


def test_nothing_is_shown_without_a_terminal() -> None:
    with progress_bar() as progress:
        assert progress is None


def test_calls_that_follow_too_soon_do_nothing() -> None:
    shown: list[float] = []
    show = at_most_every(3600, lambda day, horizon: shown.append(day))
    for day in range(1000):
        show(day, 1000)
    assert shown == [0]
