"""Flows in Sankey diagrams: nothing is lost, and what cannot be added is not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.groups import groups_of_firms, groups_of_sites
from gpnde.charts.ribbons import MOST_BARS, OTHERS, laid_out, merged
from gpnde.charts.sankey import DONE, STALE, WAITS, goods_flows, knowledge_rows, trade_flows, value_flows
from gpnde.errors import ResultsError
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def flows(*given: tuple[int, str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(given, schema=["stage", "source", "target", "amount"], orient="row")


@pytest.mark.parametrize("by", ["tier", "country", "cluster"])
def test_value_is_quantity_at_its_price_however_it_is_grouped(run: Run, by: str) -> None:
    links = run.links.filter(pl.col("supplier") != "outside")
    whole = (links["shipped"] * links["price"].fill_null(0.0)).sum()
    assert trade_flows(run, by, in_money=True)["amount"].sum() == pytest.approx(whole)  # type: ignore[arg-type]


def test_each_product_counts_the_same_in_goods(run: Run) -> None:
    one = dict(
        trade_flows(run, "tier", in_money=False).select(pl.col("source") + pl.col("target"), "amount").iter_rows()
    )
    half = pl.when(pl.col("product") == "motor").then(pl.col("shipped") * 1000).otherwise(pl.col("shipped"))
    scaled = dataclasses.replace(run, tables=run.tables | {"links": run.links.with_columns(half.alias("shipped"))})
    other = trade_flows(scaled, "tier", in_money=False).select(pl.col("source") + pl.col("target"), "amount")
    assert dict(other.iter_rows()) == pytest.approx(one)


def test_knowledge_that_comes_in_has_a_fate(run: Run) -> None:
    rows = knowledge_rows(run, "tier")
    came, went = (rows.filter(stage=stage)["amount"].sum() for stage in (0, 1))
    assert came == pytest.approx(went)
    assert set(rows.filter(stage=1)["target"]) == {DONE, STALE, WAITS}


def test_small_groups_are_put_together_without_losing_anything() -> None:
    given = flows(*[(0, f"s{number:02}", "t", float(number)) for number in range(1, 21)])
    found = merged(given)
    assert found["source"].n_unique() == MOST_BARS and OTHERS in found["source"]
    assert found["amount"].sum() == given["amount"].sum()


def test_ribbons_fill_their_bars_at_both_ends() -> None:
    ribbons = laid_out(merged(flows((0, "a", "x", 3.0), (0, "a", "y", 1.0), (0, "b", "x", 2.0))))
    thick = ribbons.points.with_columns(thick=pl.col("high") - pl.col("low"))
    for stage, side, place in ((0, "source", pl.col("x").min()), (1, "target", pl.col("x").max())):
        ends = thick.filter(pl.col("x") == place.over("ribbon")).group_by(side).agg(pl.col("thick").sum())
        bars = ribbons.bars.filter(stage=stage).select("name", height=pl.col("high") - pl.col("low"))
        assert dict(ends.iter_rows()) == pytest.approx(dict(bars.iter_rows()))


def test_sites_and_firms_have_a_group_of_every_kind(run: Run) -> None:
    for by in ("tier", "country", "cluster"):
        assert set(groups_of_sites(run, by)) == {site["name"] for site in run.scenario["sites"]}
        assert set(groups_of_firms(run, by)) == {firm["name"] for firm in run.scenario["firms"]}


def test_what_nothing_can_be_grouped_by_is_refused(run: Run) -> None:
    with pytest.raises(ResultsError, match="by 'tyre': unknown: did you mean 'tier'|by 'tyre'"):
        goods_flows(run, "tyre")  # type: ignore[arg-type]


def test_goods_without_a_price_have_no_value(run: Run) -> None:
    free = run.links.with_columns(price=pl.lit(None, pl.Float64))
    chart = value_flows(dataclasses.replace(run, tables=run.tables | {"links": free}))
    assert "has a price" in chart.to_dict()["description"]
