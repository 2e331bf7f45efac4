"""What learning costs: a network with all mechanisms of diffusion beside the same network without knowledge.

Run ``python -m benchmarks.learning`` from the root of a checkout. Both runs are taken in turn, so that their ratio
says something on a busy machine too.
"""

from __future__ import annotations

from typing import Any

from benchmarks.measure import loop_alone, peak_memory, ratio_in_turn, timed, whole_run
from gpnde.scenario import Scenario
from gpnde.scenario.generate import generate
from gpnde.vocabulary import YEAR_DAYS

MECHANISMS = (
    "cluster-pool",
    "design-debate",
    "digital-convergence",
    "early-involvement",
    "fdi-affiliate",
    "imitation",
    "joint-creation",
    "labour-mobility",
    "learning-by-doing",
    "licensing",
    "market-information",
    "peer-network",
    "progressive-transfer",
    "spec-transfer",
)
"""All fourteen, with their usual parameters."""

PEER_DEGREE = 4
"""Ties of each firm in the peer network, which has none by itself."""

AFFILIATE_EVERY = 10
"""Every tenth firm below the flagships belongs to a flagship, so that there are affiliates."""


LIFE_CYCLE_DAYS = 182.0
"""Length of product generations, which one mechanism needs; without price erosion they leave the flow alone."""


def learning_network(firms: int, days: float, learns: bool) -> Scenario:
    """Return a generated network in four tiers, with knowledge and all mechanisms, or with neither."""
    plain = generate(f"learning-{firms}", firms)
    changes = {"clock": plain.clock.model_copy(update={"days": days}), "components": ()}
    document = plain.model_copy(update=changes).model_dump()
    for product in document["products"].values():
        product["life_cycle_days"] = LIFE_CYCLE_DAYS
    for link in document["links"]:
        link["information_sharing"] = True
    give_owners(document["firms"])
    countries = sorted({cluster.country for cluster in plain.clusters if cluster.country})
    document["countries"] = [{"name": name, "institutions": 0.2} for name in countries]
    if learns:
        document |= {"knowledge": {}, "components": [use(name) for name in MECHANISMS]}
    return Scenario.model_validate(document)


def give_owners(firms: list[dict[str, Any]]) -> None:
    """Give flagships half of the equity of every tenth firm below them."""
    parents = [firm["name"] for firm in firms if firm["tier"] == 0]
    for number, firm in enumerate(firms):
        if firm["tier"] > 0 and number % AFFILIATE_EVERY == 0:
            firm |= {"owner": parents[number % len(parents)], "equity_share": 0.5}


def use(mechanism: str) -> dict[str, object]:
    """Return what a scenario says to use a mechanism of diffusion."""
    block: dict[str, object] = {"use": f"diffusion.{mechanism}"}
    return block | {"degree": PEER_DEGREE} if mechanism == "peer-network" else block


def memory(firms: int, days: float) -> float:
    """Return the peak memory of a run with all mechanisms (MB)."""
    code = "from benchmarks.learning import learning_network; from gpnde.engine import simulate; "
    return peak_memory(code + f"simulate(learning_network({firms}, {days}, True))") / 1024


def main() -> None:
    """Print what learning costs."""
    timed(learning_network(100, 91, True))
    learns, flows = (learning_network(1_000, 10 * YEAR_DAYS, learns) for learns in (True, False))
    for measure, title in ((whole_run, "whole run"), (loop_alone, "simulation loop")):
        ratio = ratio_in_turn(measure, learns, flows)
        print(f"1,000 firms, 10 years, all mechanisms, {title}: {ratio:.2f} times the flow alone")
    print(f"10,000 firms, 1 year, all mechanisms: {memory(10_000, 364):.0f} MB at most")


if __name__ == "__main__":
    main()
