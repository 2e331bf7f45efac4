"""Networks whose firms open, move and close sites: everything counted twice agrees, and runs can be restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine.run import BALANCE, Simulation
from gpnde.engine.simulate import open_run, restore
from gpnde.plugin import Component
from gpnde.scenario import Scenario
from gpnde.world.layout import State

from ..thorough import often

Start = Callable[..., Simulation]
Check = Callable[[State], None]

_FEW = settings(max_examples=often(8, 30), deadline=None, suppress_health_check=list(HealthCheck))
_PLANT = {"cost": 500, "reference_per_day": 20, "life_days": 364, "building_days": 7}
_PLACES = "north", "south", "east"


@st.composite
def _on_the_move(draw: st.DrawFn, networks: st.SearchStrategy[Scenario]) -> Scenario:
    """Return a network in which labour costs more in some places than in others, and firms have the means to go."""
    given: dict[str, Any] = draw(networks).model_dump(exclude_unset=True)
    wages = draw(st.permutations([5, 20, 40]))
    given["clusters"] = [
        {"name": name, "country": name, "wage_per_day": wage} for name, wage in zip(_PLACES, wages, strict=True)
    ]
    for product in given["products"].values():
        product |= {"labour_days": 0.1, "plant": _PLANT, "learning_rate": 0.2}
    for site in given["sites"]:
        site |= {"cluster": draw(st.sampled_from(_PLACES)), "capacity_per_day": draw(st.sampled_from([15, 60, 200]))}
        site.pop("value_added", None)
    for firm in given["firms"]:
        firm |= {"role": draw(st.sampled_from(["brand-leader", "lead-supplier", "supplier"])), "cash": 1e6}
    rules = {"review_days": 14, "spread": draw(st.sampled_from([0.1, 3])), "severance_days": draw(st.integers(0, 9))}
    given["location"] = {"opens_sites": True, "utilisation": draw(st.sampled_from([0.3, 0.9])), **rules}
    return Scenario.model_validate(given)


@_FEW
@given(data=st.data())
def test_everything_counted_twice_agrees_while_sites_come_and_go(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
    check: Check,
) -> None:
    simulation = start(data.draw(_on_the_move(networks)), data.draw(mishaps))
    simulation.observe(None, debug=True)
    simulation.finish()
    check(simulation.world.state)
    assert max(simulation.balances().values()) <= BALANCE


@_FEW
@given(data=st.data(), day=st.integers(20, 110))
def test_a_run_is_restored_in_the_middle_of_building(
    data: st.DataObject, day: int, networks: st.SearchStrategy[Scenario]
) -> None:
    run = open_run(data.draw(_on_the_move(networks)), seed=3)
    run.advance(day)
    then = run.snapshot()
    assert restore(then).finish().fingerprint == run.finish().fingerprint


@_FEW
@given(data=st.data())
def test_firms_that_may_not_move_have_the_sites_that_they_began_with(
    data: st.DataObject, networks: st.SearchStrategy[Scenario], start: Start
) -> None:
    scenario = data.draw(_on_the_move(networks))
    assert scenario.location is not None
    stays = scenario.model_copy(update={"location": scenario.location.model_copy(update={"opens_sites": False})})
    simulation = start(stays)
    simulation.finish()
    assert simulation.world.names.sites == tuple(site.name for site in stays.sites)
