"""The tiny network has a part of everything, and something happens in each."""

from __future__ import annotations

import pytest

import gpnde
from gpnde.errors import ScenarioError
from gpnde.scenario.provenance import count_marks
from gpnde.testing import isolated_plugins, tiny_network


def test_network_has_countries_clusters_tiers_and_markets() -> None:
    scenario = tiny_network()
    assert {firm.tier for firm in scenario.firms} == {0, 1, 2}
    assert (len(scenario.countries), len(scenario.clusters), len(scenario.firms), len(scenario.markets)) == (2, 3, 8, 2)
    assert {"affiliate", "independent"} <= {firm.node_type for firm in scenario.firms}
    assert any(firm.enters == "endogenously" for firm in scenario.firms)


def test_everything_is_switched_on() -> None:
    scenario = tiny_network()
    assert scenario.learns
    assert None not in (scenario.selection, scenario.finance, scenario.location)
    assert scenario.peers and scenario.components == ()


def test_firms_are_dropped_grow_and_climb_without_any_component() -> None:
    with isolated_plugins():
        run = gpnde.simulate(tiny_network())
    assert run.upgrades.height > 0
    assert run.events.height > 0
    assert 0.2 < run.metric("flow.fill_rate") < 1
    assert max(run.conservation.values()) < 1e-9


def test_changes_replace_values_by_dotted_path() -> None:
    scenario = tiny_network(**{"clock.days": 28, "firms.chips.tier": 3}, selection=None)
    assert scenario.clock.days == 28
    assert scenario.selection is None
    assert max(firm.tier for firm in scenario.firms) == 3


def test_wrong_change_names_the_nearest_key() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'days'"):
        tiny_network(**{"clock.day": 28})


def test_every_number_has_a_mark() -> None:
    marks = count_marks(tiny_network())
    assert marks["assumption"] > 0
    assert sum(marks.values()) == marks["assumption"]
