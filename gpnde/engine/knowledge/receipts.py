"""The books of knowledge: what was transferred is internalised, has gone stale, or waits."""

from __future__ import annotations

import numpy as np

from gpnde.scenario.knowledge import FUNCTIONS
from gpnde.world.knowledge import CHANNELS, KINDS
from gpnde.world.layout import Floats


class Receipts:
    """Running totals per channel, kind and firm, all functions added; shape (channels, kinds, firms)."""

    def __init__(self, firms: int) -> None:
        """Open the books; nothing has been transferred yet."""
        self.transferred = np.zeros((len(CHANNELS), len(KINDS), firms))
        self.internalised = np.zeros_like(self.transferred)
        self.stale = np.zeros_like(self.transferred)
        self.created = np.zeros((len(KINDS), firms))
        self.gained = np.zeros((firms, len(FUNCTIONS)))
        """Internalised of both kinds per function, for the record."""

    def receive(self, receipts: Floats) -> None:
        """Enter receipts; shape (channels, kinds, firms, functions)."""
        self.transferred += receipts.sum(axis=-1)

    def internalise(self, amounts: Floats) -> None:
        """Enter what became a firm's own; shape as for receipts."""
        self.internalised += amounts.sum(axis=-1)
        self.gained += amounts.sum(axis=(0, 1))

    def spoil(self, amounts: Floats) -> None:
        """Enter what has gone stale; shape as for receipts."""
        self.stale += amounts.sum(axis=-1)

    def create(self, amounts: Floats) -> None:
        """Enter what firms created themselves; shape (kinds, firms, functions)."""
        self.created += amounts.sum(axis=-1)

    def error(self, waiting: Floats) -> float:
        """Return the largest imbalance of any channel and kind, relative to what it transferred."""
        accounted = self.internalised + self.stale + waiting.sum(axis=-1)
        difference = np.abs((self.transferred - accounted).sum(axis=-1))
        return float(np.max(difference / np.maximum(1.0, self.transferred.sum(axis=-1))))
