"""What becomes of the firms of one country that nobody abroad owns."""

from __future__ import annotations

import polars as pl

from gpnde.results.run import Run
from gpnde.scenario import Scenario
from gpnde.scenario.knowledge import LADDER
from gpnde.world.tables import YEAR_DAYS


class Local:
    """Reads off runs of a scenario what local firms of a country know, sell, lose and take on."""

    def __init__(self, scenario: Scenario, country: str) -> None:
        """Find the sites in the country, and the firms with all their sites there that no firm owns."""
        clusters = {cluster.name for cluster in scenario.clusters if cluster.country == country}
        owned = {firm.name for firm in scenario.firms if firm.owner is not None}
        abroad = {site.firm for site in scenario.sites if site.cluster not in clusters}
        self.sites = sorted(site.name for site in scenario.sites if site.cluster in clusters)
        self.firms = sorted({site.firm for site in scenario.sites} - abroad - owned)
        self._last_year = scenario.clock.days - YEAR_DAYS
        self._firm_sites = sorted(site.name for site in scenario.sites if site.firm in self.firms)

    def capability(self, run: Run) -> float:
        """Return their mean capability over the ladder on the last day, in functions performed or not.

        Firms that are not in the network do not count.
        """
        learners, known = (run.tables[name] for name in ("learners", "knowledge"))
        present = learners.filter(_last(learners) & (pl.col("present") == 1) & pl.col("firm").is_in(self.firms))
        rows = known.filter(_last(known) & pl.col("function").is_in(LADDER)).join(present, on="firm", how="semi")
        return float(rows["capability"].to_numpy().mean()) if rows.height else float("nan")

    def share_of_inputs(self, run: Run) -> float:
        """Return the share by value of what sites in the country were sent in the last year that local firms sent."""
        prices = run.tables["links"].select("link", "price")
        recent = pl.col("shipped_day") >= self._last_year
        bought = run.tables["orders"].filter(recent & pl.col("buyer").is_in(self.sites)).join(prices, on="link")
        values = bought.select(
            value=pl.col("quantity") * pl.col("price"), is_local=pl.col("supplier").is_in(self._firm_sites)
        )
        total = float(values["value"].sum())
        return float(values.filter(pl.col("is_local"))["value"].sum()) / total if total else float("nan")

    def dropped(self, run: Run) -> float:
        """Return how many links of theirs buyers ended."""
        events = run.tables["events"]
        return float(events.filter((pl.col("kind") == "link_dropped") & pl.col("firm").is_in(self.firms)).height)

    def functions_taken_on(self, run: Run) -> float:
        """Return how many functions they have taken on, less nothing for those they lost again."""
        upgrades = run.tables["upgrades"]
        return float(upgrades.filter((pl.col("kind") == "upgrade") & pl.col("firm").is_in(self.firms)).height)


def _last(table: pl.DataFrame) -> pl.Expr:
    return pl.col("day") == table["day"].max()
