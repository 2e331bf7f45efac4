"""Pressure and capability: what a higher threshold of the scorecard does to suppliers of either tier.

Run ``python -m studies.pressure`` from the root of a checkout; it writes ``docs/studies/pressure.md``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from gpnde.charts.theme import styled
from gpnde.engine import simulate
from gpnde.scenario import load_scenario
from gpnde.study.intervals import mean_interval, paired_difference
from studies.measures import ladder_capability, metric
from studies.page import FOLDER, markdown_table, write_page

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

PRESET = "taiwan-oem-pc"
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
REPLICATIONS = 16
PAGE = FOLDER / "pressure.md"
HEADER = (
    "Threshold",
    "Lower tier",
    "… less that at the lowest threshold",
    "Higher tier",
    "… less that at the lowest threshold",
    "Within firms",
    "Drop-outs by score",
    "Failed firms",
    "Demand filled",
)
NOBODY = "–"
"""Stands where there is no other case, or fewer than two runs have a supplier of that tier left at the end."""


class Outcome(NamedTuple):
    """What one replication gave."""

    lower: float
    higher: float
    within: float
    dropouts: float
    failed: float
    fill: float


Outcomes = dict[float, list[Outcome]]
"""Outcomes by threshold, in the order of replications."""


def run_study(replications: int, thresholds: Sequence[float] = THRESHOLDS, days: float | None = None) -> Outcomes:
    """Run every threshold with seeds 1, 2, … so that replications of the same number share common random numbers."""
    return {
        threshold: [_outcome(threshold, seed, days) for seed in range(1, replications + 1)] for threshold in thresholds
    }


def _outcome(threshold: float, seed: int, days: float | None) -> Outcome:
    horizon = {} if days is None else {"clock.days": days}
    run = simulate(load_scenario(PRESET, {"selection.threshold": threshold, **horizon}), seed=seed)
    return Outcome(
        lower=ladder_capability(run, "lower"),
        higher=ladder_capability(run, "higher"),
        within=metric(run, "upgrading.within"),
        dropouts=metric(run, "selection.dropouts.score"),
        failed=float((run.tables["events"]["kind"] == "firm_failed").sum()),
        fill=metric(run, "flow.fill_rate"),
    )


def column(outcomes: Sequence[Outcome], field: str) -> list[float]:
    """Return one number of every replication."""
    return [float(getattr(outcome, field)) for outcome in outcomes]


def known_of(outcomes: Sequence[Outcome], field: str) -> list[float]:
    """Return that number of the replications that have it."""
    return [value for value in column(outcomes, field) if math.isfinite(value)]


def table(outcomes: Outcomes) -> str:
    """Return the table of the page: one row per threshold."""
    lowest = outcomes[min(outcomes)]
    return markdown_table(HEADER, [_row(threshold, rows, lowest) for threshold, rows in outcomes.items()])


def _row(threshold: float, rows: Sequence[Outcome], lowest: Sequence[Outcome]) -> list[str]:
    def level(field: str, decimals: int = 3) -> str:
        known = known_of(rows, field)
        return mean_interval(known).text(decimals) if len(known) > 1 else NOBODY

    def effect(field: str) -> str:
        pairs = zip(column(rows, field), column(lowest, field), strict=True)
        known = [(value, before) for value, before in pairs if math.isfinite(value)]
        if rows is lowest or len(known) < 2:
            return NOBODY
        return paired_difference(*zip(*known, strict=True)).text(3, signed=True)

    capability = [level("lower"), effect("lower"), level("higher"), effect("higher")]
    return [f"{threshold:g}", *capability, level("within"), level("dropouts", 1), level("failed", 1), level("fill")]


def chart(outcomes: Outcomes) -> Chart:
    """Return capability by threshold for both tiers, with intervals."""
    import altair as alt

    base = alt.Chart(pl.DataFrame(_points(outcomes))).encode(
        x=alt.X("threshold:Q", title="Threshold of the scorecard", scale=alt.Scale(zero=False)),
        color=alt.Color("tier:N", title=None),
    )
    scale = alt.Scale(zero=False)
    band = base.mark_area(opacity=0.25).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")
    line = base.mark_line(point=True).encode(
        y=alt.Y("mean:Q", title="Mean capability over the ladder at the end", scale=scale)
    )
    described = "Mean capability of lower-tier and higher-tier suppliers by threshold, with 95 % intervals."
    return styled((band + line).properties(width=480, height=280), "Pressure and capability", described)


def _points(outcomes: Outcomes) -> list[dict[str, float | str]]:
    named = {"lower": "Lower tier", "higher": "Higher tier"}
    known = {
        (threshold, name): known_of(rows, field)
        for threshold, rows in outcomes.items()
        for field, name in named.items()
    }
    return [
        {"threshold": threshold, "tier": name, **mean_interval(values).ends()}
        for (threshold, name), values in known.items()
        if len(values) > 1
    ]


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(prog="python -m studies.pressure", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="runs per threshold, at least 2")
    outcomes = run_study(parser.parse_args(arguments).replications)
    write_page(page, table(outcomes), chart(outcomes))


if __name__ == "__main__":
    main()
