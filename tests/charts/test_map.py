"""The map: what is shown of the world, which clusters, which flows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.map import cluster_rows, map_of_clusters
from gpnde.charts.map_layout import MOST_FLOWS, Flow, arc_rows, flows_between, land_rows, view_of
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
        longitude, latitude = view.place(x, y)
        assert ((longitude - point[0] + 180) % 360 - 180, latitude) == pytest.approx((0, point[1]), abs=1e-6)
    assert 250 < view.height < 450


def test_pacific_is_in_the_middle_for_asia_and_america() -> None:
    view = view_of([(-120, 37), (-95, 40), (100, 14), (139, 36)])
    assert view.east - view.west < 215
    assert (view.west + view.east) / 2 % 360 == pytest.approx(182.5)
    assert view.at(100, 14)[0] < view.at(139, 36)[0] < view.at(-120, 37)[0] < view.at(-95, 40)[0]


def test_whole_world_is_shown_once() -> None:
    view = view_of([(longitude, 0.0) for longitude in range(-180, 180, 10)])
    assert view.east - view.west < 360


def test_flow_that_leaves_the_map_comes_in_again_at_the_other_side() -> None:
    view = view_of([(-120, 37), (-95, 40), (-8, 53), (100, 14), (139, 36)])
    rows = pl.DataFrame(arc_rows([Flow("cork", "bangkok", 5.0, 1)], {"cork": (-8, 53), "bangkok": (100, 14)}, view))
    assert rows["piece"].n_unique() == 2 and rows["flow"].n_unique() == 1
    first, second = (rows.filter(pl.col("piece") == piece)["longitude"] for piece in ("0-0", "0-1"))
    assert first[0] == pytest.approx(view.unwrapped(-8)) and second[-1] == pytest.approx(view.unwrapped(100))
    assert first.max() > view.east and second.min() < view.west  # type: ignore[operator]


def test_circles_lie_where_their_clusters_do(full_run: Run) -> None:
    spec = map_of_clusters(full_run).to_dict()
    drawn = [row for rows in spec["datasets"].values() for row in rows if "sites" in row]
    assert drawn and all(abs((row["x"] - row["longitude"] + 180) % 360 - 180) < 1e-9 for row in drawn)
    assert all(row["y"] == pytest.approx(row["latitude"]) for row in drawn)


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
    assert 1000 < whole.height < 2300
    assert whole["latitude"].abs().max() <= 90  # type: ignore[operator]
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
