"""Service times that cost the least: by stockpyl on trees, by a local search from there on other networks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gpnde.extras import require_extra
from gpnde.study.safety_stock.stages import Stage, cost, inbound

_LEAST_GAIN = 1e-12


def solve(stages: Sequence[Stage], safety_factor: float) -> tuple[dict[str, int], bool]:
    """Return the service time of each stage (ticks), and whether they are proven to cost the least.

    A network without circles, also when directions are left out, is a tree, for which stockpyl's dynamic programme is
    exact (Graves and Willems, 2000). From others the links that close circles are left out at first; what comes of it
    is then improved stage by stage, counting all links, until no change of one stage saves anything.

    Raises
    ------
    MissingExtra
        The extra ``safety-stock`` is not installed.
    """
    require_extra("safety-stock", "stockpyl")
    links = [(supplier, each.name) for each in stages for supplier in each.suppliers]
    kept = _without_circles(links)
    service: dict[str, int] = {}
    for part in _parts(stages, kept):
        service |= _solve_tree(part, kept, safety_factor)
    if len(kept) == len(links):
        return service, True
    starts = (service, {each.name: 0 for each in stages}, {each.name: 10**9 for each in stages})
    found = [_improved(stages, _possible(stages, start), safety_factor) for start in starts]
    return min(found, key=lambda each: cost(stages, each, safety_factor)), False


def _without_circles(links: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the links in their order, without those that join what others join already."""
    root: dict[str, str] = {}

    def root_of(name: str) -> str:
        while root.get(name, name) != name:
            name = root[name]
        return name

    kept = []
    for supplier, buyer in links:
        ends = root_of(supplier), root_of(buyer)
        if ends[0] != ends[1]:
            root[ends[0]] = ends[1]
            kept.append((supplier, buyer))
    return kept


def _parts(stages: Sequence[Stage], links: Sequence[tuple[str, str]]) -> Iterator[list[Stage]]:
    """Yield stages that hang together, each once."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(each.name for each in stages)
    graph.add_edges_from(links)
    for names in networkx.connected_components(graph):
        yield [each for each in stages if each.name in names]


def _solve_tree(stages: Sequence[Stage], links: Sequence[tuple[str, str]], safety_factor: float) -> dict[str, int]:
    from stockpyl.gsm_tree import optimize_committed_service_times, preprocess_tree

    numbers = {each.name: place for place, each in enumerate(stages)}
    tree = _tree(stages, [(numbers[a], numbers[b]) for a, b in links if a in numbers], safety_factor)
    # A unit downstream may take several units here, which stockpyl does not know: the cost of holding stands in for
    # the spread of demand, with which it is multiplied.
    for node in preprocess_tree(tree).nodes:
        counted = float(node.net_demand_standard_deviation)
        own = stages[node.index]
        tree.nodes_by_index[node.index].local_holding_cost = own.holding * (own.sd / counted if counted else 1.0)
    found, _ = optimize_committed_service_times(tree)
    return {each.name: int(found[place]) for place, each in enumerate(stages)}


def _tree(stages: Sequence[Stage], links: Sequence[tuple[int, int]], safety_factor: float) -> Any:
    from stockpyl.demand_source import DemandSource
    from stockpyl.supply_chain_network import SupplyChainNetwork
    from stockpyl.supply_chain_node import SupplyChainNode

    tree = SupplyChainNetwork()
    sells = {supplier for supplier, _ in links}
    for place, each in enumerate(stages):
        node = SupplyChainNode(place)
        node.processing_time, node.local_holding_cost = each.time, each.holding
        node.demand_bound_constant = safety_factor
        node.external_inbound_cst, node.external_outbound_cst = 0, each.due
        ends = each.due is not None or place not in sells
        kind = {"type": "N", "mean": each.mean, "standard_deviation": each.sd} if ends else {}
        node.demand_source = DemandSource(**kind)
        tree.add_node(node)
    tree.add_edges_from_list(list(links))
    return tree


def _possible(stages: Sequence[Stage], service: Mapping[str, int]) -> dict[str, int]:
    """Return service times cut to what suppliers and markets allow; *stages* come upstream first."""
    found: dict[str, int] = {}
    for each in stages:
        longest = inbound(each, found) + each.time
        found[each.name] = min(service[each.name], longest, longest if each.due is None else each.due)
    return found


def _improved(stages: Sequence[Stage], service: dict[str, int], safety_factor: float) -> dict[str, int]:
    """Return service times that no change of one stage, to which others give way, makes cheaper."""
    best, least = service, math.inf
    while (now := cost(stages, best, safety_factor)) < least - _LEAST_GAIN:
        least = now
        for each in stages:
            best = _improved_at(each, stages, best, safety_factor)
    return best


def _improved_at(
    stage: Stage, stages: Sequence[Stage], service: dict[str, int], safety_factor: float
) -> dict[str, int]:
    """Return service times with the cheapest one of a *stage*, its present one if no other saves anything."""
    best, least = service, cost(stages, service, safety_factor)
    for ticks in range(inbound(stage, service) + stage.time + 1):
        tried = _possible(stages, {**service, stage.name: ticks})
        now = cost(stages, tried, safety_factor)
        if now < least - _LEAST_GAIN:
            best, least = tried, now
    return best
