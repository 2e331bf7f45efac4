"""FlowModifiers of the flow: times, capacities, demand, duties and credit, as knowledge and components leave them."""

from __future__ import annotations

import numpy as np

from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.lanes import lanes_of_bids, lanes_of_lines
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.prices import Prices
from gpnde.plugin.flow import Credit, Lanes
from gpnde.world.layout import Floats, Integers, Records
from gpnde.world.world import World


class FlowModifiers:
    """Owns what several parts of a run scale; each of them scales the scenario's own value, never what others left.

    What no component asks for is not touched, so that a run without components is as if there were none.
    """

    def __init__(
        self, world: World, flow: FlowDriver, prices: Prices, cashbook: Cashbook | None, asking: HookCaller
    ) -> None:
        """Note what the scenario says."""
        self._world, self._flow, self._prices, self._cashbook, self._asking = world, flow, prices, cashbook, asking
        self._pace, self._response = np.ones(len(world.firms)), np.ones(len(world.firms))
        self._safety = world.state.sites["safety"].copy()
        self._credit = world.firms["credit"].copy()
        self._capacity: Floats = np.ones(len(world.state.sites))
        self._idle: Floats = np.zeros(len(world.state.sites))
        self._duties: list[tuple[str, Floats]] = []
        if cashbook is not None:
            cashbook.on_invoiced.append(self._collect)

    def set_capability(self, pace: Floats, response: Floats) -> None:
        """Take in what knowledge does to the times in which firms deliver and answer, over day 0; shape (firms,)."""
        self._pace, self._response = pace, response

    def renew(self) -> None:
        """Ask all components anew and bring the flow up to date."""
        self._asking.programmes.renew(self._asking)
        self._set_times()
        self._set_forecast_error()
        self._set_capacity()
        self._set_demand()
        self._set_duties()
        self._set_credit()

    def extend(self, rows: Records) -> None:
        """Find the duties on new lines."""
        self._set_duties()

    def duties_on_bids(self, buyer: int, product: int, bidders: Integers) -> Floats:
        """Return the duty on what *bidders* would deliver to the site *buyer*, as a share of the price."""
        return _together(self._duties_on(lanes_of_bids(self._world, buyer, product, bidders)), len(bidders))

    def _factor(self, hook: str, count: int) -> Floats:
        """Return the product of all factors of a hook; 1 once nobody gives any, which undoes what was scaled."""
        factor = self._asking.product(hook, count)
        return np.ones(count) if factor is None else factor

    def _set_times(self) -> None:
        sites = self._world.state.sites
        lead = self._asking.product("lead_time", len(sites), above_zero=True)
        pace = self._pace[sites["firm"]]
        self._flow.write(sites, "pace", pace if lead is None else pace * lead)
        self._world.state.clock[0].paced = int((sites["pace"] != 1.0).any())
        answer = self._asking.product("response_time", len(self._world.firms), above_zero=True)
        self._world.firms["response_factor"] = self._response if answer is None else self._response * answer

    def _set_forecast_error(self) -> None:
        sites = self._world.state.sites
        if self._asking.fills("forecast_error"):
            error = self._factor("forecast_error", len(self._world.firms))
            self._flow.write(sites, "safety", self._safety * error[sites["firm"]])

    def _set_capacity(self) -> None:
        """Scale capacities; where firms grow meanwhile, the factor holds for what they add too.

        What stands still for a factor of 0 is kept for the time when it works again. No limit times 0 is no limit.
        """
        sites = self._world.state.sites
        if not self._asking.fills("capacity"):
            return
        factor = self._factor("capacity", len(sites))
        limited = np.where(np.isfinite(sites["capacity"]), sites["capacity"], 0.0)
        whole = np.divide(limited, self._capacity, out=self._idle + limited, where=self._capacity > 0.0)
        stands = factor == 0.0
        changed = np.isfinite(sites["capacity"]) & ((factor != self._capacity) | (stands & (limited > 0.0)))
        self._idle = np.where(stands, whole, 0.0)
        self._flow.write(sites, "capacity", np.where(changed, whole * factor, sites["capacity"]))
        self._capacity = factor.copy()

    def _set_demand(self) -> None:
        if self._asking.fills("demand"):
            self._prices.set_demand(self._factor("demand", len(self._world.state.markets)))

    def _set_duties(self) -> None:
        if not self._asking.fills("tariff"):
            return
        self._duties = self._duties_on(lanes_of_lines(self._world))
        tariff = _together(self._duties, len(self._world.state.lines))
        if not np.array_equal(tariff, self._world.tariff):
            self._world.tariff = tariff
            self._prices.update()

    def _duties_on(self, lanes: Lanes) -> list[tuple[str, Floats]]:
        """Return what each component levies on lanes, as shares of prices."""
        return [
            (reader.label, reader.numbers("duty", answer, lanes.supplier.shape))
            for reader, answer in self._asking.ask("tariff", lanes=lanes)
        ]

    def _collect(self, invoiced: Floats) -> None:
        """Let the programmes of those who levy duties take in their part of what was invoiced; shape (lines,)."""
        for label, rates in self._duties:
            self._asking.programmes.of(label).collect(float((invoiced * rates).sum()))

    def _set_credit(self) -> None:
        if self._cashbook is None or not self._asking.fills("credit_terms"):
            return
        firms = self._world.firms
        factor, extra, rate = np.ones(len(firms)), np.zeros(len(firms)), np.zeros(len(firms))
        for reader, answer in self._asking.ask("credit_terms"):
            terms, shape = reader.instance(answer, Credit), (len(firms),)
            factor = factor * reader.numbers("factor", terms.factor, shape)
            extra = extra + reader.numbers("extra", terms.extra, shape)
            rate = rate + reader.finite("rate", terms.rate, shape)
        firms["credit"] = self._credit * factor + extra
        self._cashbook.added_rate = rate


def _together(duties: list[tuple[str, Floats]], count: int) -> Floats:
    """Return the sum of what all components levy; shape (count,)."""
    total = np.zeros(count)
    for _, rates in duties:
        total += rates
    return total
