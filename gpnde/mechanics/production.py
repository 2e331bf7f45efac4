"""Production (E6): what can be started from the materials at hand, and what comes out."""

from __future__ import annotations

from gpnde.numerics.compiled import compiled_part


@compiled_part
def startable(stock: float, per_unit: float) -> float:
    """Return the units of output that the stock of one input allows (Leontief).

    >>> startable(10.0, 4.0)
    2.5
    """
    return stock / per_unit


@compiled_part
def good_units(started: float, yield_rate: float, yield_loss: float) -> float:
    """Return the good units of a batch: a share of what was started less a loss per batch, and never below nothing.

    >>> good_units(100.0, 0.9, 5.0), good_units(1.0, 0.9, 5.0)
    (85.0, 0.0)
    """
    return max(0.0, started * yield_rate - yield_loss)
