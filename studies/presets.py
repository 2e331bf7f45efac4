"""What runs of the presets find: the tables in their pages, as means over seeds with the lowest and the highest run.

Run ``scripts/presets``, or ``python -m studies.presets`` from the root of a checkout; it rewrites the tables in
``docs/presets``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import polars as pl

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from studies.clusters import supplier_skill
from studies.local import Local
from studies.measures import metric
from studies.page import FOLDER, markdown_table, write_tables
from studies.policies import COUNTRY

REPLICATIONS = 8
PAGES = FOLDER.parent / "presets"
HEADER = ("Result", "Mean", "Lowest to highest")
ALIKE = "all alike"
"""What stands for the ends where all runs give the same."""

Measure = Callable[[Run], float]
Values = list[float]
"""What one run gave, in the order of the rows."""

Spread = Callable[..., Iterable[Values]]
"""What calls a function with the items of two lists in turn, as ``map`` does, on one core or on many."""


class Form(NamedTuple):
    """How values are written."""

    decimals: int
    decimals_of_ends: int
    scale: float = 1.0
    unit: str = ""

    def cells(self, values: Sequence[float]) -> list[str]:
        """Return the mean, and the lowest and the highest value.

        >>> Form(1, 0).cells([1.0, 2.0, 6.0])
        ['3.0', '1 to 6']
        >>> Form(1, 1, 100.0, " %").cells([0.5, 0.5])
        ['50.0 %', 'all alike']
        """
        mean = f"{self.scale * sum(values) / len(values):.{self.decimals}f}{self.unit}"
        low, high = (f"{self.scale * end:.{self.decimals_of_ends}f}" for end in (min(values), max(values)))
        return [mean, ALIKE if min(values) == max(values) else f"{low} to {high}"]


SHARE = Form(1, 1, 100.0, " %")
INDEX = Form(3, 3)
COUNT = Form(1, 0)


class Row(NamedTuple):
    """One row of a table: what it says, how it is read off a run, and how it is written."""

    label: str
    measure: Measure
    form: Form


def of_metric(name: str) -> Measure:
    """Return what reads a metric off a run."""
    return lambda run: metric(run, name)


def of_local(read: Callable[..., float], **given: bool) -> Measure:
    """Return what reads something off a run about the local firms of the small economy, by a method of `Local`."""
    return lambda run: read(Local(Scenario.model_validate(run.scenario), COUNTRY), run, **given)


def count_of(kind: str) -> Measure:
    """Return what counts the events of a kind."""
    return lambda run: float((run.tables["events"]["kind"] == kind).sum())


def own_brands_given_up(run: Run) -> float:
    """Return how often firms lost strategic marketing, without which there is no brand of their own."""
    lost = (pl.col("kind") == "downgrade") & (pl.col("function") == "strategic_marketing")
    return float(run.tables["upgrades"].filter(lost).height)


def opened(run: Run) -> float:
    """Return how many plants firms have built and opened."""
    changes = run.tables["site_changes"]
    return float(changes.filter(pl.col("opened_day").is_not_null()).height)


def _shares_in_asia(measure: str) -> tuple[Row, ...]:
    """Return rows with the share of each place in what Seagate has in Asia at the end."""
    places = ("Bangkok", "Penang", "Singapore", "China", "Indonesia")
    first = f"{places[0]}'s share of Asian {measure} at the end"
    labels = (first, *(f"… of {place}" for place in places[1:]))
    return tuple(
        Row(label, of_metric(f"space.share.{measure}.{place.lower()}.asia"), SHARE)
        for label, place in zip(labels, places, strict=True)
    )


def _paths(*clusters: str) -> tuple[Row, ...]:
    """Return rows with the capability of the suppliers in some clusters on the first day and on the last."""
    return tuple(
        Row(label, partial(supplier_skill, cluster=cluster, last=last), INDEX)
        for cluster in clusters
        for last, label in ((False, f"Capability of suppliers in {cluster} on day 0"), (True, "… at the end"))
    )


_GAP = (
    Row("Higher tier ahead of the lower on day 0 (`tier_gap.start`)", of_metric("tier_gap.start"), INDEX),
    Row("… at the end (`tier_gap`)", of_metric("tier_gap"), INDEX),
)
_WITHIN = Row("Rise of mean capability inside suppliers (`upgrading.within`)", of_metric("upgrading.within"), INDEX)
_INTERNALISED = Row(
    "Transferred knowledge that was internalised (`completion.all`)", of_metric("completion.all"), SHARE
)
_BY_SCORE = Row("Drop-outs by score", of_metric("selection.dropouts.score"), COUNT)

TABLES: Mapping[str, tuple[Row, ...]] = {
    "hdd-southeast-asia": (
        Row("Asia's share of Seagate's capacity on day 0", of_metric("space.start.share.capacity.asia"), SHARE),
        Row("… at the end (`space.share.capacity.asia`)", of_metric("space.share.capacity.asia"), SHARE),
        Row("Asia's share of its employment on day 0", of_metric("space.start.share.employment.asia"), SHARE),
        Row("… at the end (`space.share.employment.asia`)", of_metric("space.share.employment.asia"), SHARE),
        Row("Plants of Seagate at the end (`space.sites`)", of_metric("space.sites"), COUNT),
        Row("Asia's share of them (`space.share.sites.asia`)", of_metric("space.share.sites.asia"), SHARE),
        *_shares_in_asia("capacity"),
        *_shares_in_asia("employment"),
        *_paths("Singapore", "Penang", "Bangkok"),
        Row("Fill rate", of_metric("flow.fill_rate"), SHARE),
        Row("Supplier OTIF (on time, in full)", of_metric("flow.otif.links"), SHARE),
        Row("Plants that firms opened", opened, COUNT),
        Row("Firms that failed", count_of("firm_failed"), COUNT),
        *_GAP,
        Row("Functions taken on", of_metric("upgrading.events.up"), COUNT),
    ),
    "small-open-economy": (
        Row("Fill rate", of_metric("flow.fill_rate"), SHARE),
        Row(
            "Imported inputs of the small economy (`pyramid.import_content.small-economy`)",
            of_metric("pyramid.import_content.small-economy"),
            SHARE,
        ),
        Row("Inputs that local firms sent in the first year", of_local(Local.share_of_inputs, last=False), SHARE),
        Row("… in the last year", of_local(Local.share_of_inputs), SHARE),
        Row("Mean capability of local firms in what they do on day 0", of_local(Local.skill, last=False), INDEX),
        Row("… at the end", of_local(Local.skill), INDEX),
        *_GAP,
        _INTERNALISED,
        Row("Functions taken on by all firms", of_metric("upgrading.events.up"), COUNT),
        Row("… by local firms", of_local(Local.functions_taken_on), COUNT),
        _BY_SCORE,
        Row("Requests for quotation that local firms won", of_local(Local.bids_won), COUNT),
        Row("Local firms in debt at some time", of_local(Local.ever_in_debt), COUNT),
        Row("Local firms that failed", of_local(Local.failed), COUNT),
        Row("Firms that entered", count_of("firm_entered"), COUNT),
    ),
    "taiwan-oem-pc": (
        Row("Fill rate in the US", of_metric("flow.fill_rate.us"), SHARE),
        Row("… in Europe", of_metric("flow.fill_rate.europe"), SHARE),
        _WITHIN,
        *_GAP,
        _INTERNALISED,
        Row("Functions taken on", of_metric("upgrading.events.up"), COUNT),
        Row("… own brands", of_metric("upgrading.events.strategic_marketing"), COUNT),
        Row("Functions lost", of_metric("upgrading.events.down"), COUNT),
        Row("… own brands", own_brands_given_up, COUNT),
        _BY_SCORE,
    ),
}
"""Rows of the table of each preset, by its name."""


def measured(name: str, seed: int, days: float | None = None) -> Values:
    """Run a preset, to its end unless *days* are given, and return the value of each row of its table."""
    run = simulate(load_scenario(name, {} if days is None else {"clock.days": days}), seed=seed)
    return [row.measure(run) for row in TABLES[name]]


def run_study(replications: int, spread: Spread = map, days: float | None = None) -> dict[str, list[Values]]:
    """Run every preset with seeds 1, 2, … and return what the runs gave, by preset and in the order of seeds."""
    names = [name for name in TABLES for _ in range(replications)]
    seeds = [*range(1, replications + 1)] * len(TABLES)
    found = iter(spread(partial(measured, days=days), names, seeds))
    return {name: list(islice(found, replications)) for name in TABLES}


def table(name: str, runs: Sequence[Values]) -> str:
    """Return the table of a preset."""
    columns = zip(TABLES[name], zip(*runs, strict=True), strict=True)
    return markdown_table(HEADER, [[row.label, *row.form.cells(values)] for row, values in columns])


def page_of(name: str) -> Path:
    """Return the page of a preset."""
    return PAGES / f"{name}.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the presets on all cores and write the tables of their pages."""
    parser = argparse.ArgumentParser(prog="python -m studies.presets", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="runs per preset, at least 1")
    replications = parser.parse_args(arguments).replications
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = run_study(replications, pool.map)
    for name, runs in found.items():
        write_tables(page_of(name), [table(name, runs)])


if __name__ == "__main__":
    main()
