"""Results of the firms of one country without foreign owners."""

from __future__ import annotations

import polars as pl

from gpnde.results.run import Run
from gpnde.scenario import Scenario
from gpnde.vocabulary import LADDER, YEAR_DAYS
from studies.measures import on_day


class Local:
    """Reads off runs of a scenario what local firms of a country know, sell, lose and take on."""

    def __init__(self, scenario: Scenario, country: str) -> None:
        """Find the sites in the country, and the firms with all their sites there that no firm owns."""
        clusters = {cluster.name for cluster in scenario.clusters if cluster.country == country}
        owned = {firm.name for firm in scenario.firms if firm.owner is not None}
        abroad = {site.firm for site in scenario.sites if site.cluster not in clusters}
        self.sites = sorted(site.name for site in scenario.sites if site.cluster in clusters)
        self.firms = sorted({site.firm for site in scenario.sites} - abroad - owned)
        self._days = scenario.clock.days
        self._firm_sites = sorted(site.name for site in scenario.sites if site.firm in self.firms)

    def capability(self, run: Run) -> float:
        """Return their mean capability over the ladder on the last day, in functions performed or not.

        Firms that are not in the network do not count.
        """
        known = on_day(run.tables["knowledge"], last=True)
        return self._mean_capability(run, known.filter(pl.col("function").is_in(LADDER)), last=True)

    def skill(self, run: Run, last: bool = True) -> float:
        """Return their mean capability in the functions that they performed on the first day, on the last or that day.

        Firms that are not in the network do not count.
        """
        known, first = (on_day(run.tables["knowledge"], when) for when in (last, False))
        opening = first.filter(pl.col("performed") == 1)
        return self._mean_capability(run, known.join(opening, on=["firm", "function"], how="semi"), last)

    def share_of_inputs(self, run: Run, last: bool = True) -> float:
        """Return the share by value that local firms sent of what sites in the country were sent in a year.

        The year is the last of the run or the first, and the prices are those at the end.
        """
        prices = run.tables["links"].select("link", "price")
        sent = pl.col("shipped_day")
        in_year = sent >= self._days - YEAR_DAYS if last else sent < YEAR_DAYS
        bought = run.tables["orders"].filter(in_year & pl.col("buyer").is_in(self.sites)).join(prices, on="link")
        values = bought.select(
            value=pl.col("quantity") * pl.col("price"), is_local=pl.col("supplier").is_in(self._firm_sites)
        )
        total = float(values["value"].sum())
        return float(values.filter(pl.col("is_local"))["value"].sum()) / total if total else float("nan")

    def dropped(self, run: Run) -> float:
        """Return how many links of theirs buyers ended."""
        return self._events(run, "link_dropped")

    def bids_won(self, run: Run) -> float:
        """Return how many requests for quotation they won."""
        return self._events(run, "bid_awarded")

    def failed(self, run: Run) -> float:
        """Return how many of them failed."""
        return self._events(run, "firm_failed")

    def ever_in_debt(self, run: Run) -> float:
        """Return how many of them had a negative balance at some recorded time."""
        firms = run.tables["firms"]
        in_debt = firms.filter((pl.col("cash") < 0) & pl.col("firm").is_in(self.firms))
        return float(in_debt["firm"].n_unique())

    def functions_taken_on(self, run: Run) -> float:
        """Return how many functions they have taken on, less nothing for those they lost again."""
        upgrades = run.tables["upgrades"]
        return float(upgrades.filter((pl.col("kind") == "upgrade") & pl.col("firm").is_in(self.firms)).height)

    def _events(self, run: Run, kind: str) -> float:
        events = run.tables["events"]
        return float(events.filter((pl.col("kind") == kind) & pl.col("firm").is_in(self.firms)).height)

    def _mean_capability(self, run: Run, known: pl.DataFrame, last: bool) -> float:
        learners = on_day(run.tables["learners"], last)
        present = learners.filter((pl.col("present") == 1) & pl.col("firm").is_in(self.firms))
        rows = known.join(present, on="firm", how="semi")
        return float(rows["capability"].to_numpy().mean()) if rows.height else float("nan")
