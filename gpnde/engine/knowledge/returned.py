"""Checks of what components return at a step of learning: each fault is one line that names its author."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpnde.errors import ComponentError
from gpnde.plugin.knowledge import Transfer
from gpnde.world.knowledge import CHANNELS, KINDS
from gpnde.world.layout import Floats, Integers


class Returned:
    """Reads the answers of one component's hook on one day."""

    def __init__(self, label: str, hook: str, day: float, firms: int, functions: int) -> None:
        """Check answers of *label* for a network of so many firms and functions."""
        self.label = label
        self._where = f"{label}: {hook} on day {day:g}"
        self._firms, self._functions = firms, functions

    def fault(self, text: str) -> ComponentError:
        """Return the error that tells what is wrong."""
        return ComponentError(f"{self._where}: {text}")

    def numbers(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return finite numbers of at least 0, broadcast to *shape*."""
        given = np.asarray(values, dtype=np.float64)
        try:
            wide = np.broadcast_to(given, shape)
        except ValueError:
            raise self.fault(f"{what} of shape {given.shape}: must have shape {shape}") from None
        if given.size and not (given.min() >= 0.0 and np.isfinite(given.max())):
            wrong = given[~(np.isfinite(given) & (given >= 0.0))].flat[0]
            raise self.fault(f"{what} {wrong:g}: must be finite and at least 0")
        return wide

    def per_firm(self, what: str, values: Any) -> Floats:
        """Return one number per firm."""
        return self.numbers(what, values, (self._firms,))

    def per_function(self, what: str, values: Any) -> Floats:
        """Return one number per firm and function."""
        return self.numbers(what, values, (self._firms, self._functions))

    def per_kind(self, answer: Any) -> Floats:
        """Return what is said of codified and of tacit knowledge; shape (kinds, firms, functions)."""
        return np.stack([self.per_function(name, getattr(answer, name)) for name in KINDS])

    def firm_numbers(self, what: str, values: Any) -> Integers:
        """Return numbers of firms; shape (n,)."""
        given = np.asarray(values)
        if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
            raise self.fault(f"{what} of shape {given.shape} and type {given.dtype}: must be a row of firm numbers")
        if given.size and (given.min() < 0 or given.max() >= self._firms):
            raise self.fault(f"{what} {given.min()} to {given.max()}: must be between 0 and {self._firms - 1}")
        return given.astype(np.int64)

    def channel(self, transfer: Transfer) -> int:
        """Return the number of the channel of a transfer."""
        if transfer.channel not in CHANNELS:
            raise self.fault(f"channel {transfer.channel!r}: must be {' or '.join(CHANNELS)}")
        return CHANNELS.index(transfer.channel)

    def rates(self, transfer: Transfer) -> Floats:
        """Return the rates of a transfer; shape (kinds, n, functions)."""
        ties = len(np.atleast_1d(transfer.learner))
        return np.stack([self._per_tie(name, getattr(transfer, name), ties) for name in KINDS])

    def _per_tie(self, what: str, values: Any, ties: int) -> Floats:
        given = np.asarray(values, dtype=np.float64)
        if given.ndim == 1 and len(given) == ties:
            given = given[:, None]
        return self.numbers(what, given, (ties, self._functions))
