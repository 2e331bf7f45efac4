"""The world of one run: the state of every site, line, market and firm, with the names behind the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from gpnde.numerics.draws import entities
from gpnde.scenario.lots import states_lots
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS, CostKind
from gpnde.world.allocation import admit_lines, admit_sites, followed_by
from gpnde.world.cells import cell_terms
from gpnde.world.columns import columns_of_new_lines, columns_of_new_sites
from gpnde.world.entities import line_entities
from gpnde.world.governance import governance_records
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Flags, Floats, Integers, Records, State
from gpnde.world.lead_moments import set_line_moments
from gpnde.world.names import Names
from gpnde.world.new_sites import (
    NewSite,
    check_new_sites,
    inputs_of_new_sites,
    new_factories,
    new_site_records,
    with_sites,
)
from gpnde.world.ownership import Bonds, bonds_of, ownership_records
from gpnde.world.places import (
    Places,
    country_names,
    country_of_clusters,
    country_of_regions,
    find_places,
    region_of_clusters,
    region_of_markets,
)
from gpnde.world.sources import mark_picks, set_standings, sources_of_new_lines
from gpnde.world.terms import choosers, contract_terms
from gpnde.world.topology import index_lines, upstream_first

CostOwner = Literal["firm", "site", "line"]
"""Whose costs are: those of a line are its buyer's."""

_OF_SITES = ("site_country", "site_region", "site_function")
"""Cached properties that sites which are built make longer."""


@dataclass
class CashFlows:
    """Money that has entered and left the network, and the goods that were sold off."""

    inflow: float
    outflow: float
    written_off: Floats
    """Units of each product that left with failed firms; shape (products,)."""


class Booked(NamedTuple):
    """Costs of one kind that were paid: an amount of every firm, site or line (money)."""

    kind: CostKind
    owner: CostOwner
    amounts: Floats


