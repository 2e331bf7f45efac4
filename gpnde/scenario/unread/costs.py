"""Costs that nothing charges."""

from __future__ import annotations

from gpnde.scenario.unread.entry import Condition, Entry, without


def _all_sites_give(rate: str) -> Condition:
    """Return a condition: every site has a rate of its own."""
    return lambda facts, name, rules: all(getattr(site, rate) > 0 for site in facts.scenario.sites)


OF_COSTS = (
    Entry("sites.*.disposal_cost", without("costs"), "nobody keeps this cost", "give a block costs"),
    Entry(
        "costs.holding_per_year",
        _all_sites_give("holding_cost"),
        "every site has a holding_cost",
        "leave one of the two out",
    ),
    Entry(
        "costs.pipeline_per_year",
        _all_sites_give("pipeline_cost"),
        "every site has a pipeline_cost",
        "leave one of the two out",
    ),
)
