"""Shipping (E6): how short stock is shared among the buyers that wait for it."""

from __future__ import annotations

from gpnde.numerics.compiled import compiled_part


@compiled_part
def fill_share(stock: float, claimed: float) -> float:
    """Return the share of every claim that the stock meets under proportional rationing.

    >>> fill_share(30.0, 40.0), fill_share(50.0, 40.0)
    (0.75, 1.0)
    """
    return 1.0 if stock >= claimed else max(0.0, stock) / claimed


@compiled_part
def promised_on_time(received: int, promised: int) -> bool:
    """Return whether an order that was received whole came by the promised tick.

    >>> promised_on_time(5, 5), promised_on_time(6, 5)
    (True, False)
    """
    return received <= promised
