"""Expected against realised gains: what a firm believes capability brings, and what it brings its twin.

Run ``python -m studies.twins`` from the root of a checkout; it writes ``docs/studies/twins.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from gpnde.charts.theme import styled
from gpnde.engine.simulate import OpenRun, Snapshot, open_run, restore
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from gpnde.study.intervals import mean_interval
from gpnde.vocabulary import FUNCTIONS, QUARTER_DAYS, YEAR_DAYS
from gpnde.world.knowledge import KnowledgeState
from studies.page import FOLDER, markdown_table, write_page

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

PRESETS: Mapping[str, int] = {"small-open-economy": 2, "taiwan-oem-pc": 1}
"""Runs by preset, each with a twin for every firm."""
START_DAY = 392.0
QUARTERS = 16
RAISE = 0.1
"""What is added to the capability of a twin in the functions that it performs."""
DISCOUNT_PER_YEAR = 0.08
"""That of firms in both presets."""
PAGE = FOLDER / "twins.md"
HEADER = (
    "Preset", "Tier", "Twins", "Expected", "Realised", "Realised / expected", "Median", "Slope", "Rank correlation",
    "All learn, realised / expected",
)  # fmt: skip


class Twin(NamedTuple):
    """What a firm expected of a rise in its capability, and what the rise brought: discounted profit (money)."""

    tier: int
    expected: float
    realised: float

    @property
    def ratio(self) -> float:
        """Realised over expected."""
        return self.realised / self.expected


class Outcome(NamedTuple):
    """Twins of single firms, and of all firms of a tier at once; each of the latter sums up its firms."""

    single: list[Twin]
    together: list[Twin]


def run_study(
    preset: str, replications: int, settings: Mapping[str, object] | None = None, firms: Sequence[str] = ()
) -> Outcome:
    """Run a preset with seeds 1, 2, … and a twin of each run for each firm that has room to learn, or of *firms*."""
    days = START_DAY + QUARTERS * QUARTER_DAYS
    scenario = load_scenario(preset, {"clock.days": days, **(settings or {})})
    found = [_of_seed(scenario, seed, firms) for seed in range(1, replications + 1)]
    return Outcome([twin for one in found for twin in one.single], [twin for one in found for twin in one.together])


def _of_seed(scenario: Scenario, seed: int, chosen: Sequence[str]) -> Outcome:
    opened = open_run(scenario, seed=seed)
    opened.advance(START_DAY)
    begun, known = opened.snapshot(), _most_known(opened)
    base = opened.finish()
    hopes = {name: hope for name, hope in _hopes(base).items() if known[name] + RAISE <= 1.0}
    tiers = {firm.name: firm.tier for firm in scenario.firms}
    before = _values(base)

    def gain(names: Sequence[str], after: Mapping[str, float]) -> Twin:
        realised = sum(after[name] - before[name] for name in names)
        return Twin(tiers[names[0]], sum(hopes[name] for name in names), realised)

    single = [name for name in hopes if not chosen or name in chosen]
    return Outcome(
        [gain([name], _values(_raised(begun, scenario, [name]))) for name in single],
        [gain(names, _values(_raised(begun, scenario, names))) for names in _by_tier(single, tiers)],
    )


def _by_tier(names: Sequence[str], tiers: Mapping[str, int]) -> Iterator[list[str]]:
    for tier in sorted({tiers[name] for name in names}):
        yield [name for name in names if tiers[name] == tier]


def _hopes(run: Run) -> dict[str, float]:
    """Return what each firm expects of the rise when it begins, as far as it expects a gain (money)."""
    latest = run.expectations.filter(pl.col("day") <= START_DAY).group_by("firm", maintain_order=True).last()
    hopeful = latest.filter((pl.col("capability_worth") > 0.0) & (pl.col("day") > START_DAY - QUARTER_DAYS))
    return {row["firm"]: RAISE * row["capability_worth"] for row in hopeful.iter_rows(named=True)}


def _most_known(opened: OpenRun) -> dict[str, float]:
    """Return the highest capability of each firm in any function."""
    return dict(zip(opened.simulation.world.names.firms, _knowledge(opened).stock.max(axis=(0, 2)), strict=True))


def _raised(begun: Snapshot, scenario: Scenario, names: Sequence[str]) -> Run:
    """Return the rest of a run after firms have come to know more of what they do, codified and tacit alike."""
    opened = restore(begun)
    raise_capability(opened, scenario, names, RAISE)
    return opened.finish()


def raise_capability(opened: OpenRun, scenario: Scenario, names: Sequence[str], amount: float) -> None:
    """Add to what firms know, codified and tacit alike, of the functions that their sites perform on day 0."""
    knowledge, firms = _knowledge(opened), opened.simulation.world.names.firms
    stock = knowledge.stock.copy()
    for name in names:
        performed = sorted({FUNCTIONS.index(site.function) for site in scenario.sites if site.firm == name})
        stock[:, firms.index(name), performed] += amount
    knowledge.stock = stock


def _knowledge(opened: OpenRun) -> KnowledgeState:
    found = opened.simulation.world.knowledge
    if found is None:
        raise ValueError("knowledge: none in this scenario: must be there for twins to learn")
    return found


def _values(run: Run) -> dict[str, float]:
    """Return the profit of each firm after the rise, discounted to its day (money)."""
    profits = run.accounts.filter((pl.col("item") == "profit") & (pl.col("day") > START_DAY))
    discounted = profits.with_columns(
        value=pl.col("amount") * (-DISCOUNT_PER_YEAR * (pl.col("day") - START_DAY) / YEAR_DAYS).exp()
    )
    values = dict(discounted.group_by("firm").agg(pl.col("value").sum()).iter_rows())
    return {firm["name"]: values.get(firm["name"], 0.0) for firm in run.scenario["firms"]}


def slope(twins: Sequence[Twin]) -> float:
    """Return the slope of realised on expected gains by least squares.

    >>> slope([Twin(1, 1.0, 3.0), Twin(1, 2.0, 5.0), Twin(1, 3.0, 7.0)])
    2.0
    """
    expected, realised = np.array([(twin.expected, twin.realised) for twin in twins]).T
    spread = expected - expected.mean()
    return float(spread @ realised / (spread @ spread)) if spread.any() else math.nan


def rank_correlation(twins: Sequence[Twin]) -> float:
    """Return the rank correlation of expected and realised gains (Spearman, 1904).

    >>> rank_correlation([Twin(1, 1.0, 3.0), Twin(1, 2.0, 9.0), Twin(1, 3.0, 12.0)])
    1.0
    """
    both = pl.DataFrame(twins, schema=Twin._fields, orient="row")
    return float(both.select(pl.corr("expected", "realised", method="spearman")).item())


def table(outcomes: Mapping[str, Outcome]) -> str:
    """Return the table of the page: one row per preset and tier."""
    rows = [
        _row(preset, tier, outcome)
        for preset, outcome in outcomes.items()
        for tier in sorted({twin.tier for twin in outcome.single})
    ]
    return markdown_table(HEADER, rows)


def _row(preset: str, tier: int, outcome: Outcome) -> list[str]:
    single, together = ([twin for twin in twins if twin.tier == tier] for twins in outcome)
    expected, realised = (sum(getattr(twin, field) for twin in single) / len(single) for field in Twin._fields[1:])
    ratios = [twin.ratio for twin in single]
    mean = mean_interval(ratios).text(2) if len(ratios) > 1 else f"{ratios[0]:.2f}"
    several = len(single) > 2
    return [
        *(preset, str(tier), str(len(single)), f"{expected:,.0f}", f"{realised:,.0f}", mean),
        f"{np.median(ratios):.2f}",
        *([f"{slope(single):.2f}", f"{rank_correlation(single):.2f}"] if several else ["–", "–"]),
        f"{sum(twin.realised for twin in together) / sum(twin.expected for twin in together):.2f}",
    ]


def chart(outcomes: Mapping[str, Outcome]) -> Chart:
    """Return realised over expected gains, a point for each twin."""
    import altair as alt

    points = [
        {"preset": preset, "tier": f"Tier {twin.tier}", "expected": twin.expected, "realised": twin.realised}
        for preset, outcome in outcomes.items()
        for twin in outcome.single
    ]
    gains = alt.Chart(pl.DataFrame(points)).mark_point(filled=True, size=40, opacity=0.6)
    scale = alt.Scale(type="symlog", constant=1e4)
    ticks = [sign * size for size in (1e4, 1e5, 1e6, 1e7) for sign in (-1, 1)]
    axis = alt.Axis(labelExpr="format(datum.value, '~s')", values=[0.0, *ticks])
    picture = gains.encode(
        x=alt.X("expected:Q", title="Expected gain (money)", scale=scale, axis=axis),
        y=alt.Y("realised:Q", title="Realised gain (money)", scale=scale, axis=axis),
        color=alt.Color("tier:N", title=None),
        shape=alt.Shape("preset:N", title=None),
    )
    described = "What single firms gain from knowing more against what they expected, by tier and preset."
    return styled(picture.properties(width=420, height=320), "Expected and realised gains", described)


def main(page: Path = PAGE) -> None:
    """Run the study and write its page."""
    outcomes = {preset: run_study(preset, replications) for preset, replications in PRESETS.items()}
    write_page(page, table(outcomes), chart(outcomes))


if __name__ == "__main__":
    main()
