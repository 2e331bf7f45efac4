"""The map: what is shown of the world, which clusters, which flows."""

from __future__ import annotations

import math
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.labels import Spot
from gpnde.charts.map import cluster_rows, map_of_clusters
from gpnde.charts.map_layout import ARC_POINTS, MOST_FLOWS, apart, arc, flows_between, heading, land_rows, view_of
from gpnde.charts.state import site_states
from gpnde.charts.theme import WIDTH
from gpnde.results.run import Run

places = st.tuples(st.floats(-170, 170), st.floats(-55, 70))


@given(st.lists(places, min_size=1, max_size=10))
def test_every_place_lies_inside_the_picture_and_comes_back(points: list[tuple[float, float]]) -> None:
    view = view_of(points)
    for point in points:
        x, y = view.at(*point)
        assert 0 < x < WIDTH and 0 < y < view.height
        assert view.place(x, y) == pytest.approx(point)
    assert 250 < view.height < 450


@given(st.lists(st.builds(Spot, st.floats(200, 500), st.floats(100, 300), st.floats(3, 12)), max_size=8))
def test_points_are_moved_apart(spots: list[Spot]) -> None:
    for one, other in combinations(apart(spots), 2):
        assert math.dist(one[:2], other[:2]) > 0.8 * (one.radius + other.radius)


def test_points_that_are_apart_stay() -> None:
    spots = [Spot(0, 0, 5), Spot(50, 0, 5)]
    assert apart(spots) == spots


def test_there_and_back_are_two_arcs() -> None:
    there, back = arc((0, 0), (100, 0)), arc((100, 0), (0, 0))
    middle = ARC_POINTS // 2
    assert there[middle][1] == -back[middle][1] != 0
    assert heading(there) == pytest.approx(90) and heading(back) == pytest.approx(-90)


def test_flows_inside_a_cluster_and_from_outside_are_left_out(run: Run) -> None:
    homes = {site["name"]: site["cluster"] for site in run.scenario["sites"]}
    flows = flows_between(run.links, homes)
    inside = run.links.filter(pl.col("supplier") != "outside").with_columns(
        there=pl.col("supplier").replace_strict(homes), here=pl.col("buyer").replace_strict(homes)
    )
    between = inside.filter(pl.col("there") != pl.col("here"))
    assert len(flows) < MOST_FLOWS
    assert sum(flow.quantity for flow in flows) == pytest.approx(between["shipped"].sum())
    assert sum(flow.links for flow in flows) == between.height


def test_land_is_few_points_all_on_the_globe_and_no_outline_crosses_the_date_line() -> None:
    whole = land_rows(view_of([(-170, -55), (170, 70)]))
    assert 1000 < whole.height < 2000
    assert whole["longitude"].abs().max() <= 180 and whole["latitude"].abs().max() <= 90  # type: ignore[operator]
    jumps = whole.group_by("ring", maintain_order=True).agg(pl.col("longitude").diff().abs().max())
    assert jumps["longitude"].max() < 180  # type: ignore[operator]


def test_a_part_of_the_world_has_less_land() -> None:
    near = land_rows(view_of([(100, 10), (105, 2)]))
    assert 0 < near.height < land_rows(view_of([(-170, -55), (170, 70)])).height


def test_only_clusters_that_have_a_place_are_shown(full_run: Run) -> None:
    rows = cluster_rows(full_run, site_states(full_run))
    assert sorted(rows["cluster"]) == ["Bangkok", "Londonderry", "Singapore", "Wuxi"]
    homes = [site["cluster"] for site in full_run.scenario["sites"]]
    assert dict(rows.select("cluster", "sites").iter_rows()) == {name: homes.count(name) for name in rows["cluster"]}


def test_the_description_counts_clusters_and_says_where_sites_are_out(full_run: Run) -> None:
    out = full_run.sites.filter((pl.col("day") == 728) & (pl.col("up") == 0))["cluster"].to_list()
    said = map_of_clusters(full_run).to_dict()["description"]
    assert said.startswith("Map of 4 clusters with")
    assert all((name in said) == (name in out) for name in ("Bangkok", "Londonderry", "Singapore", "Wuxi"))


def test_without_places_the_map_says_so(run: Run) -> None:
    said = map_of_clusters(run).to_dict()["description"]
    assert said == "Map of clusters: No cluster with sites has a latitude and a longitude."
