"""The public sector (E30): institutions, research and expertise of countries grow with budgets and use, and decay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.recording.recorder import Series
from gpnde.mechanics.public_stocks import funded_share, public_stock
from gpnde.scenario.public import Public, PublicExpertise, PublicStock
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import MONTH_DAYS, YEAR_DAYS
from gpnde.world.layout import Flags, Floats

_STAYS = PublicStock(growth_per_year=0.0, decay_per_year=0.0)
_NO_LEARNING = PublicExpertise(learning_per_year=0.0, decay_per_year=0.0)
_SHOWN = ("institutions", "frontier", "public_expertise")


class _Rates(NamedTuple):
    """How a stock of each country changes (1/year) and what that costs (money/year); shape (countries,)."""

    growth: Floats
    decay: Floats
    spending: Floats


class PublicSector(Subsystem):
    """Moves the public stocks of all countries every month, before firms learn, and counts what is spent on them."""

    name = "public sector"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether some country has a block on its public sector."""
        return any(country.public is not None for country in scenario.countries)

    def __init__(self, context: RunContext) -> None:
        """Look up budgets and rates."""
        super().__init__(context)
        blocks = [country.public or Public() for country in self.world.scenario.countries]
        self._institutions = _rates_of([block.institutions for block in blocks])
        self._research = _rates_of([block.research for block in blocks])
        expertise = [block.expertise or _NO_LEARNING for block in blocks]
        self._evaluation = _evaluation_of(expertise)
        self._learning = np.array([each.learning_per_year for each in expertise])
        self._series = Series()
        self._recorded = -1

    def start(self) -> None:
        """Plan the months and the rows."""
        self.plan_steps(MONTH_DAYS, Phase.PUBLIC)
        every = self.timeline.period(self.world.scenario.record.every_days)
        self.plan_every(every, Phase.RECORD, "record", from_start=True)

    def step(self) -> None:
        """Move all stocks by the month that ends, and count what was spent in it."""
        years = self.timeline.period(MONTH_DAYS) * self.timeline.tick_days / YEAR_DAYS
        now, evaluation = self.world.countries, self._evaluation
        expertise = evaluation._replace(growth=evaluation.growth + self._learning * self._administers())
        stocks = {"institutions": self._institutions, "frontier": self._research, "public_expertise": expertise}
        for field, rates in stocks.items():
            # In place, since places of firms share the record.
            now[field] = public_stock(now[field], rates.growth, rates.decay, years)
            now["spent"] += rates.spending * years

    def _administers(self) -> Flags:
        """Return in which countries some firm is in the target group of a policy that is on; shape (countries,)."""
        home = self.world.places.country[self.context.hooks.programmes.administered()]
        counts = np.bincount(home[home >= 0], minlength=len(self.world.countries))
        return np.asarray(counts > 0)

    def record(self) -> None:
        """Add a row of every country, once at a time."""
        if self._recorded == self.timeline.now:
            return
        self._recorded = self.timeline.now
        now = self.world.countries
        self._series.add(self.timeline.today, {name: now[name] for name in _SHOWN}, {"spent": now["spent"]})

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.record()

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``countries``."""
        names = [country.name for country in self.world.scenario.countries]
        return {"countries": {**self._series.columns(), "country": self._series.repeated(names)}}


def _rates_of(parts: Sequence[PublicStock | None]) -> _Rates:
    """Return how the stocks of all countries change; a part that is left out changes nothing."""
    blocks = [part or _STAYS for part in parts]
    growth = np.array([each.growth_per_year for each in blocks])
    budget = np.array([each.budget_per_year for each in blocks])
    funded = _funded(budget, [each.full_budget_per_year for each in blocks])
    return _Rates(growth * funded, np.array([each.decay_per_year for each in blocks]), budget)


def _evaluation_of(blocks: Sequence[PublicExpertise]) -> _Rates:
    """Return how the expertise of all countries changes by evaluation alone."""
    learning = np.array([each.learning_per_year for each in blocks])
    budget = np.array([each.evaluation_budget_per_year for each in blocks])
    funded = _funded(budget, [each.full_budget_per_year for each in blocks])
    return _Rates(learning * funded, np.array([each.decay_per_year for each in blocks]), budget)


def _funded(budget: Floats, full: Sequence[float | None]) -> Floats:
    """Return which part of their full rates budgets pay for; a budget without a measure has nothing to grow."""
    return funded_share(budget, np.array([np.inf if each is None else each for each in full]))
