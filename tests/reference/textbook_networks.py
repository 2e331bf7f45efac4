"""Textbook networks as scenarios of gpnde: guaranteed service in a tree, and assembly; a day stands for a period."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from gpnde.scenario import Scenario

from ..theory.chains import ORDER_ON_DEMAND, described
from .textbook import Given, Plain, normal, periodic

MEAN_DEMAND = 10.0
"""Mean demand of a customer of a tree; the book counts only what lies above the mean."""

ROUNDS = 6
"""How often the demand of a tree repeats in a run."""


def stage(number: object) -> str:
    """Return the name of the site that stands for a node."""
    return f"stage {number}"


@dataclass(frozen=True)
class ServiceTree:
    """A tree of stages that each deliver within a committed service time, whatever demand does within its bound.

    Stages are known by the number of their node, as a text; *committed* holds their service times (periods).
    """

    data: Given
    committed: Mapping[str, float]

    @cached_property
    def nodes(self) -> dict[str, Given]:
        """The nodes by name."""
        return {str(node["node"]): node for node in self.data["nodes"]}

    @cached_property
    def covered(self) -> dict[str, float]:
        """The net lead time that a stage covers with stock: inbound service time + processing - committed time."""
        inbound = {name: node.get("external_inbound_cst", 0.0) for name, node in self.nodes.items()}
        for name, node in self.nodes.items():
            for successor in map(str, node["successors"]):
                inbound[successor] = max(inbound[successor], self.committed[name])
        return {name: inbound[name] + self.nodes[name]["processing_time"] - self.committed[name] for name in self.nodes}

    def customers(self, name: str) -> dict[str, float]:
        """Return the stages whose customers' demand reaches a stage, with the standard deviation of that demand."""
        node = self.nodes[name]
        found = {name: float(node["demand"]["sd"])} if "demand" in node else {}
        for successor in map(str, node["successors"]):
            found.update(self.customers(successor))
        return found

    @cached_property
    def safety(self) -> dict[str, float]:
        """The stock above mean demand: the bound on demand over the time covered, sources of demand pooled."""
        return {
            name: node["demand_bound_constant"] * math.hypot(*self.customers(name).values()) * math.sqrt(time)
            for (name, node), time in zip(self.nodes.items(), self.covered.values(), strict=True)
        }

    @cached_property
    def demand(self) -> dict[str, list[float]]:
        """The demand of each customer in one round: it goes to its bound, sd * sqrt(time), and never beyond.

        In each episode demand climbs along the bound for the longest time covered and falls back in one period: first
        that of one customer after the other, then that of all together along the bound of their sum.
        """
        root = next(name for name, node in self.nodes.items() if "external_inbound_cst" in node)
        sds = self.customers(root)
        climb = np.diff(np.sqrt(np.arange(math.ceil(max(self.covered.values())) + 1)))
        episode = np.append(climb, -climb.sum())
        rounds = {}
        for name, sd in sds.items():
            heights = [*(sd * (name == other) for other in sds), sd**2 / math.hypot(*sds.values())]
            rounds[name] = (MEAN_DEMAND + np.outer(heights, episode)).ravel().tolist()
        return rounds

    @property
    def round(self) -> int:
        """Periods after which demand repeats."""
        return len(next(iter(self.demand.values())))

    def scenario(self, safety: Mapping[str, float]) -> Scenario:
        """Return the scenario with these safety stocks.

        A stage orders what it is asked for at once and ships as soon as it can. That is the guaranteed-service model
        where stages that hold stock commit to deliver at once, as in the instances here; one that commits to deliver
        later would have to hold goods until they are due.
        """
        return described(
            {
                "clock": {"days": ROUNDS * self.round, "steps": ORDER_ON_DEMAND},
                "firms": [{"name": "firm"}],
                "sites": [self._site(name, safety[name]) for name in self.nodes],
                "links": [link for name, node in self.nodes.items() for link in _links(name, node)],
                "markets": [_market(name, values) for name, values in self.demand.items()],
                "record": {"every_days": 1},
            }
        )

    def _site(self, name: str, safety: float) -> Plain:
        level = MEAN_DEMAND * len(self.customers(name)) * self.covered[name] + safety
        site = {"name": stage(name), "firm": "firm", "product": "unit", "ordering": periodic("base-stock", level=level)}
        return {**site, "processing": self.nodes[name]["processing_time"]}


