"""Prospects (E18): what more capability, a further function and more capacity are worth to each firm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.knowledge.coupling import COORDINATION, Coupling
from gpnde.engine.markets.design import PRODUCT_DEVELOPMENT
from gpnde.engine.prospects.alternatives import Alternatives, Shift, Worth
from gpnde.engine.prospects.incomes import Incomes
from gpnde.engine.prospects.rows import ExpectationRows
from gpnde.engine.trade.outside_options import STEP
from gpnde.mechanics.expectations import waning
from gpnde.scenario.knowledge import Effort
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS, QUARTER_DAYS, YEAR_DAYS
from gpnde.world.expectations import line_flows
from gpnde.world.layout import Floats


class Prospects(Subsystem):
    """Looks every quarter at what firms have earned, and answers what they may expect of investments."""

    name = "prospects"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms invest in knowledge or capacity."""
        return scenario.learns or scenario.location is not None

    def __init__(self, context: RunContext) -> None:
        """Begin without a past."""
        super().__init__(context)
        rules = self.world.scenario.knowledge
        self._rules = Effort() if rules is None else rules.effort
        self._decay: Floats | float = 0.0
        self._coupling: Coupling | None = None
        self._incomes = Incomes(self.world)
        self._volume = np.zeros(0)
        self.rows = ExpectationRows(self.world)

    def start(self) -> None:
        """Take what is expected to be sold on day 0, and plan the quarters."""
        self._volume = line_flows(self.world.state, self.world.plants["mean_demand"])
        self.rows.expect(self._incomes.of(self._volume))
        self.plan_steps(QUARTER_DAYS, Phase.CASH)

    def step(self) -> None:
        """Note what was earned in the quarter that ends, and expect the same volume for the next."""
        days = self.timeline.period(QUARTER_DAYS) * self.timeline.tick_days
        income, self._volume = self._incomes.note(days)
        self.rows.earned(income)
        self.rows.expect(self._incomes.of(self._volume))

    def learn_by(self, coupling: Coupling) -> None:
        """Take what knowledge does to yields."""
        self._coupling = coupling

    def set_decay(self, decay: Floats) -> None:
        """Set the rate at which a lead in capability wanes for each firm (1/day); shape (firms,)."""
        self._decay = decay

    def slopes(self) -> Floats:
        """Return what a unit of capability in each function is worth to each firm (money); shape (firms, functions).

        That is the present value of what the firm would earn more, or for longer, if it could do more of it from now
        on, while the lead that this gives it wanes.
        """
        found = np.zeros((len(self.world.firms), len(FUNCTIONS)))
        sites, function = self.world.state.sites, self.world.site_function
        places = self._alternatives()
        making = self._difference(places, _making)
        np.add.at(found, (places.firm, function[places.supplier]), making.lines)
        np.add.at(found, (sites["firm"], function), making.sites)
        for number, shift in ((COORDINATION, _coordinating), (PRODUCT_DEVELOPMENT, _designing)):
            np.add.at(found[:, number], places.firm, self._difference(places, shift).lines)
        rate, horizon = self.outlook
        # Until the first review the decay is one number for all firms, hence the reshaping.
        return np.asarray(found * waning(self._decay, rate, horizon).reshape(-1, 1))

    def worth_of_function(self, gain: float) -> Floats:
        """Return what a further function is worth for which buyers pay *gain*, a share of the price, more (money).

        Shape (firms,).
        """
        places = self._alternatives()
        with_it = places.worth(self._volume_of(places), Shift(functions=gain)).lines
        without = places.worth(self._volume_of(places), Shift()).lines
        return self._per_firm(places, with_it - without)

    def worth_of_capacity(self) -> Floats:
        """Return what each firm expects of selling a unit per day more, as long as its places last (money).

        Shape (firms,); 0 for firms that sell nothing.
        """
        places = self._alternatives()
        volume = self._volume_of(places)
        worth = self._per_firm(places, places.worth(volume, Shift()).lines)
        units = self._per_firm(places, volume)
        return np.divide(worth, units, out=np.zeros(len(units)), where=units > 0.0)

    @property
    def outlook(self) -> tuple[float, float]:
        """The rate at which firms discount (1/day), and how far ahead they look (days)."""
        return self._rules.discount_per_year / YEAR_DAYS, self._rules.base_horizon_days

    def hurdles(self) -> Floats:
        """Return by which factor the worth of an investment has to exceed its cost; shape (firms,)."""
        decay = np.broadcast_to(np.asarray(self._decay, dtype=np.float64), len(self.world.firms))
        return self._incomes.hurdle(self._rules.discount_per_year, decay, QUARTER_DAYS)

    def revenue(self) -> Floats:
        """Return what each firm sells for per day at today's prices (money); shape (firms,)."""
        places = self._alternatives()
        price = self.world.state.lines["price"][places.numbers]
        return self._per_firm(places, price * self._volume_of(places))

    def _alternatives(self) -> Alternatives:
        return Alternatives(self.context, self._rules, self._coupling)

    def _volume_of(self, places: Alternatives) -> Floats:
        """Return what each line of *places* sends per day; what was opened since sends nothing yet."""
        volume = np.pad(self._volume, (0, len(self.world.state.lines) - len(self._volume)))
        return np.asarray(volume[places.numbers])

    def _per_firm(self, places: Alternatives, of_lines: Floats) -> Floats:
        return np.bincount(places.firm, of_lines, len(self.world.firms)).astype(np.float64)

    def _difference(self, places: Alternatives, shift: Callable[[float], Shift]) -> Worth:
        """Return the slope of worth along a *shift*, from one step up and one step down."""
        volume = self._volume_of(places)
        up, down = (places.worth(volume, shift(step)) for step in (STEP, -STEP))
        width = 2.0 * STEP
        return Worth((up.lines - down.lines) / width, (up.sites - down.sites) / width)

    def tables(self) -> Mapping[str, Columns]:
        """Return the table of expectations."""
        return {"expectations": self.rows.columns()}


def _making(more: float) -> Shift:
    return Shift(making=more)


def _coordinating(more: float) -> Shift:
    return Shift(coordination=more)


def _designing(more: float) -> Shift:
    return Shift(design=more)
