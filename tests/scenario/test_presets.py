from __future__ import annotations

import json
from pathlib import Path

import pytest
from scipy.stats import poisson

from gpnde.errors import ScenarioError
from gpnde.scenario import load_scenario, preset_names
from gpnde.scenario.presets import preset_path
from gpnde.scenario.provenance import count_marks

OURS = ("beer-game", "serial-chain", "single-site")


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_loads_under_its_own_name(name: str) -> None:
    assert load_scenario(name).name == name


@pytest.mark.parametrize("name", preset_names())
def test_every_number_of_a_preset_is_marked(name: str) -> None:
    assert count_marks(load_scenario(name))["unmarked"] == 0


def test_the_presets_are_there() -> None:
    assert set(OURS) <= set(preset_names())


def test_an_unknown_preset_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError) as caught:
        preset_path("beer-gam")
    known = ", ".join(preset_names())
    assert str(caught.value) == f"beer-gam: no such preset: give one of {known}; did you mean 'beer-game'?"


def test_the_beer_game_orders_by_the_benchmark_rule(shared_data: Path) -> None:
    published = json.loads((shared_data / "beer_game" / "benchmark.json").read_text(encoding="utf-8"))
    scenario = load_scenario("beer-game")
    steady = published["benchmark_36w"]["weeks"][3]
    wanted = [row[3] + steady["orders"][0] for row in published["benchmark_36w"]["input"]["params"]]
    rules = [site.ordering or scenario.ordering for site in scenario.sites]
    assert [rule.level for rule in rules] == wanted
    assert [rule.first_review_day / 7 for rule in rules] == [steady["week"]] * len(rules)
    assert [site.stock for site in scenario.sites] == steady["stock"]
    assert scenario.clock.days / 7 == published["benchmark_36w"]["input"]["weeks"]


def test_the_single_site_orders_up_to_the_quantile_that_it_says() -> None:
    site = load_scenario("single-site").sites[0]
    demand = poisson(3 * 10)
    assert site.ordering is not None
    assert site.ordering.level == demand.ppf(0.95)
    assert round(demand.cdf(39), 3) == 0.954
    assert site.stockout_cost / (site.stockout_cost + site.holding_cost) == 0.95