@dataclass
class World:
    """The state of one run; *state* is replaced as a whole when its arrays grow."""

    scenario: Scenario
    names: Names
    state: State
    firms: Records
    plants: Records
    """What is kept per site, see `gpnde.world.columns`; shape (sites,)."""
    factories: Records
    """What is kept per site as an employer and as plant; shape (sites,)."""
    purchases: Records
    """What is kept per input; shape (inputs,)."""
    trade: Records
    """What buyers keep per line; shape (lines,)."""
    money: Records
    """What the accounts keep per line; shape (lines,)."""
    ties: Records
    """What knowledge keeps per line; shape (lines,)."""
    brands: Records
    """What firms sell where buyers choose between them, by product and firm; shape (brands,)."""
    choices: Records
    """What the buyers of each market compare with; shape (markets,)."""
    invoices: Floats
    """Open invoices by settlement, in a ring, and line (money); shape (settlements, lines), none without finance."""
    flows: CashFlows
    countries: Records
    """What changes about the countries that the scenario lists, see `gpnde.world.countries`; shape (countries,)."""
    exchange_rates: Floats
    """Value of each country's currency in world money, by position in `country_names`; 1 on day 0."""
    entries: Floats
    """Income less expense of firms since day 0, by account (money); shape (accounts, firms)."""
    services_nearby: Floats
    """Share of their services that plants buy in each cluster, and in none (0) last; shape (clusters + 1,)."""
    knowledge: KnowledgeState | None
    """What firms know; None without rules for knowledge."""
    booked: list[Booked] | None = None
    """What was paid for sites and lines since it was last read; None where nobody keeps costs."""

    @cached_property
    def places(self) -> Places:
        """Where firms are at home, and what is true of countries."""
        return find_places(self.scenario, self.countries)

    @cached_property
    def ownership(self) -> Records:
        """What each firm is to its owner, see `gpnde.world.ownership`; shape (firms,)."""
        return ownership_records(self.scenario)

    @property
    def owners(self) -> Integers:
        """The owner of each firm, -1 for none; shape (firms,)."""
        owner: Integers = self.ownership["owner"]
        return owner

    @cached_property
    def parties(self) -> tuple[Integers, Integers]:
        """Selling and buying firm of every line; -1 where it is outside the network."""
        lines, owner = self.state.lines, self.state.sites["firm"]
        seller, buyer = (np.where(lines[side] >= 0, owner[lines[side]], -1) for side in ("supplier", "buyer"))
        return seller, buyer

    def bonds_of(self, numbers: Integers) -> Bonds:
        """Return what holds of the lines *numbers*, which are between sites, because their firms belong together."""
        firm, lines = self.state.sites["firm"], self.state.lines
        return bonds_of(self.ownership, firm[lines["buyer"][numbers]], firm[lines["supplier"][numbers]])

    @cached_property
    def governance(self) -> Records:
        """How each firm deals with its suppliers, see `gpnde.world.governance`; shape (firms,)."""
        return governance_records(self.scenario)

    def governance_of(self, numbers: Integers) -> Records:
        """Return how those who choose the suppliers of the lines *numbers*, which are between sites, deal with them.

        They are the buyers, or customers of theirs whose contracts say so.
        """
        firm = self.state.sites["firm"]
        # Who chooses is looked up only where firms differ in it.
        choosing = choosers(self.terms, self.state.sites, self.state.lines) if self._profiles_differ else firm
        # Several times quicker than an index where records are wide.
        rules: Records = self.governance.take(choosing[self.state.lines["buyer"][numbers]])
        return rules

    @cached_property
    def _profiles_differ(self) -> bool:
        return len({firm.profile for firm in self.scenario.firms}) > 1

    @cached_property
    def terms(self) -> Records:
        """What each contract means, see `gpnde.world.terms`; shape (contracts,)."""
        return contract_terms(self.scenario)

    def terms_of(self, numbers: Integers) -> Records:
        """Return what the contracts of the lines *numbers* mean."""
        terms: Records = self.terms.take(self.state.lines["contract"][numbers])
        return terms

    @cached_property
    def cell_terms(self) -> Records:
        """What each cell of specialisation means, see `gpnde.world.cells`; shape (cells,)."""
        return cell_terms(self.scenario)

    def of_cells(self, name: str) -> Floats:
        """Return a term of the cell that each site is in now; shape (sites,)."""
        values: Floats = self.cell_terms[name][self.plants["cell"]]
        return values

    @property
    def landed(self) -> Floats:
        """The price of each line with duties and freight (money per unit); shape (lines,)."""
        landed: Floats = self.state.lines["price"] * (1.0 + self.money["tariff"]) + self.money["freight"]
        return landed

    def landed_of(self, numbers: Integers) -> Floats:
        """Return the price of the lines *numbers* with duties and freight (money per unit)."""
        price, money = self.state.lines["price"][numbers], self.money
        return np.asarray(price * (1.0 + money["tariff"][numbers]) + money["freight"][numbers])

    @property
    def factories_at_work(self) -> Flags:
        """Which sites make something that takes labour, are open, and have a firm that is there; shape (sites,)."""
        sites = self.state.sites
        at_work: Flags = self.factories["takes_labour"] & (sites["shut"] == 0)
        at_work &= self.firms["active"][sites["firm"]] == 1
        return at_work

    @property
    def whole_capacity(self) -> Floats:
        """What each site can start per tick at most, without what components do to it (units); shape (sites,)."""
        factor, capacity = self.plants["capacity_factor"], self.state.sites["capacity"]
        limited = np.where(np.isfinite(capacity), capacity, 0.0)
        # At a factor of 0 the record holds no capacity to divide by it; what stands still is kept beside.
        whole = np.divide(limited, factor, out=self.plants["idle_capacity"] + limited, where=factor > 0.0)
        return np.where(np.isfinite(capacity), whole, capacity)

    def add_capacity(self, site: int, added: float) -> None:
        """Add to the capacity of a site (units per tick), of which components may leave only a part."""
        factor = float(self.plants["capacity_factor"][site])
        if factor > 0.0:
            self.state.sites["capacity"][site] += factor * added
        else:
            self.plants["idle_capacity"][site] += added

    @property
    def site_services_nearby(self) -> Floats:
        """The share of its services that each site buys nearby; shape (sites,)."""
        shares: Floats = self.services_nearby[self.state.sites["cluster"]]
        return shares

    @property
    def site_exchange_rates(self) -> Floats:
        """The value of the currency that each site pays wages in, in world money; shape (sites,)."""
        rates = np.ones(len(self.exchange_rates) + 1)
        rates[:-1] = self.exchange_rates
        return rates[self.site_country]

    @cached_property
    def site_country(self) -> Integers:
        """The country of each site, by position in `country_names`; -1 for none."""
        country: Integers = country_of_clusters(self.scenario)[self.state.sites["cluster"]]
        return country

    @cached_property
    def site_region(self) -> Integers:
        """The region of each site, by position in the scenario; -1 for none."""
        region: Integers = region_of_clusters(self.scenario)[self.state.sites["cluster"]]
        return region

    @cached_property
    def site_function(self) -> Integers:
        """The function of each site, by position in `FUNCTIONS`."""
        return np.array([FUNCTIONS.index(site.function) for site in self.scenario.sites], dtype=np.int64)

    def sisters_of(self, site: int) -> Integers:
        """Return the sites that do the same for the same product and firm and have not closed, *site* among them."""
        sites, plant, function = self.state.sites, self.state.sites[site], self.site_function
        same = (sites["firm"] == plant.firm) & (sites["product"] == plant.product) & (function == function[site])
        return np.flatnonzero(same & ~self.plants["closed"])

    @cached_property
    def market_region(self) -> Integers:
        """The region of each market, by position in the scenario; -1 for none."""
        return region_of_markets(self.scenario)

    @cached_property
    def market_country(self) -> Integers:
        """The country of each market, that of its region, by position in `country_names`; -1 for none."""
        country: Integers = country_of_regions(self.scenario)[self.market_region]
        return country

    @cached_property
    def country_names(self) -> tuple[str, ...]:
        """The names of all countries."""
        return country_names(self.scenario)

    @property
    def ticks(self) -> int:
        """The horizon in ticks."""
        return int(self.state.clock[0].horizon)

    def add_lines(self, rows: Records) -> int:
        """Append lines to the network and return the number of the first."""
        first = len(self.state.lines)
        lines = followed_by(self.state.lines, rows)
        self.state = admit_lines(self.state, lines)._replace(line_entity=line_entities(self.names, lines))
        self._add_sources(lines[first:])
        set_line_moments(self.state, np.arange(first, len(lines)))
        for name, new in zip(("trade", "money", "ties"), columns_of_new_lines(rows), strict=True):
            setattr(self, name, np.append(getattr(self, name), new))
        self.invoices = np.pad(self.invoices, ((0, 0), (0, len(rows))))
        # Found again when it is asked for next, since it has no entries for the new lines.
        self.__dict__.pop("parties", None)
        self.reindex()
        return first

    def _add_sources(self, rows: Records) -> None:
        """Append what buyers choose by on new lines."""
        new = sources_of_new_lines(self.scenario, rows)
        self.state = self.state._replace(sources=followed_by(self.state.sources, new))
        if self.state.clock[0].picks or any(states_lots(product) for product in self.scenario.products.values()):
            set_standings(self.names, self.scenario, self.state)
            mark_picks(self.state)

    def add_sites(self, plants: Sequence[NewSite], since: int) -> int:
        """Append sites that work from tick *since* on, and return the number of the first.

        They have no lines, no stock and no past. Scenario and names become copies in which they stand behind all
        others. Firms stay at home where they were.

        Raises
        ------
        GpndeError
            A site of that name is there already, or a capacity is below 0.
        """
        check_new_sites(self.names, plants)
        # Homes are found before the scenario gets new sites, which must not become the home of a firm.
        first, like, homes = len(self.state.sites), [plant.like for plant in plants], self.places
        day = since * float(self.state.clock[0].tick_days)
        self.scenario, self.names = with_sites(self.scenario, self.names, plants, day)
        inputs, rules = inputs_of_new_sites(self.state, plants)
        rows = new_site_records(self.scenario, self.state, self.firms, plants, inputs, since)
        factories = new_factories(self.scenario, self.factories, self.names, plants)
        for name, new in zip(
            ("plants", "factories", "purchases"),
            columns_of_new_sites(self.plants[like], factories, rows, len(inputs)),
            strict=True,
        ):
            setattr(self, name, np.append(getattr(self, name), new))
        grown = admit_sites(self.state, rows, inputs, rules)
        # A copy that can be written: to compiled code an array that cannot is of another type.
        self.state = grown._replace(site_entity=entities(self.names.sites).copy())
        for name in _OF_SITES:
            # Found again when they are asked for next, with the new sites.
            self.__dict__.pop(name, None)
        self.places = homes
        self.reindex()
        return first

    def quote(self) -> None:
        """Tell buyers who choose between suppliers what each costs now."""
        if self.state.clock[0].picks:
            price, money, sources = self.state.lines["price"], self.money, self.state.sources
            sources["dutiable"] = price * (1.0 + money["tariff"])
            sources["landed"] = sources["dutiable"] + money["freight"]

    def reindex(self) -> None:
        """Find again which lines belong to which site after links have come or gone."""
        state = self.state
        out, into, sold = index_lines(state.sites, state.inputs, state.markets, state.lines)
        order = state.upstream_first
        if not _in_order(order, state.lines):
            order = upstream_first(state.sites, state.lines, state.laws.mean)
        self.state = state._replace(out_lines=out, in_lines=into, market_lines=sold, upstream_first=order)


def _in_order(order: Integers, lines: Records) -> bool:
    """Return whether every supplier stands before its buyers."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    supplier, buyer = lines["supplier"], lines["buyer"]
    inside = np.flatnonzero((supplier >= 0) & (buyer >= 0) & (lines["active"] == 1))
    return bool(np.all(rank[supplier[inside]] < rank[buyer[inside]]))
