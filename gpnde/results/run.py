"""A run: what a simulation leaves behind, as tidy tables with units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.errors import ResultsError, nearest
from gpnde.extras import require_extra
from gpnde.results.columns import LATER, TABLES
from gpnde.results.fingerprint import fingerprint
from gpnde.results.names import slug
from gpnde.results.sites import with_changes
from gpnde.results.tables import columns_of, units
from gpnde.vocabulary import OUTAGE

if TYPE_CHECKING:
    import pandas
    import polars as pl
    import pyarrow

    from gpnde.results.history import History
    from gpnde.results.statements import FirmStatements, Period
    from gpnde.results.targets import Comparison, Plausibility


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """The tables of one run with everything that is needed to read, compare and repeat it."""

    scenario: dict[str, Any]
    """The resolved scenario as plain data."""
    seed: int
    replication: int
    tables: dict[str, pl.DataFrame]
    """Tables by name, as the contract in `gpnde.results.columns` says."""
    conservation: dict[str, float]
    """Largest relative error of each balance (goods, cash)."""
    counts: dict[str, int | float]
    """How large the run was: days, firms, sites, links, orders."""
    dropouts: dict[str, int] = field(default_factory=dict)
    """Outages and drop-outs by cause; see `outages` and `ended_by_cause`."""
    components: list[dict[str, Any]] = field(default_factory=list)
    """Components in force: name, distribution, version, parameters."""
    software: dict[str, str] = field(default_factory=dict)
    """Versions of gpnde and of the libraries that the numbers depend on."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Time spent on this machine: build, simulate."""
    notes: tuple[str, ...] = ()
    """What a reader should know about this run, one sentence each."""
    provenance: dict[str, int] = field(default_factory=dict)
    """How many of the scenario's numbers have each mark: chapter, derived, literature, assumption."""

    @property
    def outages(self) -> int:
        """Return the number of outages of sites, links and clusters; what stands still is not a drop-out."""
        return self.dropouts.get(OUTAGE, 0)

    @property
    def ended_by_cause(self) -> dict[str, int]:
        """Return the number of drop-outs by cause: links that buyers or contracts ended, and firms that left."""
        return {cause: count for cause, count in self.dropouts.items() if cause != OUTAGE}

    @property
    def name(self) -> str:
        """Return the name of the scenario."""
        return str(self.scenario["name"])

    @cached_property
    def network(self) -> Mapping[str, Any]:
        """The scenario with the sites that its firms have built in the run, and those closed that they have closed."""
        return with_changes(self.scenario, self.tables)

    @property
    def firms(self) -> pl.DataFrame:
        """Return cash, revenue and expense of each firm over time."""
        return self.table("firms")

    @property
    def sites(self) -> pl.DataFrame:
        """Return stocks and flows of each site over time."""
        return self.table("sites")

    @property
    def tiers(self) -> pl.DataFrame:
        """Return stocks and flows of each tier over time."""
        return self.table("tiers")

    @property
    def links(self) -> pl.DataFrame:
        """Return each supply relation with what it carried."""
        return self.table("links")

    @property
    def markets(self) -> pl.DataFrame:
        """Return demand and delivery of each market over time."""
        return self.table("markets")

    @property
    def orders(self) -> pl.DataFrame:
        """Return every order line between sites, where the scenario records them."""
        return self.table("orders")

    @property
    def sales(self) -> pl.DataFrame:
        """Return every order line of a market, where the scenario records them."""
        return self.table("sales")

    @property
    def events(self) -> pl.DataFrame:
        """Return what happened out of the ordinary: outages, drop-outs, bids, awards."""
        return self.table("events")

    @property
    def knowledge(self) -> pl.DataFrame:
        """Return what each firm knew of each function over time; no rows without knowledge."""
        return self.table("knowledge")

    @property
    def learners(self) -> pl.DataFrame:
        """Return effort, absorptive capacity and receipts of each firm over time; no rows without knowledge."""
        return self.table("learners")

    @property
    def policies(self) -> pl.DataFrame:
        """Return the account of each policy over time; no rows without policies."""
        return self.table("policies")

    @property
    def plants(self) -> pl.DataFrame:
        """Return staff, cost and plant of each site whose product takes labour, over time."""
        return self.table("plants")

    @property
    def site_changes(self) -> pl.DataFrame:
        """Return the sites that firms have built or closed by their own decision; no rows where they may not."""
        return self.table("site_changes")

    @property
    def accounts(self) -> pl.DataFrame:
        """Return income statement and balance sheet of each firm, quarter by quarter; no rows without finance."""
        return self.table("accounts")

    @property
    def agreements(self) -> pl.DataFrame:
        """Return price, cost and outside option of each link at each review; no rows where nobody bargains."""
        return self.table("agreements")

    @property
    def expectations(self) -> pl.DataFrame:
        """Return what each firm expected of a quarter and what came of it; no rows without knowledge."""
        return self.table("expectations")

    @property
    def trade(self) -> pl.DataFrame:
        """Return what was invoiced across borders, quarter by quarter; no rows without money or with one country."""
        return self.table("trade")

    @property
    def costs(self) -> pl.DataFrame:
        """Return costs by kind, site and link in every period; no rows without a block on costs."""
        return self.table("costs")

    @property
    def plant_lines(self) -> pl.DataFrame:
        """Return how the lines of plants that make several products spent their time; no rows without such plants."""
        return self.table("plant_lines")

    @property
    def services(self) -> pl.DataFrame:
        """Return what plants buy of services nearby and elsewhere; no rows without rules for them."""
        return self.table("services")

    @property
    def exchange(self) -> pl.DataFrame:
        """Return the value of each country's currency over time; no rows without currencies."""
        return self.table("exchange")

    @property
    def countries(self) -> pl.DataFrame:
        """Return institutions, frontier, expertise and budgets of each country over time; no rows without them."""
        return self.table("countries")

    @property
    def generations(self) -> pl.DataFrame:
        """Return price, cost and share of each rival brand over time; no rows without rivals."""
        return self.table("generations")

    @property
    def upgrades(self) -> pl.DataFrame:
        """Return each function that a firm took on or lost; no rows without knowledge."""
        return self.table("upgrades")

    @property
    def metrics(self) -> pl.DataFrame:
        """Return every metric with its value and unit."""
        return self.table("metrics")

    def table(self, name: str) -> pl.DataFrame:
        """Return the table *name*.

        Raises
        ------
        ResultsError
            There is no such table.
        """
        if name not in self.tables:
            raise ResultsError(
                where=f"table {name!r}",
                expected=f"unknown{nearest(name, self.tables)}: one of {', '.join(self.tables)}",
            )
        return self.tables[name]

    def metric(self, name: str) -> float:
        """Return the value of a metric; NaN where it could not be measured.

        Raises
        ------
        ResultsError
            This run has no such metric.
        """
        if slug(name) not in self._metric_values:
            hint = nearest(name, self._metric_values)
            raise ResultsError(
                where=f"metric {name!r}", expected=f"this run has none of that name{hint}: see run.metrics"
            )
        return self._metric_values[slug(name)]

    @cached_property
    def _metric_values(self) -> dict[str, float]:
        rows = self.metrics.select("metric", "value").iter_rows()
        return {name: math.nan if value is None else value for name, value in rows}

    def statements(self, firm: str, by: Period = "year") -> FirmStatements:
        """Return the income statement and the balance sheet of a firm (money), as tables that a person reads.

        Parameters
        ----------
        firm
            Name of the firm.
        by
            ``year`` (364 days) or ``quarter`` (91 days): what a column of the income statement tells of, and how often
            there is a balance sheet.

        Raises
        ------
        ResultsError
            The run has no finance, there is no such firm, or *by* is something else.

        Examples
        --------
        >>> import gpnde
        >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 182}))
        >>> statements = run.statements("brand-leader-1", by="quarter")
        >>> statements.income.columns, statements.balance.columns
        (['item', 'quarter 1', 'quarter 2', 'total'], ['item', 'day 0', 'day 91', 'day 182'])
        """
        from gpnde.results.statements import statements_of

        return statements_of(self, firm, by)

    def units(self, table: str) -> dict[str, str]:
        """Return the unit of each column of a table."""
        return units(table)

    def targets(self) -> list[Comparison]:
        """Return each target of the scenario beside the result of this run."""
        from gpnde.results.targets import compare_targets

        return compare_targets(self.scenario, self.tables)

    def plausibility(self) -> list[Plausibility]:
        """Return each range in which the scenario takes a figure to be plausible, beside the result of this run."""
        from gpnde.results.targets import compare_bands

        return compare_bands(self.scenario, self.tables)

    @cached_property
    def history(self) -> History | None:
        """What firms knew over time as arrays; None for a run without knowledge."""
        from gpnde.results.history import history_of

        return history_of(self.tables)

    @cached_property
    def fingerprint(self) -> str:
        """The 16 hexadecimal digits that are equal exactly where all tables are equal."""
        return fingerprint({name: table for name, table in self.tables.items() if table.height or name not in LATER})

    def to_arrow(self, table: str) -> pyarrow.Table:
        """Return a table for Arrow, with unit and meaning of each column in the field's metadata.

        Raises
        ------
        ResultsError
            The table is unknown.
        MissingExtra
            The extra ``study``, which brings pyarrow, is not installed.
        """
        require_extra("study", "pyarrow")
        contract: Mapping[str, Any] = columns_of(table) if table in TABLES else {}
        arrow = self.table(table).to_arrow()
        for position, column in enumerate(arrow.schema):
            if column.name in contract:
                marked = column.with_metadata(contract[column.name]._asdict())
                arrow = arrow.set_column(position, marked, arrow.column(position))
        return arrow

    def to_pandas(self, table: str) -> pandas.DataFrame:
        """Return a table for pandas, with the units in ``.attrs["units"]``.

        Raises
        ------
        ResultsError
            The table is unknown.
        MissingExtra
            The extra ``study``, which brings pandas, is not installed.
        """
        require_extra("study", "pandas", "pyarrow")
        frame = self.table(table).to_pandas()
        frame.attrs["units"] = units(table)
        return frame

    def to_json(self) -> dict[str, Any]:
        """Return the run in numbers, as plain data: no tables, and null for what could not be measured."""
        return {
            "scenario": self.name,
            "seed": self.seed,
            "replication": self.replication,
            **{key: self.counts.get(key, 0) for key in ("days", "firms", "sites", "links", "orders")},
            "fingerprint": self.fingerprint,
            "conservation": _without_nan(self.conservation),
            "dropouts": dict(self.dropouts),
            "metrics": _without_nan(self._metric_values),
            "targets": [_without_nan(target._asdict()) for target in self.targets()],
            "seconds": _without_nan(self.seconds),
        }

    def summary(self) -> str:
        """Return a report in plain text, at most 80 columns wide."""
        from gpnde.results.summary import summary

        return summary(self)

    def save(self, directory: str | Path, also: Callable[[Path], object] | None = None) -> Path:
        """Write the run to a new folder; see `gpnde.results.storage.save_run`."""
        from gpnde.results.storage import save_run

        return save_run(self, directory, also)

    def __repr__(self) -> str:
        """Return the run in one line."""
        return f"<Run of {self.name!r}: seed {self.seed}, replication {self.replication}, {self.fingerprint}>"

    def _repr_html_(self) -> str:
        """Return the run as shown by a notebook."""
        from gpnde.results.notebook import run_as_html

        return run_as_html(self)


def _without_nan(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping in which null stands for numbers that are not finite, as JSON demands."""
    return {key: None if is_unmeasured(value) else value for key, value in values.items()}


def is_unmeasured(value: object) -> bool:
    """Return whether a value is a number that is not finite, which JSON cannot hold.

    >>> is_unmeasured(math.nan), is_unmeasured(0.5), is_unmeasured("nan")
    (True, False, False)
    """
    return isinstance(value, float) and not math.isfinite(value)
