"""What an economy costs: a network with money, prices, plant, rivals and knowledge beside its flow of goods alone.

Run ``python -m benchmarks.economy`` from the root of a checkout. Both runs are taken in turn, so that their ratio
says something on a busy machine too.
"""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.learning import LIFE_CYCLE_DAYS, MECHANISMS, give_owners, use
from benchmarks.measure import loop_alone, peak_memory, ratio_in_turn, timed, whole_run
from gpnde.scenario import Scenario
from gpnde.scenario.generate import CLUSTERS, generate
from gpnde.vocabulary import YEAR_DAYS

DAYS = 10 * YEAR_DAYS
PAIRS = 3
SIZES = {250: DAYS, 1_000: DAYS, 4_000: DAYS / 5}
"""Firms, and how long their memory is watched (days)."""

RARE = ("digital-convergence", "joint-creation", "licensing")
"""Mechanisms that the preset of a small open economy does without."""

FINAL = "final-product"
MEAN_WAGE = 40.0
WAGE_SPREAD = 0.3
"""Exponent of a wage relative to the mean; with all of the spread, firms where wages are high would not last."""

CAPACITY = 1.5
"""Capacity over that of the generator; about half is used then."""

LABOUR_DAYS = 0.1
PLANT_COST = 2_500.0
"""Value of plant for a unit a day (money)."""

ECONOMY: dict[str, Any] = {
    "labour": {"normal_load": 0.5},
    "pricing": {"rule": "bargaining", "idle_load": 0.1, "load_range": 0.25},
    "selection": {"threshold": 0.3, "minimum_cash_months": 0, "certification": 28},
    "finance": {},
    "location": {"review_days": 91},
    "knowledge": {},
}
"""Rules with which nine firms of ten are still there after ten years, so that there is work for all mechanics."""


def network(firms: int, days: float = DAYS, has_economy: bool = True) -> Scenario:
    """Return a generated network in four tiers whose flagships share a market, with its economy or the flow alone.

    Neither keeps order lines, whatever the size, so that the memory of both is that of state, events and series.
    """
    places = [one.model_copy(update={"wage_per_day": _wage(one.wage_per_day)}) for one in CLUSTERS]
    plain = generate(f"economy-{firms}", firms, clusters=places)
    document = plain.model_dump(exclude_unset=True, exclude={"selection", "finance"})
    document |= {"clock": {"days": days}, "record": {"orders": False}}
    document["markets"] = _shared_market(document["markets"])
    for site in document["sites"]:
        site["capacity_per_day"]["value"] *= CAPACITY
    for link in document["links"]:
        link["promise_days"] = 1.5 * link["lead_time"]["mean"]
    if has_economy:
        _add_economy(document)
    return Scenario.model_validate(document)


def _wage(wage_per_day: float) -> float:
    return MEAN_WAGE * float((wage_per_day / MEAN_WAGE) ** WAGE_SPREAD)


def _shared_market(markets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the markets with those of the flagships as one, which buys as much."""
    final = [market for market in markets if market["product"] == FINAL]
    sellers = [site for market in final for site in market["served_by"]]
    demand = final[0]["demand"]
    law = demand["law"] | {"mean": demand["law"]["mean"] * len(final)}
    shared = {"name": "world", "product": FINAL, "served_by": sellers, "demand": demand | {"law": law}}
    shared["patience_days"] = 28
    return [shared, *(market for market in markets if market["product"] != FINAL)]


def _add_economy(document: dict[str, Any]) -> None:
    """Give a network prices, money, plant, rivals and knowledge."""
    document |= ECONOMY
    document["components"] = [*document["components"], *(use(name) for name in MECHANISMS if name not in RARE)]
    for site in document["sites"]:
        del site["value_added"], site["employment"]
    for name, product in document["products"].items():
        _add_plant(product, [site for site in document["sites"] if site["product"] == name])
    for name in document["products"].keys() - {FINAL}:
        document["products"][name]["life_cycle_days"] = LIFE_CYCLE_DAYS
    document["products"][FINAL]["generations"] = {}
    document["markets"][0] |= {"rivalry": {"price_sensitivity": 0.04}}
    for link in document["links"]:
        link["information_sharing"] = True
    for firm in document["firms"]:
        firm |= {"cash_months": 24, "credit_months": 24}
    give_owners(document["firms"])
    document["countries"] = [_country(name) for name in sorted({one["country"] for one in document["clusters"]})]


def _add_plant(product: dict[str, Any], sites: list[dict[str, Any]]) -> None:
    """Have a product take labour, and plant of the mean size of these sites, in the place of a sum of money."""
    size = statistics.mean(site["capacity_per_day"]["value"] for site in sites)
    del product["value_added"]
    plant = {"cost": PLANT_COST * size, "reference_per_day": size, "life_days": DAYS}
    product |= {"complexity": 0.25, "labour_days": LABOUR_DAYS}
    product["plant"] = plant | {"scale_exponent": 1.0, "specific_share": 0.012}


def _country(name: str) -> dict[str, Any]:
    return {"name": name, "institutions": 0.2, "currency": {"volatility_per_year": 0.1}}


def memory_per_firm(firms: int, days: float) -> float:
    """Return the peak memory of a run with its economy above that of its flow alone (kB a firm).

    A small run comes first, so that what is loaded once is part of both.
    """
    code = "from benchmarks.economy import network; from gpnde.engine import simulate; simulate(network(20, 91)); "
    peaks = [peak_memory(code + f"simulate(network({firms}, {days}, {has_economy}))") for has_economy in (True, False)]
    return (peaks[0] - peaks[1]) / firms


def main() -> None:
    """Print what an economy costs in time and memory."""
    timed(network(20, 91))
    whole, flow = network(1_000), network(1_000, has_economy=False)
    for measure, title in ((whole_run, "whole run"), (loop_alone, "simulation loop")):
        ratio = ratio_in_turn(measure, whole, flow, PAIRS)
        print(f"1,000 firms, 10 years, {title}: {ratio:.2f} times the flow alone", flush=True)
    for firms, days in SIZES.items():
        memory = memory_per_firm(firms, days)
        print(f"{firms:,} firms, {days / YEAR_DAYS:g} years: {memory:.1f} kB a firm above the flow alone", flush=True)


if __name__ == "__main__":
    main()
