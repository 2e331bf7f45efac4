"""Lots: the quantities that a supplier takes orders for.

All functions are scalar, free of state, and parts of compiled code; quantities are units of what is ordered. An order
is a *multiple* of some quantity (0: any quantity), at least a *minimum* and at most a *maximum* (infinite for none).
"""

from __future__ import annotations

import numpy as np

from gpnde.numerics.compiled import compiled_part


@compiled_part
def _whole_above(count: float) -> float:
    """Return the least whole number that is not below *count*, rounding errors forgiven."""
    # numpy's function gives a float, which may be infinite and never overflows, as plain integers of 64 bits do.
    return float(np.ceil(count - 1e-9 - 1e-12 * abs(count)))


@compiled_part
def _whole_below(count: float) -> float:
    """Return the largest whole number that is not above *count*, rounding errors forgiven."""
    return float(np.floor(count + 1e-9 + 1e-12 * abs(count)))


@compiled_part
def least_lot(minimum: float, multiple: float) -> float:
    """Return the smallest order that is a multiple and not below the minimum (units), one multiple at least.

    >>> least_lot(25.0, 10.0), least_lot(25.0, 0.0), least_lot(0.0, 10.0)
    (30.0, 25.0, 10.0)
    """
    if multiple <= 0.0:
        return minimum
    return max(1.0, _whole_above(minimum / multiple)) * multiple


@compiled_part
def largest_lot(multiple: float, maximum: float) -> float:
    """Return the largest order that is a multiple and not above the maximum (units).

    >>> largest_lot(10.0, 45.0), largest_lot(0.0, 45.0)
    (40.0, 45.0)
    """
    return maximum if multiple <= 0.0 else _whole_below(maximum / multiple) * multiple


@compiled_part
def lot_above(quantity: float, minimum: float, multiple: float, maximum: float) -> float:
    """Return the smallest order that covers *quantity*, or the largest there is if none does (units).

    A need is raised to the minimum and rounded up to a multiple (Silver, Pyke and Thomas, 2017).

    >>> import math
    >>> lot_above(31.0, 0.0, 10.0, math.inf), lot_above(3.0, 25.0, 10.0, math.inf), lot_above(99.0, 0.0, 10.0, 45.0)
    (40.0, 30.0, 40.0)
    """
    covering = quantity if multiple <= 0.0 else _whole_above(quantity / multiple) * multiple
    return min(max(covering, least_lot(minimum, multiple)), largest_lot(multiple, maximum))


@compiled_part
def lot_below(quantity: float, minimum: float, multiple: float, maximum: float) -> float:
    """Return the largest order that is not above *quantity*, 0 if none is (units).

    >>> import math
    >>> lot_below(39.0, 0.0, 10.0, math.inf), lot_below(24.0, 25.0, 0.0, math.inf), lot_below(99.0, 0.0, 0.0, 45.0)
    (30.0, 0.0, 45.0)
    """
    within = quantity if multiple <= 0.0 else _whole_below(quantity / multiple) * multiple
    # Relative, so that a part that rounding left just below the minimum is as good as the minimum.
    if within < least_lot(minimum, multiple) * (1.0 - 1e-12):
        return 0.0
    return min(max(within, least_lot(minimum, multiple)), largest_lot(multiple, maximum))
