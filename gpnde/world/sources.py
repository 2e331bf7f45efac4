"""How buyers choose between the suppliers of an input: lots, discounts, and rules of single inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

from gpnde.scenario.lots import FREE, Lots, lots_of, states_lots
from gpnde.scenario.ordering import Ordering
from gpnde.scenario.ordering.choice import CHOICE_RULES
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE
from gpnde.world import layout
from gpnde.world.allocation import blank
from gpnde.world.layout import Integers, Records
from gpnde.world.names import Names
from gpnde.world.tables import Numbers, filled, ordering_fields


def source_records(scenario: Scenario, lines: Records) -> tuple[Records, Records]:
    """Return what buyers choose by on all *lines*, and the price breaks that this points to.

    The first lines are the links of the scenario, whose lots may differ from those of their products. Sales to markets
    are not in lots.
    """
    products = list(scenario.products.values())
    lots, which = [lots_of(product) for product in products], _products_of(lines)
    for number, link in enumerate(scenario.links):
        if states_lots(link):
            which[number] = len(lots)
            lots.append(lots_of(products[lines["product"][number]], link))
    return _records_of(lots)[which], _breaks_of(lots)


def sources_of_new_lines(scenario: Scenario, lines: Records) -> Records:
    """Return what buyers choose by on *lines* that begin now: the lots of their products, which come first of all."""
    return _records_of([lots_of(product) for product in scenario.products.values()])[_products_of(lines)]


def _products_of(lines: Records) -> Integers:
    """Return the number of the product of each line, -1 for sales to markets."""
    return np.where(lines["input"] >= 0, lines["product"].astype(np.int64), -1)


def _records_of(lots: Sequence[Lots]) -> Records:
    """Return a record for each of the *lots*, and a last one for any quantity."""
    ends = [0, *accumulate(len(each.breaks) for each in lots)]
    rows = [
        {"minimum": minimum, "multiple": multiple, "maximum": maximum, "first_break": first, "last_break": last}
        for (minimum, multiple, maximum, _), first, last in zip(
            (*lots, FREE), (*ends, 0), (*ends[1:], 0, 0), strict=False
        )
    ]
    return filled(layout.SOURCE, rows)


def _breaks_of(lots: Sequence[Lots]) -> Records:
    pairs = [pair for each in lots for pair in each.breaks]
    return filled(layout.BREAK, [{"quantity": quantity, "discount": discount} for quantity, discount in pairs])


def set_standings(names: Names, scenario: Scenario, state: layout.State) -> None:
    """Write who goes first among equals: by the preference of the link, and then by the name of the supplier."""
    lines = state.lines
    preference = np.zeros(len(lines), dtype=np.int64)
    preference[: len(scenario.links)] = [link.preference for link in scenario.links]
    # Sorted twice, which gives ranks; outside, the supplier -1, finds its own at the end.
    alphabet = np.argsort(np.argsort(np.array([*names.sites, OUTSIDE]), kind="stable"))
    order = np.lexsort((np.arange(len(lines)), alphabet[lines["supplier"]], preference))
    state.sources["standing"][order] = np.arange(len(lines))


def set_choices(scenario: Scenario, numbers: Numbers, sites: Records, inputs: Records) -> Records:
    """Write into the *inputs* how their suppliers are chosen; return the rules of those that have their own."""
    tick, rules = scenario.clock.tick_days, blank(layout.INPUT_RULE, len(inputs))
    products = tuple(numbers.products)
    for item, record in enumerate(inputs):
        site = scenario.sites[record.site]
        usual = site.ordering or scenario.ordering
        rule = site.ordering_of.get(products[record.product])
        record.choice = CHOICE_RULES.index((rule or usual).choice.rule)
        record.own = int(rule is not None)
        if rule is not None:
            for name, value in _rule_fields(rule, usual, tick).items():
                rules[name][item] = value
    return rules


def _rule_fields(rule: Ordering, of_site: Ordering, tick_days: float) -> Mapping[str, float]:
    """Return the fields of the record of an input's rule."""
    fields = ordering_fields(rule, tick_days)
    review = ordering_fields(of_site, tick_days)["review"]
    return {
        **{name: fields[name] for name in ("rule", "level", "reorder_point", "quantity", "smoothing", "safety")},
        "protection": -1.0 if rule.protection_days is None else rule.protection_days / (max(1, review) * tick_days),
        "every": round(fields["review"] / review) if review > 0 else 1,
        "forecasts": int(rule.chosen.forecasts),
    }


def mark_picks(state: layout.State) -> None:
    """Mark the inputs whose orders need a look at lots or at each supplier, and whether there are any."""
    inputs, lines, sources = state.inputs, state.lines, state.sources
    bought = np.flatnonzero(lines["input"] >= 0)
    source = sources[bought]
    in_lots = (source["minimum"] > 0) | (source["multiple"] > 0) | np.isfinite(source["maximum"])
    in_lots |= source["last_break"] > source["first_break"]
    inputs["picks"] = inputs["choice"] != layout.SHARES
    inputs["picks"][lines["input"][bought[in_lots]]] = 1
    state.clock[0].picks = int(inputs["picks"].any())
