"""Each check catches the component that breaks it, and lets a good one pass."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Component
from gpnde.testing import CHECKS, ConformanceError, check_component, tiny_network
from gpnde.testing.process import other_process
from gpnde.testing.references import load_file

from . import components

pytestmark = pytest.mark.slow


def failures(component: type[Component], **given: Any) -> dict[str, str]:
    """Return the reasons of the checks that failed, by name."""
    return {check.name: check.reason for check in check_component(component, **given).failures}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("component", [components.Strikes, components.Schools, components.Levelling])
def test_good_component_passes_every_check_and_changes_something(component: type[Component]) -> None:
    report = check_component(component)
    report.raise_if_failed()
    assert [check.name for check in report.checks] == list(CHECKS)
    assert "sites" in report.changes


def test_policy_that_pays_and_wraps_a_decision_passes() -> None:
    report = check_component(components.Pensions)
    report.raise_if_failed()
    assert "firms" in report.changes


BROKEN = [
    (components.Unwritable, "schema", "written down and read back it is refused: disruption.strikes.days = '5 days'"),
    (components.WithoutUnit, "documentation", "severity has no doc, unit, source: declare it with gpnde.param"),
    (components.UnknownHook, "documentation", "proces: no such hook; did you mean 'process'?"),
    (components.WithoutHooks, "documentation", "it fills no hook"),
    (components.WithoutMark, "documentation", "WithoutMark.capacity is called like a hook and is not marked as one"),
    (components.Exiting, "run", "another process ended with exit code 7 instead of finishing the run"),
    (components.DefaultOutOfBounds, "bounds", "default 1.5 of share: Input should be less than or equal to 1"),
    (components.RangeOutOfBounds, "bounds", "vary[1] 2 of share: Input should be less than or equal to 1"),
    (components.UnpicklableError, "pickling", "its TwoPartError cannot be pickled"),
    (components.Failing, "run", "on day 196: ZeroDivisionError: division by zero"),
    (components.SharedLuck, "randomness", "in process on day 28: draws from the global generators"),
    (components.SharedNumpyLuck, "randomness", "in process on day 28: draws from the global generators"),
    (components.EarlyLuck, "randomness", "failed in knowledge_transfer on day 28: draws from the global generators"),
    (components.LateLuck, "randomness", "failed in knowledge_transfer on day 28: draws from the global generators"),
    (components.WrappingLuck, "randomness", "failed in allocate on day 28: draws from the global generators"),
    (components.LuckyParameters, "randomness", "it draws from random: use streams.generator"),
    (components.OwnLuck, "randomness", "it draws from numpy.random.default_rng: use streams.generator"),
    (components.Writing, "read-only", "in process on day 28: writes into what it may only read"),
    (components.WritingBehind, "read-only", "process writes into what it may only read"),
    (components.Unlocking, "read-only", "process writes into what it may only read"),
    (components.WritingScenario, "read-only", "it changes the scenario"),
    (components.Remembering, "read-only", "it changes Remembering.seen, which outlasts the run"),
    (components.Conjuring, "conservation", "goods are out of balance by"),
    (components.Counting, "same-bytes", "the same seed gives other tables: "),
    (components.Urandom, "same-bytes", "the same seed gives other tables: "),
    (components.Second, "order", "another order of components gives other tables: "),
    (components.Crowded, "streams", "beside components that only draw, it gives other tables: "),
    (components.ByProcess, "spawned", "another process gives other tables: "),
    (components.ByOption, "spawned", "another process gives other tables: "),
    (components.ByHash, "hash-seed", "another hash seed gives other tables: "),
]


@pytest.mark.sampled(8)
@pytest.mark.parametrize(("component", "check", "reason"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_component_fails_the_check_that_it_breaks_and_no_other(
    component: type[Component], check: str, reason: str
) -> None:
    found = failures(component)
    assert list(found) == [check]
    assert reason in found[check]
    assert "\n" not in found[check]


@pytest.fixture
def repaired(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a component does to the engine, here and in the other process."""
    engine = importlib.import_module("gpnde.engine.simulate")
    monkeypatch.setattr(engine, "metrics_table", engine.metrics_table)
    yield
    other_process("1").stop()


@pytest.mark.thorough
def test_component_that_lasts_after_it_was_switched_off_is_caught(repaired: None) -> None:
    found = failures(components.Lasting)
    assert list(found) == ["disabled"]
    assert found["disabled"] == "switched off, it gives other tables: metrics"


@pytest.mark.thorough
def test_component_that_hangs_is_named_and_ended_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    other_process("1").stop()
    monkeypatch.setenv("GPNDE_HOOK_SECONDS", "0.5")
    found = failures(components.Hanging)
    assert list(found) == ["run"]
    assert found["run"] == (
        "disruption.strikes of plugin 'given' (given 0): process on day 56 has not returned for 0.5 seconds: "
        "raise GPNDE_HOOK_SECONDS if it needs more"
    )


def test_class_inside_a_function_is_told_where_it_should_stand() -> None:
    class Local(components.Strikes):
        """Cannot be found by another process."""

    found = failures(Local)
    assert "pickling" in found
    assert "move the class to the top of a module" in found["pickling"]


HEAVY = """
import {module}
from gpnde.plugin import Component, hookimpl

class Heavy(Component):
    '''Imports what it does not need.'''

    name = "policy.heavy"

    @hookimpl
    def process(self):
        '''Do nothing.'''
"""


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("altair", "altair takes"),
        ("polars", "polars takes"),
        ("time; sum(range(20_000_000))", "its own code takes long"),
    ],
)
def test_heavy_import_is_caught_with_its_culprit(tmp_path: Path, module: str, reason: str) -> None:
    name = f"heavy_{module.partition(';')[0]}"
    file = tmp_path / f"{name}.py"
    file.write_text(HEAVY.format(module=module))
    found = failures(load_file(file, name).Heavy)
    assert list(found) == ["import"]
    assert "must be under 50" in found["import"]
    assert reason in found["import"]


def test_network_that_the_component_refuses_is_a_failed_run() -> None:
    found = failures(components.Schools, scenario=tiny_network(knowledge=None))
    assert list(found) == ["run"]
    assert "add a block knowledge" in found["run"]


def test_bad_parameters_are_the_mistake_of_the_user() -> None:
    with pytest.raises(ComponentError, match=r"^disruption.strikes.days = -1 \(day\): must be above 0$"):
        check_component(components.Strikes, parameters={"days": -1})


@pytest.mark.thorough
def test_conformance_error_has_one_line_per_failed_check() -> None:
    with pytest.raises(ConformanceError) as caught:
        check_component(components.WithoutUnit).raise_if_failed()
    assert isinstance(caught.value, AssertionError)
    assert str(caught.value).startswith("disruption.strikes: documentation: severity has no doc, unit, source")
