"""Space: concentration, shares and what they are taken over."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.metrics import space
from gpnde.results.metrics.space import entropy, firms_gone, hhi, space_at, spearman
from gpnde.results.sites import with_changes
from gpnde.results.tables import empty_table, make_table
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]
WEIGHTS = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=12)

WORTH = {"A": 30.0, "S": 10.0}
"""What plant is worth at the sites of the scenario; elsewhere it is worth 1."""


def at(scenario: dict[str, Any], day: float = 100.0, **tables: pl.DataFrame) -> dict[str, float]:
    everywhere = {"firms": empty_table("firms"), "plants": worth_of(scenario), **tables}
    return {metric.name: metric.value for metric in space_at(scenario, day, everywhere)}


def worth_of(scenario: dict[str, Any], **more: float) -> pl.DataFrame:
    """Return the table of plants with what plant is worth on day 0, and no staff."""
    names = [site["name"] for site in scenario["sites"]]
    worth = {"plant_value": [{**WORTH, **more}.get(name, 1.0) for name in names], "site": names}
    blank = {column: ["" if column in TEXT_COLUMNS else 0.0] * len(names) for column in TABLES["plants"]}
    return make_table("plants", blank | worth)


def plant(name: str, firm: str, cluster: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "firm": firm, "product": "car", "cluster": cluster, **more}


@given(st.integers(1, 30), st.floats(0.1, 10))
def test_equal_parts_have_the_index_one_over_n_and_entropy_ln_n(count: int, size: float) -> None:
    assert hhi([size] * count) == pytest.approx(1 / count)
    assert entropy([size] * count) == pytest.approx(math.log(count), abs=1e-12)


@given(WEIGHTS, st.floats(0.1, 100))
def test_concentration_depends_on_shares_alone(weights: list[float], factor: float) -> None:
    scaled = [factor * weight for weight in weights]
    assert hhi(scaled) == pytest.approx(hhi(weights))
    assert entropy(scaled) == pytest.approx(entropy(weights), abs=1e-9)


@given(WEIGHTS)
def test_concentration_stays_between_equal_parts_and_one_place(weights: list[float]) -> None:
    assert 1 / len(weights) - 1e-9 <= hhi(weights) <= 1 + 1e-9


def test_the_figures_of_the_drive_maker_give_the_stated_concentration() -> None:
    assert hhi([32, 30, 30, 8]) == pytest.approx(0.289, abs=5e-4)
    assert hhi([26_000, 15_000, 9_000, 5_000]) == pytest.approx(0.333, abs=5e-4)


def test_nothing_has_no_concentration() -> None:
    assert math.isnan(hhi([0.0]))
    assert math.isnan(entropy([]))


def test_shares_are_those_of_regions_and_of_clusters_in_their_region(scenario: dict[str, Any]) -> None:
    scenario["clusters"].append({"name": "New City", "region": "Far South", "country": "Zed"})
    scenario["sites"].append(plant("Z", "helper", "New City"))
    found = at(scenario, plants=worth_of(scenario, Z=60.0))
    assert found["space.share.capacity.north"] == pytest.approx(0.4)
    assert found["space.share.capacity.far-south"] == pytest.approx(0.6)
    assert found["space.share.capacity.town.north"] == pytest.approx(0.75)
    assert found["space.share.capacity.port.north"] == pytest.approx(0.25)
    assert found["space.hhi.capacity.north"] == pytest.approx(0.75**2 + 0.25**2)
    assert found["space.hhi.capacity"] == pytest.approx(0.3**2 + 0.1**2 + 0.6**2)
    assert found["space.share.sites.north"] == pytest.approx(2 / 3)


def test_a_country_is_the_clusters_or_else_its_regions(scenario: dict[str, Any]) -> None:
    assert at(scenario)["space.countries"] == 2
    del scenario["clusters"][1]["country"]
    assert at(scenario)["space.countries"] == 1


def test_only_sites_that_are_open_on_the_day_count(scenario: dict[str, Any]) -> None:
    scenario["sites"][0]["closes_day"] = 50
    scenario["sites"][1]["opens_day"] = 50
    assert at(scenario, 49)["space.share.capacity.town.north"] == 1
    assert at(scenario, 50)["space.share.capacity.port.north"] == 1


def test_sites_of_firms_that_have_left_do_not_count(scenario: dict[str, Any], rows: Rows) -> None:
    gone = rows("firms", {"day": 50.0, "firm": "helper", "active": 0})
    assert at(scenario, firms=gone)["space.sites"] == 1


def test_plant_and_staff_are_those_of_the_day_where_making_takes_labour(scenario: dict[str, Any], rows: Rows) -> None:
    kept = {"site": "A", "plant_value": 30.0, "employees": 6.0, "open": 1.0}
    plants = rows(
        "plants",
        {**kept, "day": 0.0},
        {**kept, "day": 0.0, "site": "S", "plant_value": 10.0},
        {**kept, "day": 91.0, "plant_value": 10.0, "employees": 1.0},
        {"day": 91.0, "site": "S", "plant_value": 10.0, "employees": 3.0},
    )
    assert at(scenario, 95, plants=plants)["space.share.capacity.town.north"] == pytest.approx(0.5)
    assert at(scenario, 95, plants=plants)["space.share.employment.town.north"] == pytest.approx(0.25)
    assert at(scenario, 90, plants=plants)["space.share.capacity.town.north"] == pytest.approx(0.75)


def test_sites_count_from_the_day_on_which_their_firms_open_them(scenario: dict[str, Any], rows: Rows) -> None:
    built = {"site": "A2", "like": "A", "firm": "maker", "cluster": "Port", "opened_day": 40.0, "closed_day": 70.0}
    left = {"site": "S", "like": "S", "firm": "helper", "cluster": "Port", "opened_day": math.nan, "closed_day": 60.0}
    never = {**built, "site": "A3", "opened_day": math.nan, "closed_day": math.nan}
    grown = with_changes(scenario, {"site_changes": rows("site_changes", built, left, never)})
    assert [at(dict(grown), day)["space.sites"] for day in (39, 40, 59, 60, 69, 70, 100)] == [2, 3, 3, 2, 2, 1, 1]
    assert [site["name"] for site in grown["sites"]] == ["A", "S", "A2", "A3"]
    assert with_changes(scenario, {"site_changes": rows("site_changes")}) is scenario


def test_firms_have_left_from_the_record_that_shows_them_gone(rows: Rows) -> None:
    firms = rows(
        "firms",
        {"firm": "helper", "day": 50, "active": 1},
        {"firm": "helper", "day": 60, "active": 0},
        {"firm": "maker", "day": 60, "active": 1},
    )
    assert firms_gone(firms, 59) == set()
    assert firms_gone(firms, 60) == {"helper"}


def test_a_firm_that_waits_is_not_there_until_it_has_entered(
    rows: Rows, no_rows: Tables, scenario: dict[str, Any]
) -> None:
    firms = rows(
        "firms",
        {"firm": "helper", "day": 0, "active": 0},
        {"firm": "helper", "day": 60, "active": 1},
    )
    assert firms_gone(firms, 59) == {"helper"}
    assert firms_gone(firms, 60) == set()
    next(firm for firm in scenario["firms"] if firm["name"] == "helper")["enters"] = "endogenously"
    values = measured(space, scenario, no_rows)
    assert (values["space.start.sites"], values["space.sites"]) == (1, 2)


def test_a_brand_leader_with_more_than_five_sites_is_described_alone(scenario: dict[str, Any]) -> None:
    scenario["sites"] += [plant(f"B{index}", "maker", "Town") for index in range(4)]
    assert at(scenario)["space.sites"] == 6
    scenario["sites"].append(plant("B4", "maker", "Town"))
    assert at(scenario)["space.sites"] == 6
    assert at(scenario)["space.share.capacity.town.north"] == 1


def test_sites_of_firms_that_it_holds_count_as_its_own(scenario: dict[str, Any]) -> None:
    scenario["firms"] += [
        {"name": "daughter", "owner": "maker", "node_type": "joint-venture"},
        {"name": "partner", "owner": "maker", "node_type": "joint-venture", "equity_share": 0.4},
    ]
    scenario["sites"] += [plant(f"D{index}", "daughter", "Port") for index in range(5)]
    scenario["sites"].append(plant("P", "partner", "Port"))
    assert at(scenario)["space.sites"] == 6


def test_firms_that_own_each_other_end_the_search(scenario: dict[str, Any]) -> None:
    scenario["firms"][0] |= {"owner": "helper", "equity_share": 1.0}
    scenario["firms"][1] |= {"owner": "maker", "equity_share": 1.0}
    assert at(scenario)["space.sites"] == 2


def test_functions_are_concentrated_by_their_sites(scenario: dict[str, Any]) -> None:
    scenario["sites"] += [
        plant("E", "helper", "Port", function="engineering"),
        plant("F", "helper", "Town", function="engineering"),
    ]
    assert at(scenario)["space.hhi.function.engineering"] == 0.5


def test_the_start_is_reported_beside_the_end(scenario: dict[str, Any], no_rows: Tables) -> None:
    scenario["sites"][1]["opens_day"] = 50
    found = measured(space, scenario, no_rows)
    assert (found["space.start.sites"], found["space.sites"]) == (1, 2)
    assert found["space.start.share.sites.town.north"] == 1


def test_a_scenario_without_clusters_has_no_metrics_of_space(scenario: dict[str, Any], no_rows: Tables) -> None:
    for site in scenario["sites"]:
        del site["cluster"]
    assert measured(space, scenario, no_rows) == {}


def test_complexity_goes_with_concentration_over_products_made_at_several_sites(scenario: dict[str, Any]) -> None:
    scenario["products"] = {
        "simple": {"complexity": 0.1},
        "middling": {"complexity": 0.5},
        "hard": {"complexity": 0.9},
        "single": {"complexity": 0.0},
    }
    spread = {"simple": ["Town", "Port"], "middling": ["Town", "Port", "Port", "Port"], "hard": ["Town", "Town"]}
    scenario["sites"] = [
        plant(f"{product}{index}", "helper", cluster) | {"product": product}
        for product, clusters in spread.items()
        for index, cluster in enumerate(clusters)
    ] + [plant("one", "helper", "Town") | {"product": "single"}]
    assert at(scenario)["space.complexity_correlation"] == pytest.approx(1.0)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=15).filter(
        lambda pairs: all(len(set(side)) > 1 for side in zip(*pairs, strict=True))
    )
)
def test_rank_correlation_agrees_with_scipy(pairs: list[tuple[int, int]]) -> None:
    first, second = zip(*pairs, strict=True)
    assert spearman(first, second) == pytest.approx(stats.spearmanr(first, second).statistic)


def test_there_is_no_rank_correlation_where_a_side_does_not_vary() -> None:
    assert math.isnan(spearman([1, 1, 1], [1, 2, 3]))
