"""The pause of the collector: it ends with the block, also by an error, and leaves the setting as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gpnde.numerics.collector import collector_back, collector_paused


@pytest.fixture(autouse=True)
def _setting() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_off_inside_and_as_it_was_afterwards(was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled() == was_on


def test_an_error_ends_the_pause_too() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="broken"), collector_paused():
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_pause_inside_a_pause_does_not_end_it() -> None:
    gc.enable()
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_back_meanwhile_and_as_it_was_afterwards(was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    with collector_back():
        assert gc.isenabled()
    assert gc.isenabled() == was_on
