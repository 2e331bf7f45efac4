"""From a scenario to a run: balances, equal bytes, and what may not make a difference."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpnde.engine import simulate
from gpnde.engine.run import BALANCE
from gpnde.errors import GpndeError
from gpnde.numerics.compiled import is_compiled
from gpnde.results import load_run
from gpnde.results.run import Run
from gpnde.scenario.generate import generate
from gpnde.scenario.presets import preset_names
from gpnde.scenario.schema import ComponentUse, Scenario

Network = Callable[..., Scenario]

_COMPONENTS: tuple[dict[str, Any], ...] = (
    {"use": "disruption.site-outage", "mean_up_days": 90, "mean_down_days": 7, "in_transit": "lose"},
    {"use": "disruption.link-outage", "mean_up_days": 200, "mean_down_days": 9, "in_transit": "delay"},
    {"use": "disruption.price-war", "mean_peace_days": 60, "mean_war_days": 30},
    {"use": "disruption.demand-slump", "start_day": 50, "days": 60},
)

_PRINT_A_FINGERPRINT = """
from gpnde.engine import simulate
from gpnde.scenario.generate import generate
scenario = generate("made-up", 15, 3, seed=4)
clock = scenario.clock.model_copy(update={"days": 120})
print(simulate(scenario.model_copy(update={"clock": clock}), seed=3).fingerprint)
"""


def _made_up(days: float = 120, **changes: Any) -> Scenario:
    scenario = generate("made-up", 15, 3, seed=4)
    clock = scenario.clock.model_copy(update={"days": days})
    return scenario.model_copy(update={"clock": clock, **changes})


def _uses(*chosen: dict[str, Any]) -> tuple[ComponentUse, ...]:
    return tuple(ComponentUse.model_validate(use) for use in chosen)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", preset_names())
def test_every_preset_balances_at_every_recorded_time(name: str) -> None:
    run = simulate(name, debug=True)
    assert max(run.conservation.values()) <= BALANCE
    assert run.counts["orders"] > 0


def test_equal_seeds_give_equal_tables() -> None:
    assert simulate(_made_up(), seed=3).fingerprint == simulate(_made_up(), seed=3).fingerprint


@pytest.mark.parametrize(("seed", "replication"), [(4, 0), (3, 1)])
def test_another_seed_or_replication_gives_other_tables(seed: int, replication: int) -> None:
    usual = simulate(_made_up(), seed=3)
    other = simulate(_made_up(), seed=seed, replication=replication)
    assert usual.fingerprint != other.fingerprint
    assert usual.markets["demanded"].to_list() != other.markets["demanded"].to_list()


def _fingerprint_elsewhere(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PRINT_A_FINGERPRINT],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_another_process_with_other_hashes_gives_the_same_tables() -> None:
    assert _fingerprint_elsewhere(PYTHONHASHSEED="12345") == simulate(_made_up(), seed=3).fingerprint


@pytest.mark.thorough
@pytest.mark.skipif(not is_compiled(), reason="nothing is compiled here")
def test_interpreted_and_compiled_loops_give_the_same_tables() -> None:
    assert _fingerprint_elsewhere(GPNDE_COMPILE="0") == simulate(_made_up(), seed=3).fingerprint


def test_the_order_of_components_makes_no_difference() -> None:
    forth = simulate(_made_up(components=_uses(*_COMPONENTS)))
    back = simulate(_made_up(components=_uses(*reversed(_COMPONENTS))))
    assert forth.fingerprint == back.fingerprint


def test_a_component_that_is_switched_off_is_as_good_as_absent() -> None:
    with_it = _uses(_COMPONENTS[0], {**_COMPONENTS[3], "enabled": False})
    run = simulate(_made_up(components=with_it))
    assert run.fingerprint == simulate(_made_up(components=_uses(_COMPONENTS[0]))).fingerprint
    assert [component["name"] for component in run.components] == ["disruption.site-outage"]


def test_a_component_whose_time_never_comes_changes_nothing() -> None:
    late = {**_COMPONENTS[3], "start_day": 5000}
    without = simulate(_made_up(components=_uses(_COMPONENTS[0])))
    assert simulate(_made_up(components=_uses(_COMPONENTS[0], late))).fingerprint == without.fingerprint


def test_a_component_leaves_the_draws_of_others_unchanged() -> None:
    calm, slump = (simulate(_made_up(components=_uses(*uses))) for uses in (_COMPONENTS[:1], _COMPONENTS[::3]))

    def outages(run: Run) -> list[Any]:
        events = run.events.rows()
        return [row[:7] for row in events if row[1] in ("site_failed", "site_recovered")]

    assert outages(calm) == outages(slump)
    assert calm.markets["demanded"].sum() > slump.markets["demanded"].sum()


def test_recording_orders_changes_nothing_else() -> None:
    with_orders = simulate(_made_up(record=_made_up().record.model_copy(update={"orders": True})))
    without = simulate(_made_up(record=_made_up().record.model_copy(update={"orders": False})))
    assert with_orders.orders.height > 0 == without.orders.height
    for name in ("firms", "sites", "tiers", "links", "markets", "events"):
        assert with_orders.tables[name].equals(without.tables[name], null_equal=True), name


def test_without_events_the_counts_of_dropouts_are_the_same() -> None:
    record = {"orders": False, "events": False, "entities": False}
    kept, counted = (
        simulate(_made_up(components=_uses(*_COMPONENTS), record=_made_up().record.model_copy(update=changes)))
        for changes in ({}, record)
    )
    assert kept.events.height > 0 == counted.events.height
    assert kept.dropouts == counted.dropouts
    assert kept.metric("selection.dropouts") == counted.metric("selection.dropouts") > 0


def test_how_often_is_recorded_changes_no_event_and_no_end(network: Network) -> None:
    often, seldom = (
        simulate(_made_up(record=_made_up().record.model_copy(update={"every_days": days}))) for days in (1.0, 50.0)
    )
    for name in ("links", "events", "orders", "sales"):
        assert often.tables[name].equals(seldom.tables[name], null_equal=True), name


def test_debugging_and_progress_change_nothing() -> None:
    plain = simulate(_made_up(), seed=3)
    watched = simulate(_made_up(), seed=3, debug=True, progress=lambda day, days: None)
    assert plain.fingerprint == watched.fingerprint


def test_a_run_says_what_it_was() -> None:
    run = simulate(_made_up(), seed=3, replication=2)
    assert (run.name, run.seed, run.replication) == ("made-up", 3, 2)
    assert run.counts["firms"] == run.counts["sites"] == 15
    assert run.counts["orders"] == run.links["orders"].sum()
    assert set(run.seconds) == {"build", "simulate"}
    assert run.software["numpy"]


def test_drop_outs_are_counted_by_cause() -> None:
    run = simulate(_made_up(components=_uses(_COMPONENTS[0])))
    failed = run.events.filter(run.events["kind"] == "site_failed")
    assert run.dropouts["outage"] == failed.height
    assert sum(run.dropouts.values()) == run.metric("selection.dropouts")


def test_seeds_of_numpy_are_plain_numbers_in_saved_results(tmp_path: Path) -> None:
    run = simulate("single-site", seed=np.int64(3), replication=np.uint8(2))  # type: ignore[arg-type]
    run.save(tmp_path / "run")
    saved = load_run(tmp_path / "run")
    assert (saved.seed, saved.replication) == (3, 2)
    assert run.fingerprint == simulate("single-site", seed=3, replication=2).fingerprint == saved.fingerprint


@pytest.mark.parametrize("given", [None, -1, 1.5, math.nan, "x", [], True, 1.0, 2**63])
@pytest.mark.parametrize("name", ["seed", "replication"])
def test_a_seed_that_the_command_line_refuses_is_refused(name: str, given: Any) -> None:
    with pytest.raises(GpndeError, match=f"^{name}: .*: must be a whole number from 0 to 9,223,372,036,854,775,807$"):
        simulate("single-site", **{name: given})


def test_the_largest_seed_is_saved(tmp_path: Path) -> None:
    simulate("single-site", seed=2**63 - 1).save(tmp_path / "run")
    assert load_run(tmp_path / "run").seed == 2**63 - 1


def test_the_user_is_told_before_a_first_compilation(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[str]()
    monkeypatch.setattr(sys.modules[simulate.__module__], "is_warm", lambda kernel: False)
    simulate(_made_up(days=10), on_compile=lambda: told.append("compiling"))
    assert told == ["compiling"]
