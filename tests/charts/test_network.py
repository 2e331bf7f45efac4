"""The chart of the network says in words what it draws, and shows its state on any day."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.charts.layout import BOW_POINTS, bow_rows, edge_rows, links_on, network_of
from gpnde.charts.network import network_by_tier, state_rows
from gpnde.charts.state import CLOSED, OUT, WORKS, site_states
from gpnde.results.run import Run
from tests.charts.said import heading_of


def states_on(run: Run, day: float) -> dict[str, str]:
    rows: list[Any] = site_states(run, day).select("site", "state").rows()
    return dict(rows)


def test_the_description_counts_sites_tiers_links_and_what_is_out(run: Run) -> None:
    inside = run.links.filter(run.links["supplier"] != "outside")
    ended = (inside["status"] == "ended").sum()
    out = run.sites.filter((pl.col("day") == 728) & (pl.col("up") == 0)).height
    description = network_by_tier(run).to_dict()["description"]
    said = f"Network of 40 sites in 4 tiers with {inside.height} links, of which {ended} ended; {out} sites are out"
    assert out and description.endswith(f"{said} of order.")


def test_a_group_is_called_a_group(run: Run, big_run: Run) -> None:
    assert "A point is a site," in heading_of(network_by_tier(run).to_dict())
    assert "A point is all sites of a tier in a region" in heading_of(network_by_tier(big_run).to_dict())


def test_sites_stand_as_the_last_record_before_the_day_says(run: Run) -> None:
    recorded = run.sites.filter(pl.col("day") == 35)
    expected = {site: WORKS if up else OUT for site, up in recorded.select("site", "up").iter_rows()}
    assert OUT in expected.values()
    assert states_on(run, 36.5) == expected


def test_a_site_is_closed_before_it_opens_and_when_its_firm_has_left(run: Run) -> None:
    assert states_on(run, 7)["site-5"] == CLOSED
    assert states_on(run, 42)["site-5"] in (WORKS, OUT)
    owner = run.scenario["sites"][-1]["firm"]
    gone = run.firms.filter((pl.col("firm") == owner) & (pl.col("active") == 0))
    assert states_on(run, gone["day"].min())["site-39"] == CLOSED  # type: ignore[arg-type]


def test_links_that_begin_later_are_not_drawn_and_those_that_end_later_are_whole(run: Run) -> None:
    links = run.links.head(3).with_columns(
        opened_day=pl.Series([0.0, 0.0, 300.0]), closed_day=pl.Series([100.0, None, None])
    )
    assert links_on(links, 99).select("status").rows() == [("active",), ("active",)]
    assert links_on(links, 100).select("status").rows() == [("ended",), ("active",)]
    assert links_on(links, 300).height == 3


def test_groups_add_up_the_sites_that_work(big_run: Run) -> None:
    network = network_of(big_run)
    rows = state_rows(network, site_states(big_run))
    last = big_run.sites.filter(pl.col("day") == pl.col("day").max())
    closed = big_run.firms.filter((pl.col("day") == pl.col("day").max()) & (pl.col("active") == 0))["firm"]
    there = last.filter(~pl.col("firm").is_in(closed.to_list()))
    assert rows["working"].sum() == there["up"].sum()
    assert rows["on_hand"].sum() == pytest.approx(last["on_hand"].sum())


def test_arcs_inside_a_column_begin_and_end_at_their_sites() -> None:
    edge = {"supplier": "a", "buyer": "b", "x": -1.0, "y": 0.2, "x2": -1.0, "y2": 0.8}
    arc = bow_rows(pl.DataFrame([edge]))
    assert arc.height == BOW_POINTS
    assert arc.select("x", "y").row(0) == (-1.0, 0.2)
    assert arc.select("x", "y").row(-1) == (-1.0, 0.8)
    assert arc["x"].min() < -1.05  # type: ignore[operator]


def test_a_network_without_shipments_has_lines_of_some_width(bare_run: Run) -> None:
    assert edge_rows(network_of(bare_run)).is_empty()
    assert "Network of 40 sites" in network_by_tier(bare_run).to_dict()["description"]
