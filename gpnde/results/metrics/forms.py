"""The five forms of industrial upgrading side by side (E25): never one index, because they need not move together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gpnde.results.evidence import Evidence, horizon_of
from gpnde.results.history import FIRST_INTANGIBLE, KNOWLEDGE, Flags, Floats, History, Integers
from gpnde.results.metric import metric, ratio, value_added_of
from gpnde.results.prices import prices_of_sites
from gpnde.results.warm_up import measured_from
from gpnde.results.windows import first_window, last_window, sums_in_order

if TYPE_CHECKING:
    import polars as pl

_CHAPTER = "chapter (E25)"


@metric("upgrading.inter_industry", unit="1", formula="Σ v x / Σ v", better="higher", source=_CHAPTER, needs=KNOWLEDGE)
def inter_industry(evidence: Evidence) -> dict[str, float]:
    """Return the complexity of the products of suppliers, weighted by the value that they add.

    This is upgrading between industries. Its change from the first year, or half of a run shorter than two years, to
    the last (….change).
    """
    return _end_and_change(evidence, Observed.complexity)


@metric(
    "upgrading.factors",
    unit="1",
    formula="Σ (v q + l) / Σ (v + l), q = intangible functions / functions, l = cost share · effort² · revenue",
    better="higher",
    source=_CHAPTER,
    needs=KNOWLEDGE,
)
def factors(evidence: Evidence) -> dict[str, float]:
    """Return the share of human and social capital in what suppliers put in.

    This is upgrading of factors. Value added counts evenly for the functions that a supplier performs, of which those
    from engineering on and the side capabilities rest on people; spending on learning is added to them. Its change from
    the first year, or half of a run shorter than two years, to the last (….change).
    """
    return _end_and_change(evidence, Observed.human_share)


@metric(
    "upgrading.demand",
    unit="1",
    formula="Σ sales of differentiated products / Σ sales",
    better="higher",
    source=_CHAPTER,
    needs=KNOWLEDGE,
)
def demand(evidence: Evidence) -> dict[str, float]:
    """Return the share of differentiated products in what suppliers sold, at the prices of the end.

    This is upgrading of demand. Its change from the first year, or half of a run shorter than two years, to the last
    (….change).
    """
    return _end_and_change(evidence, Observed.differentiated_share)


@metric(
    "upgrading.functional", unit="1", formula="mean(highest rung)", better="higher", source=_CHAPTER, needs=KNOWLEDGE
)
def functional(evidence: Evidence) -> dict[str, float]:
    """Return the mean level of suppliers at the last record: upgrading of functions.

    Its change from day 0 (….change).
    """
    return _end_and_change(evidence, Observed.level)


@metric(
    "upgrading.linkages",
    unit="1",
    formula="Σ intangible functions / Σ functions",
    better="higher",
    source=_CHAPTER,
    needs=KNOWLEDGE,
)
def linkages(evidence: Evidence) -> dict[str, float]:
    """Return the share of intangible functions among those that suppliers with an open link to another firm perform.

    This is upgrading of linkages; intangible are engineering and above, and the side capabilities. Its change from day
    0 (….change).
    """
    return _end_and_change(evidence, Observed.intangible_share)


def _observed(evidence: Evidence) -> Observed:
    return Observed(evidence.history, evidence.scenario, evidence.tables)


def _end_and_change(evidence: Evidence, form: Callable[[Observed, int], float]) -> dict[str, float]:
    """Return a form of upgrading at the end, and its change."""
    observed = evidence.part(_observed)
    end = form(observed, -1)
    return {"": end, "change": end - form(observed, 0)}


@dataclass(frozen=True, eq=False)
class Observed:
    """What the tables tell of suppliers in the first part of a run (time 0) and in the last (time -1)."""

    history: History
    scenario: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]

    def complexity(self, time: int) -> float:
        """Return the complexity of the products of suppliers, weighted by value added."""
        added = self._value_added(time)
        return ratio(float((added * self._of_products("complexity", 0.5)).sum()), float(added.sum()))

    def human_share(self, time: int) -> float:
        """Return the share of human and social capital in what suppliers put in."""
        history = self.history
        added = np.bincount(self._owners, self._value_added(time), len(history.firms))
        performed = history.performed[time]
        people = performed[:, FIRST_INTANGIBLE:].sum(axis=1) / np.maximum(performed.sum(axis=1), 1)
        learning = float(self._spent_on_learning(time).sum())
        return ratio(float((added * people).sum()) + learning, float(added.sum()) + learning)

    def differentiated_share(self, time: int) -> float:
        """Return the share of differentiated products in the sales of suppliers."""
        sold = self._per_site("shipped", time) * self._prices
        types = [self.scenario["products"][site["product"]].get("type") for site in self.scenario["sites"]]
        chosen = np.array([kind == "differentiated" for kind in types])
        return ratio(float(sold[chosen].sum()), float(sold.sum()))

    def level(self, time: int) -> float:
        """Return the mean level of suppliers."""
        return self.history.mean_level(time, self.history.suppliers)

    def intangible_share(self, time: int) -> float:
        """Return the share of intangible functions among those that linked suppliers perform."""
        performed = self.history.performed[time][self._linked(time)]
        return ratio(float(performed[:, FIRST_INTANGIBLE:].sum()), float(performed.sum()))

    @cached_property
    def _names(self) -> list[str]:
        return [site["name"] for site in self.scenario["sites"]]

    @cached_property
    def _owners(self) -> Integers:
        """The number of each site's firm."""
        number = {firm: position for position, firm in enumerate(self.history.firms)}
        return np.array([number[site["firm"]] for site in self.scenario["sites"]], dtype=np.int64)

    @cached_property
    def _prices(self) -> Floats:
        prices = prices_of_sites(self.scenario, self.tables)
        return np.array([prices[name] for name in self._names])

    def _window(self, name: str, time: int) -> pl.DataFrame:
        span = horizon_of(self.scenario), measured_from(self.scenario)
        return (first_window if time == 0 else last_window)(self.tables[name], *span)

    @cached_property
    def _sums(self) -> dict[tuple[str, int], Floats]:
        """What `_per_site` has added up so far, by column and time."""
        return {}

    def _per_site(self, column: str, time: int) -> Floats:
        """Return the sum of a column per site of a supplier; 0 for sites of other firms."""
        if (column, time) not in self._sums:
            sums = sums_in_order(self._window("sites", time), "site", column, self._names)
            self._sums[column, time] = np.where(self.history.suppliers[self._owners], sums, 0.0)
        return self._sums[column, time]

    def _value_added(self, time: int) -> Floats:
        added = value_added_of(self.scenario, self.tables)
        return self._per_site("produced", time) * np.array([added[name] for name in self._names], dtype=np.float64)

    def _of_products(self, column: str, usual: float) -> Floats:
        products = self.scenario["products"]
        return np.array([products[site["product"]].get(column, usual) for site in self.scenario["sites"]], dtype=float)

    def _spent_on_learning(self, time: int) -> Floats:
        """Return what each supplier spends on learning (money): a share of revenue times the square of its effort."""
        history = self.history
        rules = (self.scenario.get("knowledge") or {}).get("effort") or {}
        learners = self._window("learners", time)
        records = max(learners["day"].n_unique(), 1)
        effort = sums_in_order(learners, "firm", "effort", history.firms) / records
        revenue = sums_in_order(self._window("firms", time), "firm", "revenue", history.firms)
        spent = float(rules.get("cost_share", 0.0)) * effort**2 * revenue
        return np.where(history.suppliers, spent, 0.0)

    def _linked(self, time: int) -> Flags:
        """Return which suppliers are there and have a link to another firm that is open at the start or the end."""
        day = measured_from(self.scenario) if time == 0 else horizon_of(self.scenario)
        number = dict(zip(self._names, self._owners.tolist(), strict=True))
        pairs = [(number.get(one, -1), number.get(other, -1)) for one, other in open_links(self.tables["links"], day)]
        between = [supplier for supplier, buyer in pairs if supplier not in (buyer, -1)]
        linked = np.isin(np.arange(len(self.history.firms)), between)
        return np.asarray(linked & self.history.suppliers & self.history.present[time])


def open_links(links: pl.DataFrame, day: float) -> Iterator[tuple[str, str]]:
    """Yield supplier and buyer of each link that is open on a *day*."""
    import polars as pl

    lasts = pl.col("closed_day").is_null() | (pl.col("closed_day") > day)
    yield from links.filter((pl.col("opened_day") <= day) & lasts).select("supplier", "buyer").iter_rows()
