"""Transfer and absorption: what twice the transfer brings to firms that absorb little and firms that absorb much.

Run ``python -m studies.absorption`` from the root of a checkout; it writes ``docs/studies/absorption.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from gpnde.charts.theme import styled
from gpnde.engine import simulate
from gpnde.plugin.host import plugin_host
from gpnde.scenario import load_scenario
from gpnde.study.intervals import Interval, mean_interval, paired_difference
from studies.measures import capability_gain, metric
from studies.page import FOLDER, markdown_table, write_page

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

PRESET = "taiwan-oem-pc"
SENSITIVITIES = (0.3, 2.2, 8.0)
"""Sensitivity of absorption to prior knowledge times effort: low, the default, high."""
REPLICATIONS = 16
PAGE = FOLDER / "absorption.md"
RATES: Mapping[str, tuple[str, ...]] = {
    "diffusion.spec-transfer": ("codified_per_month", "tacit_per_month"),
    "diffusion.licensing": ("codified_per_month",),
    "diffusion.fdi-affiliate": ("affiliate_per_month", "spillover_per_month"),
    "diffusion.early-involvement": ("codified_per_month", "tacit_per_month"),
    "diffusion.design-debate": ("online_per_month", "visits_per_year"),
    "diffusion.market-information": ("codified_per_month",),
    "diffusion.peer-network": ("codified_per_month", "tacit_per_month"),
    "diffusion.labour-mobility": ("quit_rate_per_year",),
    "diffusion.cluster-pool": ("codified_per_month", "tacit_per_month"),
    "diffusion.imitation": ("success_per_year",),
}
"""Parameters that are rates of transfer, by mechanism; other mechanisms create knowledge or scale its transfer."""
HEADER = (
    "Sensitivity",
    "Transferred ×",
    "Internalised ×",
    "Completion",
    "… change",
    "Lower tier gains",
    "… change",
    "Higher tier gains",
    "… change",
)


class Outcome(NamedTuple):
    """What one replication gave."""

    transferred: float
    internalised: float
    lower: float
    higher: float

    @property
    def completion(self) -> float:
        """Internalised per transferred."""
        return self.internalised / self.transferred


class Pairs(NamedTuple):
    """Outcomes of the same seeds with the usual rates of transfer and with twice the rates."""

    usual: list[Outcome]
    doubled: list[Outcome]


def run_study(
    replications: int, sensitivities: Sequence[float] = SENSITIVITIES, days: float | None = None
) -> dict[float, Pairs]:
    """Run every sensitivity with both rates and seeds 1, 2, …; equal replications share common random numbers."""
    seeds = range(1, replications + 1)
    twice = doubled_rates()
    return {
        sensitivity: Pairs(
            [_outcome(sensitivity, {}, seed, days) for seed in seeds],
            [_outcome(sensitivity, twice, seed, days) for seed in seeds],
        )
        for sensitivity in sensitivities
    }


def doubled_rates() -> dict[str, float]:
    """Return the settings that double every rate of transfer of the preset."""
    components = {each.name: each for each in plugin_host().build(load_scenario(PRESET).components)}
    return {
        f"{name}.{parameter}": 2.0 * float(getattr(components[name], parameter))
        for name, parameters in RATES.items()
        for parameter in parameters
    }


def _outcome(sensitivity: float, rates: Mapping[str, float], seed: int, days: float | None) -> Outcome:
    horizon = {} if days is None else {"clock.days": days}
    settings = {"knowledge.absorption.sensitivity": sensitivity, **rates, **horizon}
    run = simulate(load_scenario(PRESET, settings), seed=seed)
    return Outcome(
        transferred=metric(run, "transferred.all"),
        internalised=metric(run, "internalised.all"),
        lower=capability_gain(run, "lower"),
        higher=capability_gain(run, "higher"),
    )


def column(outcomes: Sequence[Outcome], field: str) -> list[float]:
    """Return one number of every replication."""
    return [float(getattr(outcome, field)) for outcome in outcomes]


def change(pairs: Pairs, field: str) -> Interval:
    """Return what doubling adds, replication by replication."""
    return paired_difference(column(pairs.doubled, field), column(pairs.usual, field))


def ratio(pairs: Pairs, field: str) -> Interval:
    """Return by what factor doubling scales, replication by replication."""
    both = zip(column(pairs.doubled, field), column(pairs.usual, field), strict=True)
    return mean_interval([after / before for after, before in both])


def table(outcomes: Mapping[float, Pairs]) -> str:
    """Return the table of the page: one row per sensitivity."""
    return markdown_table(HEADER, [_row(sensitivity, pairs) for sensitivity, pairs in outcomes.items()])


def _row(sensitivity: float, pairs: Pairs) -> list[str]:
    cells = [f"{sensitivity:g}", *(ratio(pairs, field).text(2) for field in ("transferred", "internalised"))]
    for field in ("completion", "lower", "higher"):
        cells += [mean_interval(column(pairs.usual, field)).text(), change(pairs, field).text(3, signed=True)]
    return cells


def chart(outcomes: Mapping[float, Pairs]) -> Chart:
    """Return what doubling adds to the capability of both tiers, with intervals."""
    import altair as alt

    base = alt.Chart(pl.DataFrame(_points(outcomes))).encode(
        x=alt.X("sensitivity:N", title="Sensitivity of absorption", sort=None, axis=alt.Axis(labelAngle=0)),
        xOffset="tier:N",
        color=alt.Color("tier:N", title=None),
    )
    rule = base.mark_rule().encode(y=alt.Y("low:Q", title="Gain in capability from twice the transfer"), y2="high:Q")
    point = base.mark_point(filled=True, size=60).encode(y="mean:Q")
    described = "What twice the transfer adds to capability, by sensitivity of absorption, with 95 % intervals."
    return styled((rule + point).properties(width=360, height=280), "Twice the transfer", described)


def _points(outcomes: Mapping[float, Pairs]) -> list[dict[str, float | str]]:
    named = {"lower": "Lower tier", "higher": "Higher tier"}
    return [
        {"sensitivity": f"{sensitivity:g}", "tier": name, **change(pairs, field).ends()}
        for sensitivity, pairs in outcomes.items()
        for field, name in named.items()
    ]


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(prog="python -m studies.absorption", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="runs per case, at least 2")
    outcomes = run_study(parser.parse_args(arguments).replications)
    write_page(page, table(outcomes), chart(outcomes))


if __name__ == "__main__":
    main()
