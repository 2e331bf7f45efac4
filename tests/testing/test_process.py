"""The other process answers with fingerprints, or says what became of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpnde.errors import GpndeError
from gpnde.plugin import Component
from gpnde.scenario import Scenario
from gpnde.testing import process, tiny_network
from gpnde.testing.process import OtherProcess, ProcessLost
from gpnde.testing.references import load_file
from gpnde.testing.runs import outcome

_COMPONENT = """
import os, sys, time
from gpnde.plugin import Component, ComponentError, hookimpl

class Component(Component):
    name = "policy.trial"

    @hookimpl
    def process(self, act, view, clock):
        {deed}
        yield clock.wait(1)
"""


@pytest.fixture
def other() -> Iterator[OtherProcess]:
    """Return a process that ends with the test."""
    process = OtherProcess("1")
    yield process
    process.stop()


@pytest.fixture
def scenario() -> Scenario:
    """Return a short run with the component of these tests."""
    return tiny_network(**{"clock.days": 28}, components=[{"use": "policy.trial"}])


def written(folder: Path, deed: str) -> type[Component]:
    """Return the component in a file, which does a deed when a run begins."""
    file = folder / "trial.py"
    file.write_text(_COMPONENT.format(deed=deed))
    sys.modules.pop("trial", None)
    found: type[Component] = load_file(file, "trial").Component
    return found


@pytest.mark.thorough
def test_runs_are_answered_in_the_order_in_which_they_were_asked_for(
    other: OtherProcess, scenario: Scenario, tmp_path: Path
) -> None:
    component = written(tmp_path, "act.disrupt_sites(view.site_numbers(tiers=[0]), 9)")
    shorter = scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": 14.0})})
    for each in (scenario, shorter):
        other.ask(each, [component])
    assert [other.tables(), other.tables()] == [outcome(each, [component]).tables for each in (scenario, shorter)]


@pytest.mark.thorough
def test_file_that_changed_is_loaded_again(other: OtherProcess, scenario: Scenario, tmp_path: Path) -> None:
    answers = []
    for days in (1, 9):
        component = written(tmp_path, f"act.disrupt_sites(view.site_numbers(), {days})")
        os.utime(tmp_path / "trial.py", (days, days))
        other.ask(scenario, [component])
        answers.append(other.tables())
    assert answers[0] != answers[1] == outcome(scenario, [component]).tables


def test_what_a_component_prints_stays_out_of_the_answer(
    other: OtherProcess, scenario: Scenario, tmp_path: Path
) -> None:
    component = written(tmp_path, "print('{}'); os.write(1, b'{}')")
    other.ask(scenario, [component])
    assert other.tables() == outcome(scenario, [component]).tables


def test_error_of_the_run_is_told(other: OtherProcess, scenario: Scenario, tmp_path: Path) -> None:
    other.ask(scenario, [written(tmp_path, "1 / 0")])
    with pytest.raises(GpndeError, match="^another process cannot run it: policy.trial .*ZeroDivisionError"):
        other.tables()


def test_error_of_the_run_keeps_its_fields(other: OtherProcess, scenario: Scenario, tmp_path: Path) -> None:
    deed = "raise ComponentError(where='policy.trial.sites', given='3', expected='a name')"
    other.ask(scenario, [written(tmp_path, deed)])
    with pytest.raises(GpndeError) as caught:
        other.tables()
    error = caught.value
    assert (error.where, error.given, error.expected) == ("policy.trial.sites", "3", "a name")
    assert (error.component, error.hook, error.day) == ("policy.trial", "process", 0.0)
    assert error.plugin


def test_call_that_does_not_return_names_its_origin(
    other: OtherProcess, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPNDE_HOOK_SECONDS", "0.2")
    other.ask(scenario, [written(tmp_path, "time.sleep(600)")])
    with pytest.raises(ProcessLost, match="has not returned for 0.2 seconds") as caught:
        other.tables()
    assert (caught.value.component, caught.value.hook) == ("policy.trial", "process")


@pytest.mark.thorough
def test_end_of_the_process_is_told_and_the_next_run_gets_a_new_one(
    other: OtherProcess, scenario: Scenario, tmp_path: Path
) -> None:
    other.ask(scenario, [written(tmp_path, "os._exit(7)")])
    with pytest.raises(GpndeError, match="^another process ended with exit code 7 instead"):
        other.tables()
    other.ask(tiny_network(**{"clock.days": 14}), [])
    assert "sites" in other.tables()


def test_process_that_does_not_answer_is_ended(
    other: OtherProcess, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "PATIENCE_SECONDS", 0.5)
    other.ask(scenario, [written(tmp_path, "time.sleep(600)")])
    with pytest.raises(GpndeError, match="^no answer from another process within 0.5 s$"):
        other.tables()
