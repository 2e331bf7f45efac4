"""Plants that give way: to a cheaper place, or to sisters that stand idle, and never at once."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.engine.simulate import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario

from ...places import WITHOUT_PULLS, given, part, two_places, with_row


def happened(run: Run, kind: str) -> list[tuple[float, str]]:
    """Return day and site of the events of a kind."""
    rows = run.tables["events"].filter(pl.col("kind") == kind).select("day", "site")
    return [(float(day), str(site)) for day, site in rows.iter_rows()]


def test_a_plant_moves_where_wages_are_low_and_sells_on() -> None:
    run = simulate(two_places(), seed=1)
    [(opened, site)] = happened(run, "site_opened")
    assert site == "lead part south"
    assert happened(run, "site_closed") == [(opened, "plant")]
    assert run.metric("flow.fill_rate") > 0.9
    assert max(run.conservation.values()) <= 1e-9


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "change",
    [
        {"location": {"coordination": 5.0}, "products": part(complexity=0.9)},
        {"location": {"severance_days": 3000}},
        {"clusters": [{"name": "north", "wage_per_day": 10}, {"name": "south", "wage_per_day": 10}]},
    ],
)
def test_a_plant_stays_where_going_saves_nothing(change: dict[str, Any]) -> None:
    location = change.pop("location", None)
    scenario = two_places(location, **change)
    assert [happened(simulate(scenario, seed=seed), "site_closed") for seed in range(4)] == [[]] * 4


def test_a_firm_without_means_stays_where_it_is() -> None:
    rules: dict[str, Any] = {"links": _links(price=11.0), "clock": {"days": 1000}}
    poor = with_row("firms", "lead", cash=1e4, credit_months=0)
    assert happened(simulate(two_places(**rules), seed=1), "site_planned") == [(728.0, "lead part south")]
    assert happened(simulate(two_places(firms=poor, **rules), seed=1), "site_planned") == []


def _links(**more: Any) -> list[dict[str, Any]]:
    return [{**given()["links"][0], **more}]


@pytest.mark.thorough
def test_not_all_who_gain_go_at_the_first_review() -> None:
    planned = [happened(simulate(two_places(), seed=seed), "site_planned")[0][0] for seed in range(12)]
    assert len(set(planned)) > 2


def test_a_dear_plant_gives_way_to_a_sister_that_stands_idle() -> None:
    scenario = _with_sister()
    run = simulate(scenario, seed=1)
    closed = happened(run, "site_closed")
    assert [site for _, site in closed] == ["plant"]
    assert happened(run, "site_planned") == []
    assert run.metric("flow.fill_rate") > 0.9


def _with_sister() -> Scenario:
    sites = given()["sites"]
    sister = {"name": "sister", "firm": "lead", "product": "part", "cluster": "south", "capacity_per_day": 150}
    shares = [{**_links()[0], "supplier": name, "share": 0.5} for name in ("plant", "sister")]
    return two_places(WITHOUT_PULLS, sites=[*sites, sister], links=shares)


def test_growth_goes_where_it_costs_less() -> None:
    scenario = two_places(demand=118.0)
    planned = [happened(simulate(scenario, seed=seed), "site_planned") for seed in range(4)]
    assert all(rows and rows[0][1] == "lead part south" for rows in planned)


def test_who_makes_a_product_does_not_give_way_to_who_sells_it() -> None:
    shop = {"name": "shop", "firm": "lead", "product": "part", "cluster": "south", "function": "sales_distribution"}
    links = [{"buyer": "hq", "supplier": "shop"}, {"buyer": "shop", "supplier": "plant"}]
    sites = [*with_row("sites", "plant", capacity_per_day=300), {**shop, "capacity_per_day": 500}]
    rules = {"coordination": 5, "severance_days": 0}
    blocks: dict[str, Any] = {"sites": sites, "links": links, "products": part(complexity=1), "clock": {"days": 900}}
    run = simulate(two_places(rules, **blocks), seed=1)
    assert happened(run, "site_closed") == [(728.0, "shop")]
    assert "plant" not in run.links.filter(pl.col("buyer") == "hq")["supplier"].to_list()
    assert run.metric("flow.fill_rate") > 0.9