def _links(name: str, node: Given) -> list[Plain]:
    """Return the links from a stage to its successors and, if it is the first one, to it from outside."""
    links: list[Plain] = [{"buyer": stage(successor), "supplier": stage(name)} for successor in node["successors"]]
    if "external_inbound_cst" in node:
        links.append({"buyer": stage(name), "product": "unit", "lead_time": node["external_inbound_cst"]})
    return links


def _market(name: str, demand: Sequence[float]) -> Plain:
    law = {"law": "series", "values": demand}
    return {"name": f"customers {name}", "product": "unit", "served_by": [stage(name)], "demand": {"law": law}}


@dataclass(frozen=True)
class Assembly:
    """One unit assembled from one part of each kind, every stage with a base stock of its own."""

    data: Given

    @cached_property
    def final(self) -> Given:
        """The node that assembles and sells."""
        return next(node for node in self.data["nodes"] if "demand" in node)

    @cached_property
    def parts(self) -> list[Given]:
        """The nodes that deliver parts."""
        return [node for node in self.data["nodes"] if node["successors"]]

    def scenario(self) -> Scenario:
        """Return the scenario."""
        product, demand = f"product {self.final['node']}", self.final["demand"]
        market = {"name": "customers", "product": product, "served_by": [stage(self.final["node"])]}
        made_of = {f"product {part['node']}": 1 for part in self.parts}
        return described(
            {
                "clock": {"days": 20_000, "steps": ORDER_ON_DEMAND},
                "products": {product: {"made_of": made_of}, **{name: {} for name in made_of}},
                "firms": [{"name": "firm"}],
                "sites": [_assembly_site(node) for node in self.data["nodes"]],
                "links": [link for part in self.parts for link in self._links(part)],
                "markets": [{**market, "demand": {"law": normal(demand["mean"], demand["sd"])}}],
            }
        )

    def _links(self, part: Given) -> list[Plain]:
        name, product = stage(part["node"]), f"product {part['node']}"
        bought = {"buyer": name, "product": product, "lead_time": part["shipment_lead_time"]}
        used = {"buyer": stage(self.final["node"]), "supplier": name, "lead_time": self.final["shipment_lead_time"]}
        return [bought, used]

    def cost(self) -> float:
        """Return the long-run cost per period.

        A part is short by what demand in its lead time exceeds its base stock by, and assembly waits for the part that
        is shorter; both parts see the same demand. Demand while assembled goods are on their way is independent of it.
        """
        mean, sd = self.final["demand"]["mean"], self.final["demand"]["sd"]
        time, after = self.parts[0]["shipment_lead_time"], self.final["shipment_lead_time"]
        total, spread = time * mean, math.sqrt(time) * sd
        demand = np.linspace(total - 8 * spread, total + 8 * spread, 20_001)
        weight = norm.pdf(demand, total, spread) * (demand[1] - demand[0])
        missing = np.max([np.maximum(0.0, demand - part["base_stock_level"]) for part in self.parts], axis=0)
        left = self.final["base_stock_level"] - missing
        short = float(weight @ mean_excess(after * mean, math.sqrt(after) * sd, left))
        held = float(weight @ left) - after * mean + short
        parts = sum(part["local_holding_cost"] * held_part(part, total, spread) for part in self.parts)
        return float(self.final["local_holding_cost"] * held + self.final["stockout_cost"] * short + parts)


def _assembly_site(node: Given) -> Plain:
    return {
        "name": stage(node["node"]),
        "firm": "firm",
        "product": f"product {node['node']}",
        "stock": node["initial_inventory"],
        "holding_cost": node["local_holding_cost"],
        "stockout_cost": node["stockout_cost"],
        "ordering": periodic("base-stock", level=node["base_stock_level"]),
    }


def mean_excess(mean: float, sd: float, above: Any) -> NDArray[np.float64]:
    """Return E[max(0, X - above)] of a normal X for a number or an array of thresholds."""
    z = (np.asarray(above, dtype=np.float64) - mean) / sd
    return np.asarray(sd * (norm.pdf(z) - z * norm.sf(z)))


def held_part(part: Given, mean: float, sd: float) -> float:
    """Return the mean stock of a part, given the law of demand in its lead time."""
    level = float(part["base_stock_level"])
    return level - mean + float(mean_excess(mean, sd, level))
