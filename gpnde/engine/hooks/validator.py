"""Validates values returned by components; errors are one line and name the component."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from gpnde.errors import NOBODY, ComponentFailure, Origin, Owner, short
from gpnde.numerics.bounds import all_within
from gpnde.plugin.knowledge import Creation, Factors, Forgetting, Transfer
from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS
from gpnde.world.knowledge import FRONTIER
from gpnde.world.layout import Flags, Floats, Integers

Answer = TypeVar("Answer")

_LARGEST = sys.float_info.max
"""The largest number that is finite."""

_ROUNDING = 1e-9
"""How far a level may be above the frontier, as sums of shares may be."""


def _short(value: Any) -> str:
    """Return a value in one line."""
    return short(repr(value), 60)


class AnswerValidator:
    """Reads the answers of one component's hook on one day."""

    def __init__(self, label: str, hook: str, day: float, firms: int, functions: int, owner: Owner = NOBODY) -> None:
        """Check answers of *label*, brought by *owner*, for a network of so many firms and functions."""
        self._origin = Origin(label, owner, hook, day)
        self._firms, self._functions = firms, functions

    @property
    def label(self) -> str:
        """The component whose answers are checked."""
        return self._origin.component

    def fault(self, given: str, expected: str) -> ComponentFailure:
        """Return the error that tells what a component has given and what would be right."""
        return ComponentFailure.of(self._origin, given=given, expected=expected)

    def numbers(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return finite numbers of at least 0, broadcast to *shape*."""
        given = self._read(what, values)
        if not all_within(given.ravel(), 0.0, _LARGEST):
            wrong = given[~(np.isfinite(given) & (given >= 0.0))].flat[0]
            raise self.fault(f"{what} {wrong:g}", "must be finite and at least 0")
        return self._broadcast(what, given, shape)

    def finite(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return finite numbers of either sign, broadcast to *shape*."""
        given = self._read(what, values)
        if not all_within(given.ravel(), -_LARGEST, _LARGEST):
            raise self.fault(f"{what} {given[~np.isfinite(given)].flat[0]:g}", "must be finite")
        return self._broadcast(what, given, shape)

    def finite_or_none(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return finite numbers of either sign, NaN where there is none, broadcast to *shape*."""
        given = self._read(what, values)
        self.finite(what, np.where(np.isnan(given), 0.0, given), shape)
        return self._broadcast(what, given, shape)

    def ranks(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return numbers by which to sort, infinite ones too, broadcast to *shape*; what is no number (NaN) is last."""
        given = self._read(what, values)
        return self._broadcast(what, np.where(np.isnan(given), np.inf, given), shape)

    def shares(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return numbers from 0 to 1, broadcast to *shape*."""
        wide = self.numbers(what, values, shape)
        if wide.size and wide.max() > 1.0 + _ROUNDING:
            raise self.fault(f"{what} {wide.max():g}", "must be between 0 and 1")
        return np.minimum(wide, 1.0)

    def _broadcast(self, what: str, given: Floats, shape: tuple[int, ...]) -> Floats:
        try:
            return given if given.shape == shape else np.broadcast_to(given, shape)
        except ValueError:
            raise self.fault(f"{what} of shape {given.shape}", f"must have shape {shape}") from None

    def _read(self, what: str, values: Any) -> Floats:
        """Return numbers; texts and complex numbers are none, even where they could be read as such."""
        given = self._array(what, values, "numbers")
        if given.dtype.kind not in "biufO":
            raise self.fault(f"{what} {_short(values)}", "must be numbers")
        read: Floats = given if given.dtype == np.float64 else self._array(what, given, "numbers", np.float64)
        return read

    def _array(self, what: str, values: Any, wanted: str, kind: type[np.float64] | None = None) -> Any:
        """Return values as an array, of a *kind* or of their own."""
        try:
            return np.asarray(values, dtype=kind)
        except (TypeError, ValueError):
            raise self.fault(f"{what} {_short(values)}", f"must be {wanted}") from None

    def instance(self, answer: Any, kind: type[Answer]) -> Answer:
        """Return an answer that is of the *kind* that the hook asks for."""
        if not isinstance(answer, kind):
            raise self.fault(f"gave {_short(answer)}", f"must be a gpnde.{kind.__name__}")
        return answer

    def several(self, answer: Any, kind: type[Answer]) -> list[Answer]:
        """Return one answer or several of the *kind* that the hook asks for as a list."""
        if isinstance(answer, kind):
            return [answer]
        # A named tuple can be looped over, but is one answer of the wrong kind.
        if isinstance(answer, tuple) and hasattr(answer, "_fields") or not isinstance(answer, Iterable):
            raise self.fault(f"gave {_short(answer)}", f"must be a gpnde.{kind.__name__} or several")
        return [self.instance(each, kind) for each in answer]

    def levels(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return levels of knowledge, which the frontier bounds, broadcast to *shape*."""
        wide = self.numbers(what, values, shape)
        if all_within(wide.ravel(), 0.0, FRONTIER):
            return wide
        highest = float(wide.max())
        if highest > FRONTIER + _ROUNDING:
            raise self.fault(f"{what} {highest:g}", f"must be at most {FRONTIER:g}, the frontier")
        return np.minimum(wide, FRONTIER)

    def per_firm(self, what: str, values: Any) -> Floats:
        """Return one number per firm."""
        return self.numbers(what, values, (self._firms,))

    def above_zero(self, what: str, values: Any, shape: tuple[int, ...]) -> Floats:
        """Return finite numbers above 0, broadcast to *shape*."""
        given = self.numbers(what, values, shape)
        if given.size and given.min() <= 0.0:
            raise self.fault(f"{what} {given.min():g}", "must be above 0")
        return given

    def per_function(self, what: str, values: Any) -> Floats:
        """Return one number per firm and function."""
        return self.numbers(what, values, (self._firms, self._functions))

    def per_kind(self, answer: Creation | Factors | Forgetting) -> Floats:
        """Return what is said of codified and of tacit knowledge; shape (kinds, firms, functions)."""
        return np.stack([self.per_function(name, getattr(answer, name)) for name in KNOWLEDGE_KINDS])

    def firm_number(self, what: str, value: Any) -> int:
        """Return the number of one firm."""
        return int(self.firm_numbers(what, [value])[0])

    def firm_numbers(self, what: str, values: Any) -> Integers:
        """Return numbers of firms; shape (n,)."""
        given = self._array(what, values, "a row of firm numbers")
        if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
            raise self.fault(f"{what} of shape {given.shape} and type {given.dtype}", "must be a row of firm numbers")
        numbers: Integers = given.astype(np.int64, copy=False)
        if not all_within(numbers, 0, self._firms - 1):
            wrong = given[(given < 0) | (given >= self._firms)][0]
            raise self.fault(f"{what} {wrong}", f"must be between 0 and {self._firms - 1}")
        return numbers

    def choice(self, what: str, answer: Any, eligible: Flags) -> int:
        """Return the position of one that is eligible, or -1 for none."""
        given = self._array(what, answer, "a whole number")
        if given.shape != () or given.dtype.kind not in "iu" or not -1 <= int(given) < len(eligible):
            raise self.fault(f"{what} {_short(answer)}", f"must be a whole number from -1 to {len(eligible) - 1}")
        if given >= 0 and not eligible[int(given)]:
            raise self.fault(f"{what} {int(given)}", "must be eligible, or -1 for none")
        return int(given)

    def channel(self, transfer: Transfer) -> int:
        """Return the number of the channel of a transfer."""
        return CHANNELS.index(self.word("channel", transfer.channel, CHANNELS))

    def word(self, what: str, value: Any, known: Sequence[str]) -> str:
        """Return one of the words that are *known*."""
        if not isinstance(value, str) or value not in known:
            raise self.fault(f"{what} {_short(value)}", f"must be {' or '.join(known)}")
        return value

    def flag(self, what: str, value: Any) -> bool:
        """Return a single value that is true or false."""
        if not isinstance(value, bool | np.bool_):
            raise self.fault(f"{what} {_short(value)}", "must be True or False")
        return bool(value)

    def rates(self, transfer: Transfer) -> list[Floats]:
        """Return the rates of a transfer for each kind; shape (n, functions), or (n, 1) if all functions have one."""
        ties = len(transfer.learner)
        return [self._per_tie(name, getattr(transfer, name), ties) for name in KNOWLEDGE_KINDS]

    def _per_tie(self, what: str, values: Any, ties: int) -> Floats:
        given = self._read(what, values)
        if given.ndim == 1:
            return np.ascontiguousarray(self.numbers(what, given[:, None], (ties, 1)))
        return np.ascontiguousarray(self.numbers(what, given, (ties, self._functions)))
