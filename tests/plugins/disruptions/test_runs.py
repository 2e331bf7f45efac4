"""Disruptions in real runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

import gpnde
from gpnde.scenario.schema import ComponentUse

HALF_A_YEAR = 182.0


def run(network: gpnde.Scenario, *uses: dict[str, Any], days: float = HALF_A_YEAR) -> gpnde.Run:
    components = tuple(ComponentUse.model_validate(use) for use in uses)
    clock = network.clock.model_copy(update={"days": days})
    return gpnde.simulate(network.model_copy(update={"clock": clock, "components": components}), seed=3)


def without_exits(network: gpnde.Scenario) -> gpnde.Scenario:
    """Return the network without what takes firms and links out for good, and outages with them."""
    return network.model_copy(update={"finance": None, "selection": None})


def failed(result: gpnde.Run, component: str) -> pl.DataFrame:
    events = result.tables["events"]
    is_outage = events["kind"].is_in(["site_failed", "link_failed"]) & events["component"].str.starts_with(component)
    return events.filter(is_outage).select("day", "site", "buyer", "value")


def test_outages_are_events_with_their_author(network: gpnde.Scenario) -> None:
    result = run(network, {"use": "disruption.site-outage", "mean_up_days": 60, "mean_down_days": 7})
    events = result.tables["events"].filter(pl.col("kind") == "site_failed")
    assert len(events) > 50
    assert set(events["cause"]) == {"outage"}
    assert set(events["component"]) == {"disruption.site-outage"}


def test_disabled_disruption_is_as_good_as_absent(network: gpnde.Scenario) -> None:
    absent = run(network)
    disabled = run(network, {"use": "disruption.site-outage", "mean_up_days": 20, "enabled": False})
    assert absent.fingerprint == disabled.fingerprint


def test_order_of_disruptions_in_the_scenario_does_not_matter(network: gpnde.Scenario) -> None:
    uses = [
        {"use": "disruption.site-outage", "mean_up_days": 60},
        {"use": "disruption.price-war", "mean_peace_days": 40},
        {"use": "disruption.site-outage", "mean_up_days": 90, "tiers": [2]},
    ]
    assert run(network, *uses).fingerprint == run(network, *uses[::-1]).fingerprint


def test_another_disruption_does_not_move_the_first(network: gpnde.Scenario) -> None:
    lasting = without_exits(network)
    sites = {"use": "disruption.site-outage", "mean_up_days": 60}
    alone = run(lasting, sites)
    both = run(lasting, sites, {"use": "disruption.link-outage", "mean_up_days": 90})
    assert failed(alone, "disruption.site-outage").equals(failed(both, "disruption.site-outage"))
    assert len(failed(both, "disruption.link-outage"))


def test_share_of_time_at_work_is_mean_up_over_mean_cycle(network: gpnde.Scenario) -> None:
    """V-11 in a whole run, from its events."""
    up, down, days = 60.0, 12.0, 3640.0
    use = {"use": "disruption.site-outage", "mean_up_days": up, "mean_down_days": down, "down_law": "lognormal"}
    outages = failed(run(without_exits(network), use, days=days), "disruption.site-outage")
    lost = np.minimum(outages["value"].to_numpy(), days - outages["day"].to_numpy()).sum()
    site_days = len(network.sites) * days
    error = up * down / (up + down) ** 2 * (2 * (up + down) / site_days) ** 0.5
    assert 1 - lost / site_days == pytest.approx(up / (up + down), abs=4 * error)


@pytest.mark.parametrize("fate", ["none", "delay", "lose"])
def test_goods_balance_whatever_happens_in_transit(network: gpnde.Scenario, fate: str) -> None:
    uses: list[dict[str, Any]] = [
        {"use": f"disruption.{kind}-outage", "mean_up_days": 60, "mean_down_days": 10, "in_transit": fate}
        for kind in ("site", "link", "cluster")
    ]
    assert run(network, *uses).conservation["goods"] < 1e-9


def test_demand_slump_is_missing_from_what_markets_ask_for(network: gpnde.Scenario) -> None:
    slump = {"use": "disruption.demand-slump", "start_day": 91, "days": 91, "depth": 0.5}
    whole, less = (float(run(network, *uses).tables["markets"]["demanded"].sum()) for uses in ((), (slump,)))
    assert less / whole == pytest.approx(0.75, abs=0.03)


def test_demand_is_whole_again_after_a_slump(network: gpnde.Scenario) -> None:
    slump = {"use": "disruption.demand-slump", "start_day": 14, "days": 28, "depth": 0.9}
    tables = [run(network, *uses).tables["markets"].filter(pl.col("day") > 56) for uses in ((), (slump,))]
    asked = [table["demanded"].sum() for table in tables]
    assert asked[1] == pytest.approx(asked[0], rel=1e-9)


def test_unknown_parameter_stops_the_run_before_it_starts(network: gpnde.Scenario) -> None:
    with pytest.raises(gpnde.GpndeError, match="^disruption.site-outage.mean_up = 3: no such parameter; did you mean"):
        run(network, {"use": "disruption.site-outage", "mean_up": 3})
