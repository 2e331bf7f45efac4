"""The names behind the numbers of a world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """What the numbers in the records stand for: number *k* is the *k*-th name."""

    sites: tuple[str, ...]
    """Of sites."""
    firms: tuple[str, ...]
    """Of firms."""
    products: tuple[str, ...]
    """Of products."""
    clusters: tuple[str, ...]
    """Of clusters."""
    markets: tuple[str, ...]
    """Of markets."""
