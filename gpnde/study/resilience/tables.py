"""The tables of a resilience report, made of the runs of its studies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gpnde.study.intervals import mean_interval
from gpnde.study.resilience.causes import dropouts, shortfall_by_cause
from gpnde.study.resilience.design import DISRUPTED
from gpnde.study.resilience.options import Options, Window
from gpnde.study.resilience.pairs import FATES, Course, Rules, Times, course_of, fates, prices, times
from gpnde.study.resilience.risk import figures
from gpnde.study.resilience.things import BASELINE, Thing

if TYPE_CHECKING:
    import polars as pl

    from gpnde.scenario.schema import Scenario
    from gpnde.study.results import StudyResults

CAUSE, FATE, DROPOUTS = "cause", "fate", "drop-outs"
"""How a loss is split: by why markets went short, by what became of the units, and what dropped out beside it."""

_HIT = FATES[:3]
"""Fates of what was lost or late."""

_MEANS = ("survive_days", "recover_days", "units", "revenue")

THING_COLUMNS: dict[str, Any] = {
    "rank": int, "kind": str, "name": str, "clusters": str, "pairs": int, "survived": int, "not_recovered": int,
    **{f"{what}{end}": float for what in _MEANS for end in ("", "_low", "_high")},
    **{f"{what}_{fate}": float for what in ("units", "revenue") for fate in ("lost", "late", "waiting", "not_asked")},
}  # fmt: skip
"""Columns of the table of things. Times in days, *units* and *revenue* (money) lost or late; *survived* of the pairs
never went short, *not_recovered* were not back when the run ended."""

PART_COLUMNS: dict[str, Any] = {
    "kind": str, "name": str, "split": str, "part": str, "units": float, "units_low": float, "units_high": float,
    "revenue": float, "revenue_low": float, "revenue_high": float,
}  # fmt: skip
"""Columns of the table of parts: a loss by cause and by fate, and the number of drop-outs by cause (as units)."""

RISK_COLUMNS: dict[str, Any] = {
    "measure": str, "unit": str, "statistic": str, "level": float, "value": float, "low": float, "high": float,
    "runs": int,
}  # fmt: skip

LOSS_COLUMNS: dict[str, Any] = {
    "replication": int, "units_lost": float, "units": float, "revenue_lost": float, "revenue": float,
}  # fmt: skip
"""Columns of the table of losses: of each pair of runs, what was lost, and what was lost or late."""


class Kept(NamedTuple):
    """What is kept of one run."""

    course: Course
    events: pl.DataFrame
    markets: tuple[str, ...]


class Pair(NamedTuple):
    """What an outage did in one pair of runs."""

    times: Times
    fates: Mapping[str, tuple[float, float]]
    """Units and revenue (money) of each fate."""
    causes: Mapping[str, tuple[float, float]]
    dropouts: Mapping[str, int]

    def hit(self, which: int) -> float:
        """Return the units (0) or the revenue (1) that were lost or late."""
        return math.fsum(self.fates[fate][which] for fate in _HIT)


def runs_of(results: StudyResults, day: float) -> dict[tuple[str, int], Kept]:
    """Return what is kept of each run that is ok from a *day* on, by arm and replication."""
    import polars as pl

    markets, events = (_by_key(results.table(name)) for name in ("markets", "events"))
    none = results.table("events").clear()
    runs = results.runs.filter(pl.col("status") == "ok").select("key", "arm", "replication")
    found: dict[tuple[str, int], Kept] = {}
    for key, arm, replication in runs.sort("arm", "replication").iter_rows():
        table = markets[key]
        names = tuple(table["market"].unique(maintain_order=True).to_list())
        found[arm, replication] = Kept(course_of(table, day), events.get(key, none), names)
    return found


def _by_key(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {str(key): part for (key,), part in table.group_by("key", maintain_order=True)}


def compare_pair(without: Kept, outage: Kept, scenario: Scenario, rules: Rules, day: float) -> Pair:
    """Return what an outage from a *day* on did in a pair of runs."""
    price = prices(without.course)
    units = fates(without.course, outage.course)
    events = (without.events, outage.events)
    causes = shortfall_by_cause(without.course, outage.course, events, scenario, without.markets)
    before, after = (dropouts(kept.events, day) for kept in (without, outage))
    return Pair(
        times(without.course, outage.course, rules),
        {fate: _both(row, price) for fate, row in zip(FATES, units, strict=True)},
        {cause: _both(row, price) for cause, row in causes.items()},
        {cause: after[cause] - before[cause] for cause in sorted({*before, *after})},
    )


def _both(units: Any, price: Any) -> tuple[float, float]:
    return float(units.sum()), float((units * price).sum())


def pairs_of(
    results: StudyResults, scenario: Scenario, things: Sequence[Thing], window: Window, options: Options
) -> dict[Thing, list[Pair]]:
    """Return the pairs of each thing, in the order of replications; runs without a partner do not count."""
    runs = runs_of(results, window.day)
    rules = Rules(options.tolerance, options.hold_days)
    calm = {replication: kept for (arm, replication), kept in runs.items() if arm == BASELINE}
    found: dict[Thing, list[Pair]] = {}
    for thing in things:
        both = [(calm[number], runs[thing.arm, number]) for number in calm if (thing.arm, number) in runs]
        found[thing] = [compare_pair(*pair, scenario, rules, window.day) for pair in both]
    return found


def thing_rows(pairs: Mapping[Thing, Sequence[Pair]], window: Window, options: Options) -> pl.DataFrame:
    """Return the table of things, the worst first by the metric asked for."""
    import polars as pl

    rows = [_thing_row(thing, found, window) for thing, found in pairs.items() if found]
    table = pl.DataFrame(rows, schema=_types(THING_COLUMNS), orient="row", strict=False)
    by = {"time-to-recover": "recover_days", "time-to-survive": "survive_days"}.get(options.metric, options.metric)
    order = table.sort([by, "kind", "name"], descending=[by != "survive_days", False, False], nulls_last=True)
    return order.with_columns(rank=pl.int_range(1, order.height + 1, dtype=pl.Int64))


def _thing_row(thing: Thing, found: Sequence[Pair], window: Window) -> dict[str, Any]:
    """Return a row of the table of things.

    The time of a run that is not back at its end counts as the time watched, which is the least that it takes.
    """
    survived = [pair.times.survive for pair in found if pair.times.survive is not None]
    watched = window.end - window.day
    recovered = [watched if pair.times.recover is None else pair.times.recover for pair in found]
    means = {
        f"{what}_{fate.replace('-', '_')}": float(np.mean([pair.fates[fate][which] for pair in found]))
        for which, what in enumerate(("units", "revenue"))
        for fate in FATES
    }
    return {
        "rank": 0, "kind": thing.kind, "name": thing.name, "clusters": "; ".join(thing.clusters), "pairs": len(found),
        "survived": len(found) - len(survived),
        "not_recovered": sum(pair.times.recover is None for pair in found),
        **_ends("survive_days", survived),
        **_ends("recover_days", recovered),
        **_ends("units", [pair.hit(0) for pair in found]),
        **_ends("revenue", [pair.hit(1) for pair in found]),
        **means,
    }  # fmt: skip


def _ends(name: str, values: Sequence[float]) -> dict[str, float | None]:
    """Return the mean of values and the ends of its 95 % interval, which a single value has not."""
    if len(values) > 1:
        interval = mean_interval(values)
        return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return {name: values[0] if values else None, f"{name}_low": None, f"{name}_high": None}


def part_rows(pairs: Mapping[Thing, Sequence[Pair]]) -> pl.DataFrame:
    """Return the losses of each thing by cause and by fate, and its drop-outs by cause."""
    import polars as pl

    rows = [row for thing, found in pairs.items() if found for row in _parts(thing, found)]
    return pl.DataFrame(rows, schema=_types(PART_COLUMNS), orient="row", strict=False)


def _parts(thing: Thing, found: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    split: dict[str, list[Mapping[str, tuple[float, float]]]] = {
        CAUSE: [pair.causes for pair in found],
        FATE: [pair.fates for pair in found],
        DROPOUTS: [{name: (float(count), 0.0) for name, count in pair.dropouts.items()} for pair in found],
    }
    for how, given in split.items():
        for part in dict.fromkeys(name for each in given for name in each):
            values = [each.get(part, (0.0, 0.0)) for each in given]
            numbers = _ends("units", [units for units, _ in values])
            if how != DROPOUTS:
                numbers |= _ends("revenue", [revenue for _, revenue in values])
            if any(number for number in numbers.values()):
                yield {"kind": thing.kind, "name": thing.name, "split": how, "part": part, **numbers}


def pair_rows(pairs: Mapping[Thing, Sequence[Pair]]) -> pl.DataFrame:
    """Return one row per pair of runs: times, and units and revenue by fate; null where there is no time."""
    import polars as pl

    rows = [
        {"kind": thing.kind, "name": thing.name, "pair": number, "survive_days": pair.times.survive}
        | {"recover_days": pair.times.recover}
        | {f"units_{fate}": pair.fates[fate][0] for fate in FATES}
        | {f"revenue_{fate}": pair.fates[fate][1] for fate in FATES}
        for thing, found in pairs.items()
        for number, pair in enumerate(found)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def loss_rows(results: StudyResults | None, day: float) -> pl.DataFrame:
    """Return the loss of each pair of runs with and without disruptions, from a *day* on; no rows without results."""
    import polars as pl

    runs = runs_of(results, day) if results else {}
    numbers = [number for arm, number in runs if arm == BASELINE and (DISRUPTED, number) in runs]
    rows = [_loss(number, runs[BASELINE, number].course, runs[DISRUPTED, number].course) for number in numbers]
    return pl.DataFrame(rows, schema=_types(LOSS_COLUMNS), orient="row", strict=False)


def _loss(replication: int, without: Course, disrupted: Course) -> dict[str, Any]:
    units = fates(without, disrupted)
    price = prices(without)
    lost, hit = _both(units[0], price), _both(units[:3].sum(axis=0), price)
    return {
        "replication": replication, "units_lost": lost[0], "units": hit[0], "revenue_lost": lost[1], "revenue": hit[1],
    }  # fmt: skip


def risk_rows(losses: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return mean, value at risk and expected shortfall of each measure of loss, with 95 % intervals."""
    import polars as pl

    told = {"revenue": "revenue lost or late", "revenue_lost": "revenue lost", "units": "units lost or late",
            "units_lost": "units lost"}  # fmt: skip
    rows = [
        {"measure": name, "unit": "money" if column.startswith("revenue") else "unit", "runs": losses.height}
        | {key: None if value != value else value for key, value in figure._asdict().items()}
        for column, name in told.items()
        for figure in (figures(losses[column].to_numpy(), seed) if losses.height else ())
    ]
    return pl.DataFrame(rows, schema=_types(RISK_COLUMNS), orient="row", strict=False)


def dropout_counts(parts: pl.DataFrame) -> Counter[str]:
    """Return how many more links and firms dropped out by cause, over all things."""
    rows = parts.filter(parts["split"] == DROPOUTS).select("part", "units").iter_rows()
    counts = Counter[str]()
    for cause, count in rows:
        counts[cause] += count
    return counts


def _types(columns: Mapping[str, Any]) -> dict[str, Any]:
    import polars as pl

    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64}
    return {name: kinds[kind] for name, kind in columns.items()}
