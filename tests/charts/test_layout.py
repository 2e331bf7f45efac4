"""Layout of the network: columns by tier, groups that keep every site and unit, neighbours level."""

from __future__ import annotations

import dataclasses
from typing import Any

from gpnde.charts.layout import (
    MOST_LINKS,
    MOST_REGIONS,
    MOST_SITES,
    OTHER,
    Edge,
    Network,
    Node,
    edge_rows,
    group,
    largest_regions,
    network_of,
    node_rows,
    place,
)
from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.run import Run
from gpnde.results.tables import make_table


def node(name: str, tier: int = 0, region: str = "Asia", shipped: float = 1.0) -> Node:
    return Node(name, tier, region, 1, shipped)


def test_every_site_of_a_small_run_is_a_node_in_the_column_of_its_tier(run: Run) -> None:
    network = network_of(run)
    tiers = {firm["name"]: firm["tier"] for firm in run.scenario["firms"]}
    assert {one.name: one.tier for one in network.nodes} == {
        site["name"]: tiers[site["firm"]] for site in run.scenario["sites"]
    }
    assert not network.grouped


def test_goods_from_outside_are_not_drawn(run: Run) -> None:
    assert "outside" in run.links["supplier"].to_list()
    assert all(edge.supplier != "outside" for edge in network_of(run).edges)


def test_a_big_run_is_grouped_by_tier_and_region_and_keeps_every_site(big_run: Run) -> None:
    network = network_of(big_run)
    assert network.grouped
    assert sum(one.sites for one in network.nodes) == len(big_run.scenario["sites"]) > MOST_SITES
    inside = big_run.links.filter(big_run.links["supplier"] != "outside")
    assert sum(edge.links for edge in network.edges) == inside.height


def test_groups_add_up_what_they_hold() -> None:
    nodes = [node("a", 1, shipped=2), node("b", 1, shipped=3), node("c", 0), node("d", 1, "Europe")]
    edges = [Edge("a", "c", 5, 1, 0), Edge("b", "c", 7, 2, 1), Edge("outside", "a", 9, 1, 0)]
    groups, between = group(nodes, edges)
    assert {one.name: (one.sites, one.shipped) for one in groups} == {
        "tier 0, Asia": (1, 1),
        "tier 1, Asia": (2, 5),
        "tier 1, Europe": (1, 1),
    }
    assert between == [Edge("tier 1, Asia", "tier 0, Asia", 12, 3, 1)]


def test_small_regions_count_as_other() -> None:
    names = [f"r{index:02}" for index in range(MOST_REGIONS + 2)]
    assert largest_regions([*names, *names[2:], ""]) == names[2:]


def test_sites_outside_the_largest_regions_are_in_other(run: Run) -> None:
    nowhere = [site | {"cluster": None} for site in run.scenario["sites"]]
    elsewhere = dataclasses.replace(run, scenario=run.scenario | {"sites": nowhere})
    assert {one.region for one in network_of(elsewhere).nodes} == {OTHER}


def test_suppliers_stand_level_with_their_buyers() -> None:
    nodes = [node("top", 0, "A"), node("low", 0, "B"), node("for-low", 1), node("for-top", 1)]
    edges = [Edge("for-low", "low", 1, 1, 0), Edge("for-top", "top", 1, 1, 0)]
    height = {one.name: one.y for one in place(nodes, edges)}
    assert height["for-low"] == height["low"]
    assert height["for-top"] == height["top"]


def test_heights_fill_each_column_evenly() -> None:
    placed = place([node("a"), node("b"), node("c", 1)], [])
    assert [one.y for one in placed] == [0.25, 0.75, 0.5]


def test_the_smallest_links_are_left_out_and_counted(run: Run) -> None:
    names = [site["name"] for site in run.scenario["sites"]]
    pairs = [(supplier, buyer) for supplier in names for buyer in names] * 2
    count = len(names) ** 2
    assert count < MOST_LINKS
    network = network_of(with_links(run, pairs))
    assert (len(network.edges), network.left_out) == (count, 0)


def test_more_links_than_can_be_drawn_are_counted(big_run: Run) -> None:
    sites = big_run.scenario["sites"][:MOST_SITES]
    names = [site["name"] for site in sites]
    pairs = [(supplier, buyer) for supplier in names[:10] for buyer in names]
    smaller = dataclasses.replace(big_run, scenario=big_run.scenario | {"sites": sites})
    network = network_of(with_links(smaller, pairs))
    assert (len(network.edges), network.left_out) == (MOST_LINKS, len(pairs) - MOST_LINKS)
    assert min(edge.quantity for edge in network.edges) == network.left_out


def with_links(run: Run, pairs: list[tuple[str, str]]) -> Run:
    """Return the run with a link per pair, each of which sent one unit more than the one before."""
    blank = {column: [""] if column in TEXT_COLUMNS else [0.0] for column in TABLES["links"]}
    columns: dict[str, Any] = {column: values * len(pairs) for column, values in blank.items()}
    columns |= {"supplier": [pair[0] for pair in pairs], "buyer": [pair[1] for pair in pairs]}
    columns["shipped"] = list(range(len(pairs)))
    return dataclasses.replace(run, tables=run.tables | {"links": make_table("links", columns)})


def test_rows_of_nodes_run_from_suppliers_to_the_flagship() -> None:
    network = Network([node("a", 0), node("b", 2)], [], False, 0)
    assert node_rows(network).select("name", "x", "label").rows() == [("a", 0, "a"), ("b", -2, "b")]


def test_rows_of_groups_are_labelled_with_their_number_of_sites() -> None:
    network = Network([Node("tier 1, Asia", 1, "Asia", 12, 0.0)], [], True, 0)
    assert node_rows(network)["label"].to_list() == ["12 sites"]


def test_rows_of_links_join_both_ends_and_tell_ended_ones() -> None:
    nodes = [node("a", 0)._replace(y=0.2), node("b", 1)._replace(y=0.8)]
    rows = edge_rows(Network(nodes, [Edge("b", "a", 3, 2, 1), Edge("a", "b", 3, 2, 2)], False, 0))
    assert rows.select("x", "y", "x2", "y2", "state").rows() == [
        (-1, 0.8, 0, 0.2, "active"),
        (0, 0.2, -1, 0.8, "ended"),
    ]
