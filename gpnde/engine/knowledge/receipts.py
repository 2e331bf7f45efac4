"""The books of knowledge: what was transferred is internalised, has gone stale, or waits."""

from __future__ import annotations

import numpy as np

from gpnde.vocabulary import CHANNELS, FUNCTIONS, KNOWLEDGE_KINDS
from gpnde.world.layout import Floats


class Receipts:
    """Running totals per channel, kind and firm, all functions added; shape (channels, kinds, firms)."""

    def __init__(self, firms: int) -> None:
        """Open the books; nothing has been transferred yet."""
        # Adding up over functions costs more than keeping them apart, so it is done on demand.
        shape = (len(CHANNELS), len(KNOWLEDGE_KINDS), firms, len(FUNCTIONS))
        self._transferred, self._internalised, self._stale = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._created = np.zeros(shape[1:])

    def receive(self, receipts: Floats) -> None:
        """Enter receipts; shape (channels, kinds, firms, functions)."""
        self._transferred += receipts

    def internalise(self, amounts: Floats) -> None:
        """Enter what became a firm's own; shape as for receipts."""
        self._internalised += amounts

    def spoil(self, amounts: Floats) -> None:
        """Enter what has gone stale; shape as for receipts."""
        self._stale += amounts

    def create(self, amounts: Floats) -> None:
        """Enter what firms created themselves; shape (kinds, firms, functions)."""
        self._created += amounts

    @property
    def transferred(self) -> Floats:
        """All receipts."""
        return np.asarray(self._transferred.sum(axis=-1))

    @property
    def internalised(self) -> Floats:
        """What became the firms' own."""
        return np.asarray(self._internalised.sum(axis=-1))

    @property
    def stale(self) -> Floats:
        """What has gone stale."""
        return np.asarray(self._stale.sum(axis=-1))

    @property
    def created(self) -> Floats:
        """What firms created themselves; shape (kinds, firms)."""
        return np.asarray(self._created.sum(axis=-1))

    @property
    def gained(self) -> Floats:
        """What became the firms' own of both kinds, for each function; shape (firms, functions)."""
        return np.asarray(self._internalised.sum(axis=(0, 1)))

    def error(self, waiting: Floats) -> float:
        """Return the largest imbalance of any channel and kind, relative to what it transferred."""
        accounted = self.internalised + self.stale + waiting.sum(axis=-1)
        difference = np.abs((self.transferred - accounted).sum(axis=-1))
        # At least 1, or the dust of rounding would loom large where little was transferred.
        return float(np.max(difference / np.maximum(1.0, self.transferred.sum(axis=-1))))
