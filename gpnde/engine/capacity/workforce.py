"""The workforce (E7): staff follows output with delay, and is paid, idle or not."""

from __future__ import annotations

import math

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.payments import note_cost, per_firm, spend
from gpnde.mechanics.labour import next_staff, pay_per_day
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import MONTH_DAYS, WEEK_DAYS
from gpnde.world.layout import Flags, Floats, Integers


class Workforce(Subsystem):
    """Counts what was made since the last settlement, pays for the work, and hires and releases staff."""

    name = "workforce"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether making some product takes labour."""
        return scenario.takes_labour

    def __init__(self, context: RunContext) -> None:
        """Settle as often as accounts are, or weekly without any."""
        super().__init__(context)
        finance = self.world.scenario.finance
        self._every_days = WEEK_DAYS if finance is None else finance.settle_days

    def start(self) -> None:
        """Plan the settlements; sites that are not open yet have no staff."""
        self.world.factories["staff"][~self.world.factories_at_work] = 0.0
        self.plan_steps(self._every_days, Phase.CASH)

    def extend_sites(self, numbers: Integers) -> None:
        """Count the output of new sites from now on."""
        self._count(numbers)

    def step(self) -> None:
        """Close a period: count labour and experience, pay for them, and move staff towards what is needed."""
        days = self.timeline.period(self._every_days) * self.timeline.tick_days
        factories, rules = self.world.factories, self.world.scenario.labour
        started = self.world.state.sites["started"] - factories["started_counted"]
        factories["experience"] += self.world.state.sites["produced"] - factories["produced_counted"]
        self._count(slice(None))
        works = self.world.factories_at_work
        now = started / days * factories["days_per_unit"] + factories["standing"]
        # The mean over about a month is then the same however often accounts are settled.
        weight = -math.expm1(-days / MONTH_DAYS)
        factories["needed"] = np.where(works, factories["needed"] + weight * (now - factories["needed"]), 0.0)
        # The period that ends is paid to the staff that worked in it.
        self._pay(days, works)
        normal = factories["normal_units"] * factories["days_per_unit"] + factories["standing"]
        limits = rules.hired_per_quarter, rules.released_per_quarter
        staff = next_staff(factories["staff"], factories["needed"], normal, days, *limits)
        factories["staff"] = np.where(works, staff, 0.0)

    def _pay(self, days: float, works: Flags) -> None:
        """Pay all staff, and missing hands at a premium."""
        if self.world.scenario.finance is None:
            return
        factories = self.world.factories
        wage = factories["wage"] * self.world.site_exchange_rates
        premium = self.world.scenario.labour.overtime_premium
        paid: Floats = days * pay_per_day(factories["staff"], factories["needed"], wage, premium)
        paid = np.where(works, paid, 0.0)
        spend(self.world, per_firm(self.world, self.world.state.sites["firm"], paid), "labour")
        note_cost(self.world, "production", "site", paid)

    def _count(self, numbers: Integers | slice) -> None:
        """Note what was started and made up to now."""
        factories, sites = self.world.factories, self.world.state.sites
        factories["started_counted"][numbers] = sites["started"][numbers]
        factories["produced_counted"][numbers] = sites["produced"][numbers]
