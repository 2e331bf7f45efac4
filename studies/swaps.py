"""Swaps: one word of a scenario in the place of another, and whether what docs/model.md says beforehand comes true.

Run ``python -m studies.swaps`` from the root of a checkout; it rewrites the table in ``docs/studies/swaps.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from gpnde.cells import ProductionProcess, ProductType
from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from gpnde.study.intervals import mean_interval, paired_difference
from studies.measures import on_day
from studies.page import FOLDER, markdown_table, verdict, write_tables

PRESET = "small-open-economy"
REPLICATIONS = 8
PAGE = FOLDER / "swaps.md"
HEADER = ("Swap", "Statement", "Measure", "Before", "Change", "Held")

Firms = frozenset[str]
Measure = Callable[[Run, Firms], float]
Change = Callable[[Scenario], Scenario]


class Statement(NamedTuple):
    """What a swap should change."""

    text: str
    measured_by: str
    """Name in `MEASURES`."""
    sign: int
    """1 where it should rise, -1 where it should fall, 0 where nothing is said beforehand."""


class Swap(NamedTuple):
    """Two scenarios that differ in one word, and the firms that are looked at."""

    name: str
    before: Change
    after: Change
    firms: Callable[[Scenario], Firms]
    statements: tuple[Statement, ...]


Pairs = list[tuple[Mapping[str, float], Mapping[str, float]]]
"""Each measure before and after, in the order of replications."""

Outcomes = dict[str, Pairs]
"""Pairs by swap."""


def _known(function: str, run: Run, firms: Firms) -> float:
    """Return the mean capability of firms in a function, or in all, on the last day."""
    rows = on_day(run.tables["knowledge"], last=True).filter(pl.col("firm").is_in(firms))
    rows = rows.filter(pl.col("function") == function) if function else rows
    return float(rows["capability"].to_numpy().mean())


def _lowest_cash(run: Run, firms: Firms) -> float:
    """Return the lowest cash of firms over that of day 0, in the mean."""
    cash = run.tables["firms"].filter(pl.col("firm").is_in(firms)).group_by("firm", maintain_order=True)
    least = cash.agg(pl.col("cash").min() / pl.col("cash").first())
    return float(least["cash"].to_numpy().mean())


def _markup(run: Run, firms: Firms) -> float:
    """Return the mean price over variable cost of what firms and their customers agree upon."""
    makers = _sites(run, firms)
    agreed = run.tables["agreements"].filter(pl.col("supplier").is_in(makers) & (pl.col("variable_cost") > 0))
    return float((agreed["price"] / agreed["variable_cost"]).to_numpy().mean())


def _markup_of_flagships(run: Run, firms: Firms) -> float:
    """Return the mean price over variable cost of brands in final markets."""
    rows = run.tables["generations"]
    return float((rows["price"] / rows["cost"]).to_numpy().mean())


def _sites(run: Run, firms: Firms) -> list[str]:
    return [site["name"] for site in run.scenario["sites"] if site["firm"] in firms]


def _events(kind: str, cause: str, run: Run, firms: Firms) -> float:
    """Return how often something happened to firms."""
    rows = run.tables["events"].filter((pl.col("kind") == kind) & pl.col("firm").is_in(firms))
    return float(len(rows.filter(pl.col("cause") == cause) if cause else rows))


def _profit(run: Run, firms: Firms) -> float:
    """Return the profit of firms in the whole run (million)."""
    rows = run.tables["accounts"].filter((pl.col("item") == "profit") & pl.col("firm").is_in(firms))
    return float(rows["amount"].to_numpy().sum()) / 1e6


MEASURES: Mapping[str, Measure] = {
    "capability, all functions": partial(_known, ""),
    "capability in assembly": partial(_known, "assembly_test"),
    "capability in engineering": partial(_known, "engineering"),
    "capability in product development": partial(_known, "product_dev"),
    "lowest cash, times that of day 0": _lowest_cash,
    "price over variable cost": _markup,
    "markup of flagships": _markup_of_flagships,
    "dismissals for score": partial(_events, "link_dropped", "score"),
    "failures": partial(_events, "firm_failed", ""),
    "profit (million)": _profit,
}


def _same(scenario: Scenario) -> Scenario:
    return scenario


def _rows(scenario: Scenario, table: str, is_meant: Callable[[Any], bool], **changed: object) -> Scenario:
    """Return the scenario with other values in some rows of a table."""
    rows = [row.model_copy(update=changed) if is_meant(row) else row for row in getattr(scenario, table)]
    return scenario.model_copy(update={table: tuple(rows)})


def _as(contract: str, scenario: Scenario) -> Scenario:
    return _rows(scenario, "links", lambda link: link.contract == "OEM", contract=contract)


def _owned_as(kind: str, scenario: Scenario) -> Scenario:
    shares = {"node_type": kind, "equity_share": None}
    return _rows(scenario, "firms", lambda firm: firm.owner is not None, **shares)


def _led_by(role: str, scenario: Scenario) -> Scenario:
    return _rows(scenario, "firms", lambda firm: firm.role == "brand-leader", role=role)


def _governed_by(profile: str, scenario: Scenario) -> Scenario:
    return _rows(scenario, "firms", lambda firm: True, profile=profile)


def _made_as(kind: ProductType, process: ProductionProcess, scenario: Scenario) -> Scenario:
    cell = {"type": kind, "process": process}
    products = {name: product.model_copy(update=cell) for name, product in scenario.products.items()}
    return scenario.model_copy(update={"products": products, "cells": {}})


def _under_oem(scenario: Scenario) -> Firms:
    owner = {site.name: site.firm for site in scenario.sites}
    return frozenset(owner[link.supplier] for link in scenario.links if link.contract == "OEM")


def _owned(scenario: Scenario) -> Firms:
    return frozenset(firm.name for firm in scenario.firms if firm.owner is not None and firm.enters == "at-start")


def _suppliers(scenario: Scenario) -> Firms:
    return frozenset(firm.name for firm in scenario.firms if firm.role != "brand-leader" and firm.enters == "at-start")


_OPEN = (Statement("open", "failures", 0), Statement("open", "profit (million)", 0))

SWAPS = (
    Swap(
        "OEM → ODM",
        _same,
        partial(_as, "ODM"),
        _under_oem,
        (
            Statement("suppliers know more of engineering", "capability in engineering", 1),
            Statement("they know more of product development", "capability in product development", 1),
            Statement("they know less of assembly", "capability in assembly", -1),
            *_OPEN,
        ),
    ),
    Swap(
        "OEM → turnkey",
        _same,
        partial(_as, "turnkey"),
        _under_oem,
        (
            Statement("suppliers know more of product development", "capability in product development", 1),
            Statement("their lowest cash is lower", "lowest cash, times that of day 0", -1),
            Statement("prices rise", "price over variable cost", 1),
            Statement("fewer are dismissed for their score", "dismissals for score", -1),
            *_OPEN,
        ),
    ),
    Swap(
        "OEM → arm's length",
        _same,
        partial(_as, "arms-length"),
        _under_oem,
        (
            Statement("suppliers know less", "capability, all functions", -1),
            Statement("prices fall", "price over variable cost", -1),
            *_OPEN,
        ),
    ),
    Swap(
        "partner → subsidiary",
        partial(_owned_as, "partner"),
        partial(_owned_as, "subsidiary"),
        _owned,
        (
            Statement("fewer are dismissed for their score", "dismissals for score", -1),
            Statement("cash goes to owners", "lowest cash, times that of day 0", -1),
            Statement("open", "capability, all functions", 0),
            *_OPEN,
        ),
    ),
    Swap(
        "open-modular → closed-relational",
        partial(_governed_by, "open-modular"),
        partial(_governed_by, "closed-relational"),
        _suppliers,
        (
            Statement("fewer are dismissed for their score", "dismissals for score", -1),
            Statement("suppliers know more", "capability, all functions", 1),
            Statement("open", "price over variable cost", 0),
            *_OPEN,
        ),
    ),
    Swap(
        "commodity-mass → differentiated-flexible",
        partial(_made_as, "commodity", "mass"),
        partial(_made_as, "differentiated", "flexible"),
        _suppliers,
        (
            Statement("flagships earn more on what they sell", "markup of flagships", 1),
            Statement("suppliers know more", "capability, all functions", 1),
            *_OPEN,
        ),
    ),
    Swap(
        "brand leader → contract manufacturer",
        _same,
        partial(_led_by, "contract-manufacturer"),
        _suppliers,
        (
            Statement("suppliers know less", "capability, all functions", -1),
            Statement("they know less of product development", "capability in product development", -1),
            *_OPEN,
        ),
    ),
)


def run_study(replications: int, swaps: Sequence[Swap] = SWAPS, days: float | None = None) -> Outcomes:
    """Run both sides of every swap with seeds 1, 2, …, so that both share common random numbers."""
    preset = load_scenario(PRESET, {} if days is None else {"clock.days": days})
    outcomes: Outcomes = {swap.name: [] for swap in swaps}
    for seed in range(1, replications + 1):
        unchanged = simulate(preset, seed=seed)
        for swap in swaps:
            before = unchanged if swap.before is _same else simulate(swap.before(preset), seed=seed)
            after = simulate(swap.after(preset), seed=seed)
            firms = swap.firms(preset)
            outcomes[swap.name].append((_measured(before, swap, firms), _measured(after, swap, firms)))
    return outcomes


def _measured(run: Run, swap: Swap, firms: Firms) -> dict[str, float]:
    return {each.measured_by: MEASURES[each.measured_by](run, firms) for each in swap.statements}


def table(outcomes: Outcomes, swaps: Sequence[Swap] = SWAPS) -> str:
    """Return the table of the page: one row per swap and statement."""
    rows = [_row(swap, each, outcomes[swap.name]) for swap in swaps for each in swap.statements]
    return markdown_table(HEADER, rows)


def _row(
    swap: Swap, statement: Statement, pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]
) -> list[str]:
    before, after = ([each[side][statement.measured_by] for each in pairs] for side in (0, 1))
    change = paired_difference(after, before)
    cells = [mean_interval(before).text(3), change.text(3, signed=True), verdict(statement.sign, change)]
    return [swap.name, statement.text, statement.measured_by, *cells]


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(prog="python -m studies.swaps", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="runs per side, at least 2")
    write_tables(page, [table(run_study(parser.parse_args(arguments).replications))])


if __name__ == "__main__":
    main()
