"""The report of a run in plain text, for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gpnde.results import series
from gpnde.results.cost_summary import cost_rows
from gpnde.results.headline import headlines, number
from gpnde.results.metrics.divide import mean_course
from gpnde.results.warm_up import measured_from
from gpnde.vocabulary import OUTAGE

if TYPE_CHECKING:
    from gpnde.results.run import Run
    from gpnde.results.targets import Comparison

WIDTH = 80
_BARS = "▁▂▃▄▅▆▇█"
_POINTS = 40
_MOST_TARGETS = 30
_MOST_TIERS = 8
_TIE = "\N{NO-BREAK SPACE}"


def summary(run: Run) -> str:
    """Return a short report: size, course over time, headline numbers, costs, targets, drop-outs, balances."""
    parts = [_title(run), _course(run), _headlines(run), _costs(run), _learning(run), _targets(run), _dropouts(run)]
    parts += [_notes(run), _close(run)]
    lines = "\n\n".join(part for part in parts if part).splitlines()
    return "\n".join(clip(line, WIDTH) for line in lines)


def clip(text: str, width: int) -> str:
    """Return a text cut to *width* columns, with an ellipsis where it was cut.

    >>> clip("a long name", 7)
    'a long…'
    """
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def sparkline(values: NDArray[np.float64]) -> str:
    """Return one bar per value, from the lowest to the highest; a blank for a missing value.

    >>> sparkline(np.array([0.0, 0.5, 1.0, np.nan]))
    '▁▅█ '
    """
    present = values[~np.isnan(values)]
    if not len(present):
        return " " * len(values)
    low, span = float(present.min()), float(np.ptp(present))
    # NaN has no whole number; its bar is not looked at.
    levels = np.zeros(len(values)) if span == 0 else np.nan_to_num((values - low) / span)
    bars = np.rint(levels * (len(_BARS) - 1)).astype(int)
    return "".join(" " if np.isnan(value) else _BARS[bar] for value, bar in zip(values, bars, strict=True))


def stretched(values: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """Return *points* values that take the place of fewer, each repeated in turn, so that short rows line up.

    >>> stretched(np.array([1.0, 2.0]), 5).tolist()
    [1.0, 1.0, 1.0, 2.0, 2.0]
    """
    return values[np.arange(points) * len(values) // points] if len(values) < points else values


def _title(run: Run) -> str:
    title = run.scenario.get("title") or ""
    counts = run.counts
    size = ", ".join(f"{counts.get(key, 0):,} {key}" for key in ("firms", "sites", "links"))
    lines = [f"{run.name}: {title}" if title else run.name]
    lines.append(f"seed {run.seed}, replication {run.replication}; {number(counts.get('days', 0))} days")
    lines.append(f"{size}; {counts.get('orders', 0):,} order lines")
    return "\n".join([*lines, *warm_up_note(run)])


def warm_up_note(run: Run) -> list[str]:
    """Return a sentence on the days that metrics leave out, or nothing."""
    start = measured_from(run.scenario)
    return [f"Warm-up: metrics leave out day 0 to day {number(start)}."] if start else []


def _course(run: Run) -> str:
    """Return the sparkline rows."""
    fill = series.service(run.markets)["fill"].to_numpy().astype(np.float64)
    rows = [
        _row("Fill rate", fill, "{:.1%}".format),
        _row("Stock", _tier_total(run, "on_hand"), number),
        _row("Backlog", _tier_total(run, "backlog"), number),
        *_interruption_rows(run),
    ]
    return "\n".join([f"{'Over time':<12}  {'day 0':<{_POINTS - 3}}end  lowest to highest", *filter(None, rows)])


def _tier_total(run: Run, column: str) -> NDArray[np.float64]:
    return series.tier_totals(run.tiers, column)[column].to_numpy().astype(np.float64)


def _interruption_rows(run: Run) -> list[str]:
    events = series.dropout_events(run.events)
    days, causes = events["day"].to_numpy().astype(np.float64), events["cause"].to_numpy()
    horizon = float(run.counts.get("days", 0)) or 1.0
    kinds = {"Outages": causes == OUTAGE, "Drop-outs": causes != OUTAGE}
    return [_row(label, series.binned(days[chosen], horizon, _POINTS), number) for label, chosen in kinds.items()]


def _row(label: str, values: NDArray[np.float64], show: Callable[[float], str]) -> str:
    present = values[~np.isnan(values)]
    if not len(present):
        return ""
    line = sparkline(stretched(series.thinned(values, _POINTS), _POINTS))
    return f"{label:<12}  {line:<{_POINTS}}  {show(float(present.min()))} to {show(float(present.max()))}"


def _headlines(run: Run) -> str:
    return "\n".join(f"{label:<40}{text:>16}" for label, text in headlines(run))


def _costs(run: Run) -> str:
    """Return the costs by kind, where something costs anything."""
    rows = cost_rows(run)
    if not rows:
        return ""
    head = f"{'Costs (money)':<16}{'in all':>14}{'a day':>14}{'share':>12}"
    shown = [f"{row.kind:<16}{number(row.amount):>14}{number(row.per_day):>14}{row.share:>12.1%}" for row in rows]
    return "\n".join([head, *shown])


def _learning(run: Run) -> str:
    """Return the course of capability by tier, and a sentence on learning and upgrading."""
    history = run.history
    if history is None:
        return ""
    tiers = np.unique(history.tiers).tolist()[:_MOST_TIERS]
    rows = [_row(f"Tier {tier}", mean_course(history, history.tiers == tier), number) for tier in tiers]
    head = f"{'Capability':<12}  {'day 0':<{_POINTS - 3}}end  mean by tier"
    return "\n".join([head, *filter(None, rows), _wrapped(_outcome(run))])


def _outcome(run: Run) -> str:
    """Return a sentence on internalised knowledge, functions taken on and lost, and the capability gap."""
    values = dict(run.metrics.select("metric", "value").iter_rows())
    parts = [f"{values['upgrading.events.up']:,.0f} functions taken on, {values['upgrading.events.down']:,.0f} lost"]
    if "completion.all" in values:
        parts.insert(0, f"{values['completion.all']:.1%} of transferred knowledge internalised")
    if "tier_gap" in values and "tier_gap.start" in values:
        start, end = number(values["tier_gap.start"]), number(values["tier_gap"])
        parts.append(f"capability gap (tier 1 − tier 2) {start} on day 0, {end} at the end")
    return "; ".join(parts)


def _targets(run: Run) -> str:
    targets = run.targets()
    if not targets:
        return ""
    rows = [_target_row(target) for target in targets[:_MOST_TARGETS]]
    more = [f"… and {len(targets) - _MOST_TARGETS} more in run.targets()"] if len(targets) > _MOST_TARGETS else []
    return "\n".join([f"{'Measure':<46}{'target':>10}{'result':>10}  target is", *rows, *more])


def _target_row(target: Comparison) -> str:
    day = "" if target.day is None else f" @ day {target.day:g}"
    figures = f"{number(target.target):>10}{number(target.result):>10}"
    return f"{clip(target.measure + day, 45):<46}{figures}  {target.mark_text}"


def _dropouts(run: Run) -> str:
    # A space that does not break keeps a cause and its count on one line.
    causes = ", ".join(f"{cause}{_TIE}{count:,}" for cause, count in run.ended_by_cause.items() if count)
    return _wrapped(f"Outages: {run.outages:,}. Drop-outs by cause: {causes or 'none'}")


def _notes(run: Run) -> str:
    return "\n".join(_wrapped(f"Note: {note}") for note in run.notes)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ").replace(_TIE, " ")


def _close(run: Run) -> str:
    errors = ", ".join(f"{name} {error:.1e}" for name, error in run.conservation.items())
    seconds = ", ".join(f"{name} {spent:.2f} s" for name, spent in run.seconds.items())
    balances = _wrapped(f"Balances, largest relative error: {errors or 'not checked'}")
    lines = [balances, f"Fingerprint {run.fingerprint}"]
    return "\n".join([*lines, f"Time: {seconds}"] if seconds else lines)
