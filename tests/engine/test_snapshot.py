"""A run restored from a snapshot ends as the undisturbed one, and its branches do not touch each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.simulate import OpenRun, Snapshot, open_run, restore, simulate
from gpnde.errors import GpndeError
from gpnde.scenario import load_scenario
from gpnde.scenario.presets import preset_names
from gpnde.scenario.schema import ComponentUse, Scenario

from ..learners import three_firms
from ..thorough import often

LONGEST = 616.0
"""Days of the presets that last for years: more brings nothing but more of the same."""

SNAPSHOT = 500.0


def shortened(name: str) -> Scenario:
    """Return a preset of less than two years."""
    scenario = load_scenario(name)
    return scenario.model_copy(
        update={"clock": scenario.clock.model_copy(update={"days": min(scenario.clock.days, LONGEST)})}
    )


def without_processes(scenario: Scenario) -> Scenario:
    """Return a scenario without the components that run processes."""
    kept = tuple(use for use in scenario.components if not use.use.startswith("disruption."))
    return scenario.model_copy(update={"components": kept})


def snapshot_of(scenario: Scenario, day: float) -> tuple[OpenRun, Snapshot]:
    """Return a run on a day, and its snapshot."""
    run = open_run(scenario, seed=3)
    run.advance(day)
    return run, run.snapshot()


def end_of(scenario: Scenario) -> str:
    """Return the fingerprint of the undisturbed run."""
    return simulate(scenario, seed=3).fingerprint


def _ends_as_undisturbed(scenario: Scenario, *, is_copied: bool) -> None:
    run, then = snapshot_of(scenario, min(SNAPSHOT, scenario.clock.days / 2))
    assert (then.simulation is not None) == is_copied
    restored = [restore(then) for _ in range(2)]
    assert [each.day for each in restored] == [run.day, run.day]
    assert {each.finish().fingerprint for each in (*restored, run)} == {end_of(scenario)}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", preset_names())
def test_a_copied_preset_ends_in_the_same_bytes(name: str) -> None:
    _ends_as_undisturbed(without_processes(shortened(name)), is_copied=True)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["hdd-southeast-asia", "small-open-economy", "taiwan-oem-pc"])
def test_a_replayed_preset_ends_in_the_same_bytes(name: str) -> None:
    _ends_as_undisturbed(shortened(name), is_copied=False)


def _busy(**changes: Any) -> Scenario:
    """Return the three firms, of which one opens later, with scores that dismiss; nothing runs a process."""
    sites = three_firms().model_dump()["sites"]
    sites[2].update(opens_day=50)
    rules = {"review_days": 28, "threshold": 0.9, "strikes": 1}
    return three_firms(sites=sites, selection=rules, **changes)


@pytest.mark.parametrize("day", [0, 1, 28, 49, 50, 91, 182, 363, 364])
def test_snapshots_can_be_taken_on_any_day(day: float) -> None:
    undisturbed = end_of(_busy())
    _, then = snapshot_of(_busy(), day)
    assert restore(then).finish().fingerprint == undisturbed


@settings(max_examples=often(10, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), day=st.floats(0, 120))
def test_any_network_goes_on_from_a_snapshot_as_before(
    data: st.DataObject, day: float, networks: st.SearchStrategy[Scenario]
) -> None:
    scenario = data.draw(networks)
    _, then = snapshot_of(scenario, day)
    assert then.simulation is not None
    assert restore(then).finish().fingerprint == end_of(scenario)


def test_a_restored_run_can_be_restored_again() -> None:
    _, first = snapshot_of(_busy(), 100)
    later = restore(first)
    later.advance(200)
    second = restore(later.snapshot())
    assert second.day == 200.0
    assert second.finish().fingerprint == end_of(_busy())


def _firm_ends(run: OpenRun) -> None:
    run.simulation.part(Exits).close_firms(np.array([1]), "policy", "test")


def test_what_a_branch_does_leaves_the_others_unchanged() -> None:
    scenario = without_processes(shortened("hdd-southeast-asia"))
    undisturbed = end_of(scenario)
    run, then = snapshot_of(scenario, 300)
    branch = restore(then)
    _firm_ends(branch)
    assert [each.simulation.world.firms["active"][1] for each in (branch, run, restore(then))] == [0, 1, 1]
    ended = branch.finish()
    assert "firm_failed" in ended.events["kind"].to_list()
    assert ended.fingerprint != undisturbed
    assert {run.finish().fingerprint, restore(then).finish().fingerprint} == {undisturbed}


def test_what_the_run_does_after_a_snapshot_leaves_the_snapshot_unchanged() -> None:
    run, then = snapshot_of(_busy(), 100)
    _firm_ends(run)
    changed = run.finish().fingerprint
    assert restore(then).finish().fingerprint == end_of(_busy()) != changed


def test_equal_branches_end_in_equal_bytes() -> None:
    _, then = snapshot_of(_busy(), 100)
    branches = [restore(then) for _ in range(2)]
    for branch in branches:
        _firm_ends(branch)
    assert len({branch.finish().fingerprint for branch in branches}) == 1


def _uses(*names: str) -> tuple[ComponentUse, ...]:
    return tuple(ComponentUse(use=name) for name in names)


def test_memories_and_accounts_of_components_are_copied_too() -> None:
    scenario = _busy(components=_uses("policy.effort-subsidy", "policy.targeting", "diffusion.learning-by-doing"))
    undisturbed = simulate(scenario, seed=3)
    _, then = snapshot_of(scenario, 150)
    assert then.simulation is not None
    assert undisturbed.policies["cost"].to_numpy().max() > 0
    assert {restore(then).finish().fingerprint for _ in range(2)} == {undisturbed.fingerprint}


def test_observers_of_a_run_do_not_watch_its_copies() -> None:
    run, seen = open_run(_busy(), seed=3), list[float]()
    run.observe(progress=lambda day, days: seen.append(day))
    run.advance(100)
    count = len(seen)
    copied = restore(run.snapshot())
    copied.finish()
    assert len(seen) == count > 0
    run.finish()
    assert len(seen) > count


def test_days_do_not_run_backwards_or_past_the_horizon() -> None:
    run = open_run("single-site")
    run.advance(100.5)
    assert run.day == 101.0
    run.advance(50)
    assert run.day == 101.0
    run.advance(1e6)
    assert run.day == 364.0
    assert run.finish().fingerprint == simulate("single-site").fingerprint


@pytest.mark.parametrize("act", [OpenRun.finish, OpenRun.snapshot, OpenRun.advance])
def test_a_finished_run_says_so_in_one_line(act: Callable[[OpenRun], object]) -> None:
    run = open_run("single-site")
    run.finish()
    with pytest.raises(GpndeError, match=r"^run: is finished: open a new one, or restore a snapshot of it$"):
        act(run)


def test_what_a_run_refuses_is_refused_when_it_is_opened() -> None:
    with pytest.raises(GpndeError, match=r"^'disruption\.nothing': no such component"):
        open_run(_busy(components=_uses("disruption.nothing")))
    with pytest.raises(GpndeError, match=r"^seed"):
        open_run("single-site", seed=-1)
