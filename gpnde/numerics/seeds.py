"""Seeds and replications: whole numbers that results can hold."""

from __future__ import annotations

from numbers import Integral

from gpnde.errors import GpndeError

LARGEST_SEED = 2**63 - 1
"""The largest seed or replication, which is the largest whole number that a table of results holds."""


_BITS_SHOWN = 128


def checked_seed(name: str, given: object) -> int:
    """Return a seed or replication as the command line takes it: a whole number, those of numpy included.

    >>> import numpy as np
    >>> checked_seed("seed", np.int64(3))
    3

    Raises
    ------
    GpndeError
        It is something else or out of bounds; *name* is the name of the number.
    """
    # To Python, True is a whole number too, but it is no seed.
    number = None if isinstance(given, bool) or not isinstance(given, Integral) else int(given)
    if number is not None and 0 <= number <= LARGEST_SEED:
        return number
    # Python refuses to write out a number of thousands of digits.
    is_long = number is not None and number.bit_length() > _BITS_SHOWN
    shown = "a number of many digits" if is_long else f"{given!r:.60}"
    raise GpndeError(where=name, given=shown, expected=f"must be a whole number from 0 to {LARGEST_SEED:,}")
