"""What the subsystems of a run keep per site, input and line beside the flow of goods: one record array for each room.

The layouts of the flow itself stand in `gpnde.world.layout`; these here are read and written by plain numpy, a column
at a time. Only the world makes them longer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gpnde.scenario.network import Link
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import CAUSES
from gpnde.world.cells import cells_of_sites
from gpnde.world.layout import Floats, Records, State

NEW_TRUST = 0.5
"""Trust of a link that has just begun (assumption)."""

STAYS = -1
"""The cause for which a supplier has to leave that does not have to."""

PLANT = np.dtype(
    [
        ("unit_cost", "f8"),  # of one unit, inputs included (money)
        ("variable_cost", "f8"),  # part of it that is not paid where nothing is made (money)
        ("value_added", "f8"),  # what the site adds to the cost of one unit (money)
        ("price_factor", "f8"),  # price of what the site sells over that of day 0, by what its firm knows
        ("mean_demand", "f8"),  # units that the site is expected to be asked for per day
        ("cell", "i8"),  # of specialisation, by number
        ("closed", "?"),  # whether the site has stopped for good
        ("opened_day", "f8"),  # by a decision in the run, NaN for none
        ("closed_day", "f8"),  # on which it stopped for good, NaN for none
        ("opening_unit_cost", "f8"),
        ("opening_value_added", "f8"),
        ("opening_yield", "f8"),
        ("lowest_yield", "f8"),  # of the product, without any capability
        ("highest_yield", "f8"),  # of the product, at the frontier
        ("opening_safety", "f8"),
        ("capacity_factor", "f8"),  # by components
        ("idle_capacity", "f8"),  # units per tick that stand still at a factor of 0
        ("ordered_capacity", "f8"),  # units per tick that are being built, here or at a new site like this one
        ("offer", "f8"),  # what the site asks of buyers at least, where prices are bargained over (money)
        ("fixed_weight", "f8"),  # how much of its fixed cost it asks for
        ("dearest_offer", "f8"),  # what it would ask if it had to build for it (money)
        ("room", "f8"),  # good units per tick that it can make beside what it does
        ("started_offered", "f8"),  # units started up to the last offer
        ("produced_settled", "f8"),  # units produced up to the last settlement
        ("produced_scored", "f8"),  # and up to the last scorecard
        ("started_scored", "f8"),
        ("started_reviewed", "f8"),  # units started up to the last decision where to grow
        ("worked", "f8"),  # ticks at work since then
    ]
)
"""A site as its firm accounts for it."""

FACTORY = np.dtype(
    [
        ("takes_labour", "?"),  # whether making costs labour and plant; all else is 0 where it does not
        ("labour_days", "f8"),  # of one unit started, at the reference capability and without experience
        ("wage", "f8"),  # of a day, in local money
        ("productivity", "f8"),  # over that at the reference capability
        ("experience", "f8"),  # units of output that count
        ("reference_units", "f8"),  # of experience, below which it saves nothing
        ("days_per_unit", "f8"),  # of labour, today
        ("staff", "f8"),  # persons
        ("needed", "f8"),  # persons, smoothed over a month
        ("standing", "f8"),  # persons who stay at any output
        ("normal_units", "f8"),  # units started per day at normal load
        ("labour_cost", "f8"),  # of one good unit (money), as are the next two
        ("material_cost", "f8"),
        ("fixed_cost", "f8"),
        ("bought_in", "f8"),  # services, changing over, and what distance from home and markets costs
        ("services", "f8"),  # part of it
        ("plant_value", "f8"),  # when new (money)
        ("holding_rate", "f8"),  # cost of holding plant, as a share of this value (1/day)
        ("specific_value", "f8"),  # part of plant made for the present product generation (money)
        ("book_value", "f8"),  # plant less depreciation (money)
        ("wear", "f8"),  # depreciation since plant was last renewed (money)
        ("started_counted", "f8"),  # units started up to the last count of staff
        ("produced_counted", "f8"),  # units produced up to the last count of experience
    ]
)
"""A site as an employer and as plant."""

PURCHASE = np.dtype([("volume", "f8")])
"""An input as its buyer sees it: units ordered between the last two scorecards."""

TRADE = np.dtype(
    [
        ("score", "f8"),  # of the last scorecard, NaN before the first
        ("strikes", "i8"),
        ("completed", "f8"),  # orders up to the last scorecard, as are the next two
        ("on_time", "f8"),
        ("placed", "f8"),  # units
        ("leaves", "i8"),  # cause for which the supplier leaves once its successor is there, `STAYS` for none
        ("leaving_score", "f8"),
        ("outside_option", "f8"),  # of the buyer, as a price, when the present one was agreed upon (money)
        ("option_slope", "f8"),  # by which it rises per unit of the supplier's capability (money)
        ("alternative", "f8"),  # landed price of the cheapest rival with room (money), infinite for none
    ]
)
"""A line as its buyer judges it."""

_NEW_PLANT = {"price_factor": 1.0, "capacity_factor": 1.0, "opened_day": math.nan, "closed_day": math.nan}

_NEW_TRADE = {"score": math.nan, "leaves": STAYS, "leaving_score": math.nan, "alternative": math.inf}

MONEY = np.dtype(
    [
        ("base_price", "f8"),  # of a new product generation, before erosion and price wars (money per unit)
        ("least_price", "f8"),  # below which the seller does not go, where it sets its price (money per unit)
        ("is_set", "?"),  # whether price is set against rivals or agreed upon; it does not erode by itself
        ("quoted_rate", "f8"),  # of the currency of quotation when the price was agreed upon, 0 for world money
        ("placed_agreed", "f8"),  # units ordered up to that day
        ("price_scale", "f8"),  # by components
        ("tariff", "f8"),  # duty as a share of the price
        ("freight", "f8"),  # of one unit, paid by the buyer (money)
        ("invoiced_units", "f8"),  # shipped up to the last settlement
        ("invoiced", "f8"),  # at the last settlement (money)
        ("cancelled_settled", "f8"),  # units cancelled up to the last settlement, where large orders get discounts
        ("recent_units", "f8"),  # shipped of late, less and less the longer ago
        ("owned_units", "f8"),  # units of the supplier's product that the buyer's materials there amount to
        ("sales_part", "f8"),  # how much of what a firm sells to a market comes over this line, beside its others
    ]
)
"""A line as the accounts see it."""

TIE = np.dtype([("trust", "f8"), ("distance_km", "f8"), ("shares_information", "?"), ("shipped", "f8")])
"""A line as a tie between two firms: trust on the first day, and units shipped up to the last step of learning."""

BRAND = np.dtype(
    [
        ("firm", "i8"),
        ("product", "i8"),
        ("generation", "i8"),  # number of the newest one, 0 before the first
        ("launched", "f8"),  # day
        ("quality", "f8"),  # at its launch, against what was on offer then
        ("former_quality", "f8"),  # of the generations before, at that launch; mean over those who consider them
        ("former_reach", "f8"),  # share of buyers who consider these
        ("progress", "f8"),  # of the next design: 1 when it is ready
        ("designed", "f8"),  # capability of those who designed so far, times progress
    ]
)
"""A product of a firm that sells it in markets whose buyers choose between firms."""

CHOICE = np.dtype([("outside", "f8"), ("reference_price", "f8")])
"""A market whose buyers choose: utility of buying nothing, and the price that sensitivity counts from (money)."""


class Columns(NamedTuple):
    """What is kept per site, per input, per line, per brand and per market."""

    plants: Records
    factories: Records
    purchases: Records
    trade: Records
    money: Records
    ties: Records
    brands: Records
    choices: Records


def opening_columns(
    scenario: Scenario, state: State, factories: Records, value_added: Floats, unit_cost: Floats, mean_demand: Floats
) -> Columns:
    """Return what is kept on day 0; factories, costs and mean demand have shape (sites,)."""
    return Columns(
        plants=_plants(scenario, state, value_added, unit_cost, mean_demand),
        factories=factories,
        purchases=np.zeros(len(state.inputs), dtype=PURCHASE),
        trade=_filled(TRADE, len(state.lines), _NEW_TRADE),
        money=_opening_money(scenario, state),
        ties=_ties(scenario.links, state.lines),
        brands=_brands(scenario, state),
        choices=_filled(CHOICE, len(scenario.markets), {"outside": math.nan}),
    )


def columns_of_new_lines(lines: Records) -> tuple[Records, Records, Records]:
    """Return trade, money and ties of *lines* that begin now, between strangers."""
    trade = _filled(TRADE, len(lines), _NEW_TRADE)
    return trade, _money(lines["price"]), _ties((), lines)


def columns_of_new_sites(
    like: Records, factories: Records, sites: Records, inputs: int
) -> tuple[Records, Records, Records]:
    """Return plants, *factories* and purchases of new *sites* with so many *inputs*.

    Their costs are those of the plants that they are *like*.
    """
    plants = _filled(PLANT, len(sites), _NEW_PLANT)
    for name in ("cell", "opening_unit_cost", "opening_value_added", "mean_demand", "lowest_yield", "highest_yield"):
        plants[name] = like[name]
    plants["unit_cost"], plants["value_added"] = like["opening_unit_cost"], like["opening_value_added"]
    plants["variable_cost"] = like["variable_cost"]
    plants["opening_yield"], plants["opening_safety"] = sites["mean_yield"], sites["safety"]
    return plants, factories, np.zeros(inputs, dtype=PURCHASE)


def cause_number(cause: str) -> int:
    """Return the number that stands for a cause in records.

    >>> CAUSES[cause_number("finance")]
    'finance'
    """
    return [*CAUSES].index(cause)


def _filled(layout: np.dtype[np.void], rows: int, values: Mapping[str, object]) -> Records:
    """Return records with the given values; all other fields are 0."""
    records = np.zeros(rows, dtype=layout)
    for name, value in values.items():
        records[name] = value
    return records


def _plants(scenario: Scenario, state: State, value_added: Floats, unit_cost: Floats, mean_demand: Floats) -> Records:
    sites = state.sites
    given = {
        **_NEW_PLANT,
        "cell": cells_of_sites(scenario),
        "unit_cost": unit_cost,
        "variable_cost": unit_cost,
        "value_added": value_added,
        "mean_demand": mean_demand,
    }
    given |= {"opening_unit_cost": unit_cost, "opening_value_added": value_added}
    given |= {"opening_yield": sites["mean_yield"], "opening_safety": sites["safety"], "highest_yield": 1.0}
    return _filled(PLANT, len(sites), given)


def _money(price: Floats, freight: Sequence[float] = ()) -> Records:
    """Return the accounts of lines, the first of which pay *freight*."""
    money = _filled(MONEY, len(price), {"base_price": price, "price_scale": 1.0})
    money["freight"][: len(freight)] = freight
    return money


def _opening_money(scenario: Scenario, state: State) -> Records:
    """Return the accounts of all lines: the plants of one firm share a market as the scenario says, or equally."""
    money = _money(state.lines["price"], [link.freight for link in scenario.links])
    stated, names = [market.shares() for market in scenario.markets], [site.name for site in scenario.sites]
    sold = np.flatnonzero(state.lines["market"] >= 0)
    for number, market, site in zip(sold, state.lines["market"][sold], state.lines["supplier"][sold], strict=True):
        money["sales_part"][number] = stated[market].get(names[site], 0.0)
    return money


def _brands(scenario: Scenario, state: State) -> Records:
    """Return a brand for every firm and product sold where firms are rivals, by product and firm; none is launched."""
    lines = state.lines[state.lines["market"] >= 0]
    rivals = np.array([market.rivalry is not None for market in scenario.markets])[lines["market"]]
    owner = state.sites["firm"][lines["supplier"]]
    pairs = np.unique(np.stack([lines["product"], owner], axis=1)[rivals], axis=0).astype(np.int64)
    return _filled(BRAND, len(pairs), {"product": pairs[:, 0], "firm": pairs[:, 1]})


def _ties(links: Sequence[Link], lines: Records) -> Records:
    """Return the ties of lines, the first of which are the *links* of the scenario."""
    ties = _filled(TIE, len(lines), {"trust": NEW_TRUST, "distance_km": math.nan})
    known = slice(len(links))
    ties["trust"][known] = [link.trust for link in links]
    ties["distance_km"][known] = [math.nan if link.distance_km is None else link.distance_km for link in links]
    ties["shares_information"][known] = [link.information_sharing for link in links]
    return ties
