"""Rows behind the chart of the bullwhip."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.bullwhip import MOST_SITES, bullwhip_by_tier, site_ratios, tier_ratios
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def series(rows: Rows, demanded: list[float], ordered: list[float]) -> pl.DataFrame:
    pairs = enumerate(zip(demanded, ordered, strict=True))
    return rows("sites", *[{"day": day, "site": "a", "demanded": d, "ordered": o} for day, (d, o) in pairs])


def test_orders_twice_as_wide_as_demand_have_a_ratio_of_four(rows: Rows) -> None:
    sites = series(rows, [0, 9, 11, 9, 11], [0, 8, 12, 8, 12])
    assert site_ratios(sites)["ratio"].to_list() == pytest.approx([4.0])


def test_records_before_the_first_order_do_not_count(rows: Rows) -> None:
    sites = series(rows, [0, 500, 9, 11, 9, 11], [0, 0, 8, 12, 8, 12])
    assert site_ratios(sites)["ratio"].to_list() == pytest.approx([4.0])


@pytest.mark.parametrize("demanded, ordered", [([0, 5, 5, 5], [0, 4, 6, 5]), ([0, 4, 6, 5], [0, 0, 0, 0])])
def test_a_site_without_variation_or_orders_has_no_ratio(
    rows: Rows, demanded: list[float], ordered: list[float]
) -> None:
    assert site_ratios(series(rows, demanded, ordered)).is_empty()


def test_tiers_show_the_metrics_of_the_run(run: Run) -> None:
    found = tier_ratios(run)
    assert found["measured"].all()
    assert found["ratio"].to_list() == [run.metric(f"flow.bullwhip.tier.{tier}") for tier in found["number"]]


def test_a_run_under_way_shows_the_mean_of_its_sites(run: Run) -> None:
    early = dataclasses.replace(run, tables=run.tables | {"metrics": run.metrics.clear()})
    sites = site_ratios(run.sites)
    found = tier_ratios(early)
    assert not found["measured"].any()
    assert found["ratio"][0] == pytest.approx(sites.filter(pl.col("tier") == 0)["ratio"].mean())


def test_sites_of_a_very_big_run_are_not_drawn_one_by_one(run: Run) -> None:
    copies = [run.sites.with_columns(pl.col("site") + f"-{number}") for number in range(MOST_SITES // 40 + 1)]
    many = dataclasses.replace(run, tables=run.tables | {"sites": pl.concat(copies)})
    sizes = [len(rows) for rows in bullwhip_by_tier(many).to_dict()["datasets"].values()]
    assert max(sizes) < 10
