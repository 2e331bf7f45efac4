"""The headline: the few numbers that sum up a run, with their names in the field."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gpnde.results.run import Run


_NEAR_THE_ENDS = 0.05
"""Within this distance of 0 or 1 a share is told with a decimal (1)."""


class Headline(NamedTuple):
    """A number as text with its unit, and its label."""

    label: str
    text: str


_SHARES = {
    "flow.fill_rate": "Fill rate",
    "flow.otif.sales": "Customer OTIF (on time, in full)",
    "flow.otif.links": "Supplier OTIF (on time, in full)",
    "flow.service_share": "Share of site-days without backlog",
    "flow.lost_sales": "Lost sales",
    "completion.all": "Transferred knowledge internalised",
}
_FIGURES = {
    "flow.cover": "Days of cover",
    "flow.bullwhip": "Bullwhip ratio",
    "flow.time_to_recover": "Time to recover from an outage",
    "selection.tenure": "Relationship duration",
    "finance.exit_hazard": "Exits per firm-year",
    "upgrading.functional": "Mean functional level of suppliers",
    "tier_gap": "Capability gap (tier 1 − tier 2)",
}
_UNITS = {"day": " days", "1/year": "", "1": ""}


def headline_names() -> dict[str, str]:
    """Return the labels of the headline numbers by the names of their metrics.

    >>> headline_names()["flow.fill_rate"]
    'Fill rate'
    """
    return {**_SHARES, **_FIGURES}


def headline_text(metric: str, value: float, unit: str, signed: bool = False) -> str:
    """Return a headline number as it is shown, or with *signed* a difference of two of them.

    >>> headline_text("flow.fill_rate", 0.795, "1"), headline_text("flow.fill_rate", -0.012, "1", signed=True)
    ('79.5%', '-1.2 points')
    >>> headline_text("flow.cover", 1.25, "day", signed=True)
    '+1.25 days'
    """
    sign = "+" if signed and value > 0 else ""
    if metric in _SHARES:
        return f"{sign}{100 * value:.1f} points" if signed else f"{value:.1%}"
    return f"{sign}{number(value)}{_UNITS.get(unit, '')}"


def headlines(run: Run) -> list[Headline]:
    """Return those headline numbers that the run measures."""
    shares = [Headline(label, f"{value:.1%}") for label, value in _found(run, _SHARES)]
    units = dict(run.metrics.select("metric", "unit").iter_rows())
    ends = {label: _UNITS.get(units.get(name, "1"), "") for name, label in _FIGURES.items()}
    return shares + [Headline(label, number(value) + ends[label]) for label, value in _found(run, _FIGURES)]


def _found(run: Run, names: dict[str, str]) -> list[tuple[str, float]]:
    values = dict(run.metrics.select("metric", "value").iter_rows())
    return [(label, values[name]) for name, label in names.items() if values.get(name) is not None]


def number(value: float | None) -> str:
    """Return a number with three or four figures, or a dash where there is none.

    >>> number(1234567.0), number(81234.5), number(999.7), number(0.28912), number(12.0), number(float("nan"))
    ('1.235 M', '81,234', '1,000', '0.289', '12', '-')
    """
    if value is None or math.isnan(value):
        return "-"
    # Bounds are where rounding reaches the next form, which would write 999.7 as 1e+03.
    if math.isfinite(value) and abs(value) >= 999_999.5:
        return f"{value / 1e9:,.4g} bn" if abs(value) >= 999.95e6 else f"{value / 1e6:.4g} M"
    return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}"


def percent(share: float) -> str:
    """Return a share in per cent, with a decimal near the ends, where it matters.

    >>> percent(0.714), percent(0.996), percent(1.0), percent(0.004), percent(0.9999)
    ('71 %', '99.6 %', '100 %', '0.4 %', '99.9 %')
    """
    if 0 < min(share, 1 - share) < _NEAR_THE_ENDS:
        # What is not quite all must not be rounded to all.
        return f"{min(max(100 * share, 0.1), 99.9):.1f} %"
    return f"{100 * share:.0f} %"
