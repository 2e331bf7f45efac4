"""Demand slumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gpnde_disruptions.demand_slump import DemandSlump

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario

Deeds = Callable[..., list[Any]]


def test_demand_falls_and_returns_to_what_it_was(deeds: Deeds, network: Scenario) -> None:
    down, up = deeds(DemandSlump(start_day=100, days=50, depth=0.4))
    assert (down.day, down.what, up.day, up.what) == (100, "demand", 150, "demand")
    assert down.numbers == up.numbers == list(range(len(network.markets)))
    assert set(down.values) == {0.6}
    assert down.values[0] * up.values[0] == pytest.approx(1.0)


def test_slump_may_begin_at_once(deeds: Deeds) -> None:
    assert deeds(DemandSlump(start_day=0))[0].day == 0


def test_slump_after_the_horizon_never_comes(deeds: Deeds) -> None:
    assert deeds(DemandSlump(start_day=4000)) == []


def test_only_named_markets_slump(deeds: Deeds, network: Scenario) -> None:
    down, _ = deeds(DemandSlump(markets=(network.markets[1].name,)))
    assert down.numbers == [1]


def test_unknown_market_is_refused_with_the_nearest_name(deeds: Deeds, network: Scenario) -> None:
    name = network.markets[0].name
    with pytest.raises(ComponentError) as caught:
        deeds(DemandSlump(markets=(name + "x",)))
    assert str(caught.value).startswith(f"disruption.demand-slump.markets: {name + 'x'!r}: not in the scenario; did")
