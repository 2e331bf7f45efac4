"""Export controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from gpnde_disruptions.export_control import ExportControl

import gpnde
from gpnde.engine.hooks.views import RunView
from gpnde.engine.trade.links import Links
from gpnde.errors import ComponentError
from gpnde.plugin import Request
from gpnde.scenario import Scenario
from gpnde.testing import isolated_plugins, tiny_network
from gpnde.world.build import build_world

from ...learners import begun, footprint, let_pass, simulated

Deeds = Callable[..., list[Any]]
PARK_PLANT = 1
"""The plant in the south that sells to the market of the north."""
CONTROL: dict[str, Any] = {"origins": ("south",), "destinations": ("north",), "start_day": 30.0, "days": 60.0}


@pytest.fixture
def tiny() -> Scenario:
    """Return the tiny network, in which the south delivers boards and cases to the north."""
    return tiny_network()


def to_the_north(scenario: Scenario, product: str = "") -> list[int]:
    """Return the links and sales from the south to the north, of all products or one."""
    lines = build_world(scenario).state.lines
    goods = list(scenario.products)
    is_affected = lines["product"] == goods.index(product) if product else np.ones(len(lines), dtype=bool)
    to_site, to_market = lines["buyer"] == 0, (lines["market"] == 0) & (lines["supplier"] == PARK_PLANT)
    return np.flatnonzero((to_site & (lines["supplier"] > 0) | to_market) & is_affected).tolist()


def controlled(scenario: Scenario, **parameters: Any) -> gpnde.Run:
    """Return a run under control."""
    use = {"use": "disruption.export-control", **parameters}
    with isolated_plugins(ExportControl):
        return gpnde.simulate(Scenario.model_validate({**scenario.model_dump(), "components": [use]}), seed=1)


def test_lines_across_the_border_are_blocked_for_the_time(deeds: Deeds, tiny: Scenario) -> None:
    (deed,) = deeds(ExportControl(**CONTROL, in_transit="delay"), tiny)
    assert (deed.day, deed.what, deed.numbers, deed.in_transit) == (30, "lines", to_the_north(tiny), "delay")
    assert set(deed.values) == {60}


def test_only_named_products_are_controlled(deeds: Deeds, tiny: Scenario) -> None:
    (deed,) = deeds(ExportControl(**CONTROL, products=("case",)), tiny)
    assert deed.numbers == to_the_north(tiny, "case")
    assert len(deed.numbers) == 1


def test_the_other_direction_is_free(deeds: Deeds, tiny: Scenario) -> None:
    (deed,) = deeds(ExportControl(origins=("north",), destinations=("south",), start_day=30), tiny)
    assert deed.numbers == []


def test_control_by_all_to_all_spares_lines_within_a_country(deeds: Deeds, tiny: Scenario) -> None:
    (deed,) = deeds(ExportControl(start_day=30), tiny)
    assert deed.numbers == to_the_north(tiny)


def test_lines_may_end_for_good(deeds: Deeds, tiny: Scenario) -> None:
    ended, blocked = deeds(ExportControl(**CONTROL, ends_links=True), tiny)
    *links, sale = to_the_north(tiny)
    assert (ended.what, ended.numbers, ended.detail) == ("end", links, "export control")
    assert (blocked.what, blocked.numbers) == ("lines", [sale])


def test_market_behind_the_control_gets_nothing_from_abroad_while_it_lasts(tiny: Scenario) -> None:
    delivered = []
    for components in ([ExportControl(**CONTROL)], []):
        simulation = begun(tiny, *components)
        sale = to_the_north(tiny)[-1]
        let_pass(simulation, 30)
        before = float(simulation.world.state.lines["shipped"][sale])
        let_pass(simulation, 89)
        delivered.append(float(simulation.world.state.lines["shipped"][sale]) - before)
    assert delivered[0] == 0.0 < delivered[1]


def test_nothing_arrives_while_the_control_lasts(tiny: Scenario) -> None:
    run = controlled(tiny_network(selection=None), **CONTROL)
    northern = run.tables["orders"].filter(pl.col("buyer") == "valley-plant", pl.col("supplier") != "outside")
    shipped = northern["shipped_day"].drop_nulls().to_numpy()
    assert not ((shipped >= 30) & (shipped < 90)).any()
    assert (shipped < 30).any() and (shipped >= 90).any()


def test_ended_links_are_drop_outs_by_policy(tiny: Scenario) -> None:
    run = controlled(tiny, **CONTROL, ends_links=True)
    dropped = run.tables["events"].filter((pl.col("kind") == "link_dropped") & (pl.col("cause") == "policy"))
    assert set(dropped["buyer"]) == {"valley-plant"}
    assert dropped.height == len(to_the_north(tiny)) - 1


@pytest.mark.parametrize("parameters", [{"start_day": 253.0}, {"origins": ("north",), "start_day": 30.0}])
def test_control_after_the_end_or_of_nothing_changes_nothing(tiny: Scenario, parameters: dict[str, Any]) -> None:
    assert footprint(simulated(tiny, ExportControl(**parameters))) == footprint(simulated(tiny))


def decided(chosen: int, scenario: Scenario, buyer: str = "valley-plant", is_on: bool = True) -> int:
    """Return who wins a request for cases for which a northern and two southern sites bid."""
    names = [site.name for site in scenario.sites]
    bidders = np.array([names.index(name) for name in ("case-works", "north-cases", "case-shed")])
    request = Request(
        names.index(buyer),
        list(scenario.products).index("case"),
        0.5,
        bidders,
        prices=np.array([4.0, 5.0, 6.0]),
        hours=np.ones(3),
        scores=np.array([0.9, 0.5, 0.7]),
        eligible=np.array([True, True, True]),
    )
    component = ExportControl(**CONTROL)
    wrapper = component.choose_supplier(request, RunView(build_world(scenario)), {"is_on": is_on})
    next(wrapper)
    with pytest.raises(StopIteration) as end:
        wrapper.send(chosen)
    return int(end.value.value)


@pytest.fixture
def rival(tiny: Scenario) -> Scenario:
    """Return the network with a maker of cases in the north."""
    given = tiny.model_dump()
    firm = {"name": "north", "role": "supplier", "tier": 1}
    site = {"name": "north-cases", "firm": "north", "product": "case", "cluster": "valley"}
    return Scenario.model_validate({**given, "firms": [*given["firms"], firm], "sites": [*given["sites"], site]})


def test_bidder_under_control_loses_to_the_best_free_one(rival: Scenario) -> None:
    assert decided(0, rival) == 1


@pytest.mark.parametrize(("chosen", "buyer", "is_on"), [(1, "valley-plant", True), (0, "park-plant", True)])
def test_free_bidder_wins_as_decided(rival: Scenario, chosen: int, buyer: str, is_on: bool) -> None:
    assert decided(chosen, rival, buyer, is_on) == chosen


def test_decision_stands_before_and_after_the_control(rival: Scenario) -> None:
    assert decided(0, rival, is_on=False) == 0


def test_request_without_a_winner_stays_open(rival: Scenario) -> None:
    assert decided(-1, rival) == -1


def test_lines_that_open_under_control_are_blocked(rival: Scenario) -> None:
    simulation = begun(rival, ExportControl(**CONTROL))
    let_pass(simulation, 40)
    lines = simulation.world.state.lines
    like = to_the_north(rival, "case")[0]
    before = len(lines)
    simulation.part(Links).open(like, [site.name for site in rival.sites].index("case-shed"), 0.5, 4.0)
    let_pass(simulation, 42)
    opened = simulation.world.state.lines[before]
    assert opened["supplier"] != lines[like]["supplier"]
    assert opened["blocked"] > 0


def test_unknown_names_are_refused_with_the_nearest(tiny: Scenario) -> None:
    for name, given in (("products", "cas"), ("origins", "soth"), ("destinations", "nort")):
        with pytest.raises(ComponentError, match=rf"(?i)^disruption.export-control.{name}: '{given}'.*did you mean"):
            begun(tiny, ExportControl.of({name: [given]}))


def test_control_of_no_length_is_refused() -> None:
    with pytest.raises(ComponentError) as caught:
        ExportControl.of({"days": 0})
    assert str(caught.value) == "disruption.export-control.days = 0 (day): must be above 0"
