"""The kinds of rows in a table of laws, and a row before it joins one.

A row has a kind and two parameters *a* and *b*; four kinds also own a slice *start* to *stop* of the values.

========================  ==============  ==============  =======================================
kind                      a               b               values
========================  ==============  ==============  =======================================
``FIXED``                 value
``NORMAL``                mean            sd              (a negative draw counts as 0)
``NORMAL_SIGNED``         mean            sd
``GAMMA``                 shape           scale
``LOGNORMAL``             mean of log     sd of log
``UNIFORM``               low             high
``EXPONENTIAL``           mean
``WEIBULL``               shape           scale
``POISSON``               mean
``DISCRETE``                                              drawn with the given weights
``EMPIRICAL``                                             drawn with equal chance
``SERIES``                what follows    1: it ends      taken in turn, then from the start again or, if
                                                          it ends, what follows
``BETA``                  first shape     second shape
``QUANTILE``                                              quantiles at equal steps of the chance from 0 to 1, with
                                                          straight lines between them
========================  ==============  ==============  =======================================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FIXED = 0
NORMAL = 1
NORMAL_SIGNED = 2
GAMMA = 3
LOGNORMAL = 4
UNIFORM = 5
EXPONENTIAL = 6
WEIBULL = 7
POISSON = 8
DISCRETE = 9
EMPIRICAL = 10
SERIES = 11
BETA = 12
QUANTILE = 13

WITH_VALUES = (DISCRETE, EMPIRICAL, SERIES, QUANTILE)
"""Kinds that own a slice of the values."""


class LawRow(NamedTuple):
    """One law as the compiled sampler draws it; without *weights* all *values* are equally likely."""

    kind: int
    a: float = 0.0
    b: float = 0.0
    values: Sequence[float] = ()
    weights: Sequence[float] = ()
