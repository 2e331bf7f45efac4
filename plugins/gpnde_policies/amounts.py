"""What policies pay: money per step, and amounts in months of the cost of firms, which suit a network of any size."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from gpnde.plugin import MONTH_DAYS, YEAR_DAYS, Floats, View

Amount = TypeVar("Amount", float, Floats)


def in_step(per_year: Amount, view: View) -> Amount:
    """Return what a yearly amount comes to in the step that ends now."""
    return per_year * (view.days / YEAR_DAYS)


def months_of_cost(view: View, months: float) -> Floats:
    """Return what so many months of its own monthly cost come to for each firm (money); shape (firms,)."""
    return np.asarray(months * view.firms["monthly_cost"], dtype=np.float64)


def months_of_mean_cost(view: View, months: float) -> float:
    """Return so many months of the monthly cost of the mean firm (money); for offices, fees and laboratories."""
    return float(months * view.firms["monthly_cost"].mean()) if len(view.firms) else 0.0


def share_of_step(begin: Floats | float, end: Floats | float, day: float, days: float) -> Floats:
    """Return the share of the step of *days* that ends on *day* which lies between the days *begin* and *end*.

    NaN for a time that has not begun counts as none of it.

    >>> share_of_step(np.array([0.0, 42.0, np.nan]), 182.0, 56.0, 28.0)
    array([1. , 0.5, 0. ])
    """
    overlap = np.minimum(end, day) - np.maximum(begin, day - days)
    return np.asarray(np.nan_to_num(np.maximum(overlap, 0.0)) / max(days, 1e-9))


def of_months(months: float) -> float:
    """Return the days of so many months.

    >>> of_months(6)
    168.0
    """
    return months * MONTH_DAYS
