"""Modifiers of the flow: times, capacities, demand, duties and credit as knowledge and components change them."""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.hooks.duties import Duties
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.prices import Prices
from gpnde.plugin.flow import Credit
from gpnde.world.layout import Floats, Integers, Records


class FlowModifiers(Subsystem):
    """Applies the combined multipliers of knowledge and components to the scenario's own values.

    Multipliers never compound over time. What no component asks for is not touched, so that a run without components
    is as if there were none.
    """

    name = "modifiers"

    def __init__(self, context: RunContext) -> None:
        """Note what the scenario says."""
        super().__init__(context)
        firms = len(self.world.firms)
        self._lead_time, self._response = np.ones(firms), np.ones(firms)
        self._credit = self.world.firms["credit"].copy()

    def set_capability(self, lead_time: Floats, response: Floats) -> None:
        """Set the multipliers of lead and response times from capability, relative to day 0; shape (firms,)."""
        self._lead_time, self._response = lead_time, response

    def extend_sites(self, numbers: Integers) -> None:
        """Ask what holds for new sites; the others keep what holds for them until all is asked again."""
        sites, plants = self.world.state.sites, self.world.plants
        sites["lead_time_factor"][numbers] = self._lead_times()[numbers]
        sites["safety"][numbers] *= self._factor("forecast_error", len(self.world.firms))[sites["firm"][numbers]]
        factor, whole = self._factor("capacity", len(sites))[numbers], sites["capacity"][numbers]
        is_limited, stands = np.isfinite(whole), factor == 0.0
        plants["idle_capacity"][numbers] = np.where(is_limited & stands, whole, 0.0)
        # The inner choice keeps infinity times 0, which is not a number, out of the product.
        sites["capacity"][numbers] = np.where(is_limited, np.where(is_limited, whole, 0.0) * factor, whole)
        plants["capacity_factor"][numbers] = factor
        self._note_lead_times()

    def renew(self) -> None:
        """Ask all components again and bring the flow up to date."""
        # Policies first, as what their components answer depends on the firms that they reach.
        self.context.hooks.renew_targets()
        self._set_times()
        self._set_forecast_error()
        self._set_capacity()
        self._set_demand()
        self.context.part(Duties).renew()
        self._set_credit()

    def _write(self, records: Records, field: str, values: Floats) -> None:
        self.context.part(FlowDriver).write(records, field, values)

    def _factor(self, hook: str, count: int) -> Floats:
        """Return the product of all factors of a hook; 1 once no component gives any, which undoes what was scaled."""
        factor = self.context.hooks.product(hook, count)
        return np.ones(count) if factor is None else factor

    def _set_times(self) -> None:
        firms = self.world.firms
        self._write(self.world.state.sites, "lead_time_factor", self._lead_times())
        self._note_lead_times()
        answer = self.context.hooks.product("response_time", len(firms), above_zero=True)
        firms["response_factor"] = self._response if answer is None else self._response * answer

    def _lead_times(self) -> Floats:
        """Return the factor on the lead times of each site."""
        sites = self.world.state.sites
        lead = self.context.hooks.product("lead_time", len(sites), above_zero=True)
        own: Floats = self._lead_time[sites["firm"]]
        return own if lead is None else own * lead

    def _note_lead_times(self) -> None:
        state = self.world.state
        state.clock[0].scales_lead_times = int((state.sites["lead_time_factor"] != 1.0).any())

    def _set_forecast_error(self) -> None:
        sites = self.world.state.sites
        if self.context.hooks.fills("forecast_error"):
            error = self._factor("forecast_error", len(self.world.firms))
            self._write(sites, "safety", self.world.plants["opening_safety"] * error[sites["firm"]])

    def _set_capacity(self) -> None:
        """Scale capacities; where firms grow meanwhile, the factor holds for what they add too.

        What stands still for a factor of 0 is kept for the time when it works again. No limit times 0 is no limit.
        """
        if not self.context.hooks.fills("capacity"):
            return
        sites, plants = self.world.state.sites, self.world.plants
        factor, before = self._factor("capacity", len(sites)), plants["capacity_factor"]
        is_limited, stands = np.isfinite(sites["capacity"]), factor == 0.0
        whole = np.where(is_limited, self.world.whole_capacity, 0.0)
        changed = is_limited & ((factor != before) | (stands & (sites["capacity"] > 0.0)))
        plants["idle_capacity"] = np.where(stands, whole, 0.0)
        self._write(sites, "capacity", np.where(changed, whole * factor, sites["capacity"]))
        plants["capacity_factor"] = factor

    def _set_demand(self) -> None:
        if self.context.hooks.fills("demand"):
            self.context.part(Prices).set_demand(self._factor("demand", len(self.world.state.markets)))

    def _set_credit(self) -> None:
        if self.world.scenario.finance is None or not self.context.hooks.fills("credit_terms"):
            return
        firms = self.world.firms
        factor, extra, rate = np.ones(len(firms)), np.zeros(len(firms)), np.zeros(len(firms))
        for reader, answer in self.context.hooks.ask("credit_terms"):
            terms, shape = reader.instance(answer, Credit), (len(firms),)
            factor = factor * reader.numbers("factor", terms.factor, shape)
            extra = extra + reader.numbers("extra", terms.extra, shape)
            rate = rate + reader.finite("rate", terms.rate, shape)
        firms["credit"] = self._credit * factor + extra
        firms["added_rate"] = rate
