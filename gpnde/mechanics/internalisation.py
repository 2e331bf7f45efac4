"""Internalisation (E13): how what was transferred becomes knowledge of one's own, and what knowledge amounts to.

Knowledge is relative to the frontier, between 0 and 1; rates are per day. Arguments may be numbers or arrays; arrays
are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def absorptive_capacity(
    prior: Numbers,
    effort: Numbers,
    support: Numbers,
    sensitivity: Numbers,
    base_prior: Numbers,
    base_effort: Numbers,
) -> NDArray[np.float64]:
    """Return the share, from 0 to below 1, of what could be learnt that a firm is able to learn.

    Prior knowledge and effort need each other (Cohen and Levinthal, 1989; 1990): they multiply, each on top of its
    base, and the help of institutions (*support*) counts like effort. *sensitivity* says how fast the share saturates.

    >>> absorptive_capacity(np.array([0.0, 0.4]), 0.5, 0.0, 2.0, 0.1, 0.1).round(3)
    array([0.113, 0.451])
    """
    ability = (np.asarray(base_prior) + prior) * (np.asarray(base_effort) + effort + support)
    return np.asarray(-np.expm1(-np.asarray(sensitivity) * ability))


def exponential_gap_response(gap: Numbers, tolerance: Numbers) -> NDArray[np.float64]:
    """Return how well a firm learns from a given distance: less the further behind it is (Verspagen, 1991).

    At a gap as wide as *tolerance*, above 0, the response is down to 1/e.

    >>> exponential_gap_response(np.array([0.0, 0.5]), 0.5).round(3)
    array([1.   , 0.368])
    """
    return np.asarray(np.exp(-np.asarray(gap) / tolerance))


def logistic_gap_response(gap: Numbers) -> NDArray[np.float64]:
    """Return how well a firm learns from a given distance, from 1 at no gap to 0 at the widest gap of 1.

    With it catching up is logistic, and a firm that learns too slowly never catches up (Benhabib and Spiegel, 2005).

    >>> logistic_gap_response(np.array([0.0, 0.25, 1.0]))
    array([1.  , 0.75, 0.  ])
    """
    return np.asarray(1.0 - np.asarray(gap))


def teacher_gap(taught: Numbers, waiting: Numbers, own: Numbers) -> NDArray[np.float64]:
    """Return the distance from a learner to those who taught it what *waits*, 0 where nothing waits or nobody is ahead.

    *taught* is what waits times the level of its source, added up over sources; over *waiting* it is the mean level of
    the teachers. The best firm of all is no measure of the distance, unless it is the one that teaches.

    >>> teacher_gap(np.array([0.1 * 0.6 + 0.1 * 0.8, 0.02, 0.0]), np.array([0.2, 0.1, 0.0]), 0.4).round(3)
    array([0.3, 0. , 0. ])
    """
    received, level = np.broadcast_arrays(np.asarray(waiting, dtype=np.float64), np.asarray(taught, dtype=np.float64))
    mean_level = np.divide(level, received, out=np.zeros(received.shape), where=received > 0.0)
    return np.asarray(np.clip(mean_level - own, 0.0, 1.0))


def internalise(
    waiting: Numbers, rate: Numbers, staleness: Numbers, days: Numbers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what is internalised in *days* of what waits, and what goes stale in that time.

    What waits leaves at both rates at once; this is the exact solution, so that any number of days is allowed and
    ``waiting - internalised - stale`` is never below 0.

    >>> internalised, stale = internalise(1.0, 0.03, 0.01, 28.0)
    >>> round(float(internalised), 3), round(float(stale), 3)
    (0.505, 0.168)
    """
    leaving = np.asarray(np.asarray(rate, dtype=np.float64) + staleness)
    gone = np.asarray(waiting * -np.expm1(-leaving * days))
    share = np.divide(rate, leaving, out=np.zeros_like(leaving), where=leaving > 0.0)
    internalised = np.asarray(gone * share)
    # The rest, not a product of its own, so that rounding cannot make the two exceed what waited.
    return internalised, np.asarray(gone - internalised)


def capability(codified: Numbers, tacit: Numbers, codified_weight: Numbers) -> NDArray[np.float64]:
    """Return what codified and tacit knowledge amount to together: their geometric mean (E14).

    Each kind of knowledge needs the other; one with no weight does not matter, even where there is none of it.

    >>> capability(np.array([0.64, 0.5, 0.0]), np.array([0.25, 0.0, 0.3]), np.array([0.5, 1.0, 0.0]))
    array([0.4, 0.5, 0.3])
    """
    weight = np.asarray(codified_weight)
    return np.asarray(np.asarray(codified) ** weight * np.asarray(tacit) ** (1.0 - weight))


def mean_capability(capability: Numbers, counted: bool | NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean capability over the functions *counted*, along the last axis; 0 where none is (E14).

    Which functions of a firm count is fixed, as those of day 0 are: a mean over what it performs at the time would fall
    whenever it takes on a function that it masters less than the others, and rise when it loses one.

    >>> mean_capability(np.array([[0.2, 0.4], [0.5, 0.7]]), np.array([[True, True], [False, True]])).round(3)
    array([0.3, 0.7])
    """
    weight = np.asarray(counted, dtype=np.float64)
    known = np.asarray(capability, dtype=np.float64) * weight
    return np.asarray(known.sum(axis=-1) / np.maximum(np.broadcast_to(weight, known.shape).sum(axis=-1), 1.0))
