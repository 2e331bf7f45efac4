"""Cash, credit and insolvency of a firm (E21).

Every argument may be a number or an array; arrays are broadcast. Rates are shares per year, money is in the scenario's
currency.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def interest_rate(base: Numbers, spread: Numbers, leverage: Numbers) -> NDArray[np.float64]:
    """Return the yearly rate a firm pays: the base rate and a spread that grows with its leverage.

    >>> round(float(interest_rate(0.08, 0.04, 0.5)), 3)
    0.1
    """
    return np.asarray(base + spread * np.maximum(leverage, 0.0))


def settle(cash: Numbers, receipts: Numbers, payments: Numbers) -> NDArray[np.float64]:
    """Return the cash after a settlement; it may be negative, which is drawn credit.

    >>> float(settle(100.0, 30.0, 50.0))
    80.0
    """
    return np.asarray(np.asarray(cash) + receipts - payments)


def dividend(profit: Numbers, share: Numbers, means: Numbers) -> NDArray[np.float64]:
    """Return what an owner who holds a *share* gets of a profit: nothing of a loss, and no more than the *means*.

    >>> dividend(np.array([100.0, 100.0, -40.0]), 0.6, np.array([500.0, 20.0, 500.0]))
    array([60., 20.,  0.])
    """
    return np.asarray(np.minimum(np.asarray(share) * np.maximum(profit, 0.0), np.maximum(means, 0.0)))


def payout(cash: Numbers, needed: Numbers, share_per_year: Numbers, years: float) -> NDArray[np.float64]:
    """Return what a firm pays out of *cash* above what is *needed*, within some *years*.

    It pays at such a pace that the *share_per_year* of what it has too much is gone after a year (of free cash flow
    and those it belongs to: Jensen, 1986; the pace is an assumption).

    >>> payout(np.array([100.0, 30.0]), 36.0, 0.75, 0.5)
    array([32.,  0.])
    """
    part = 1.0 - (1.0 - np.asarray(share_per_year, dtype=np.float64)) ** years
    return np.asarray(part * np.maximum(np.asarray(cash) - needed, 0.0))


def profit_tax(profit: Numbers, rate: Numbers, cash: Numbers) -> NDArray[np.float64]:
    """Return the tax on a profit: the share *rate* of it, nothing on a loss, and no more than the *cash* there is.

    >>> profit_tax(np.array([100.0, 100.0, -40.0]), 0.25, np.array([500.0, 20.0, 500.0]))
    array([25., 20.,  0.])
    """
    return np.asarray(np.minimum(np.asarray(rate) * np.maximum(profit, 0.0), np.maximum(cash, 0.0)))


def is_insolvent(cash: Numbers, credit_limit: Numbers) -> NDArray[np.bool_]:
    """Return whether a firm has drawn more than its credit limit.

    >>> is_insolvent(np.array([-50.0, -50.1]), 50.0)
    array([False,  True])
    """
    return np.asarray(np.asarray(cash) < -np.asarray(credit_limit))


def credit_loss(receivables: Numbers, recovery: Numbers) -> NDArray[np.float64]:
    """Return what a creditor loses when its debtor fails and pays only the share *recovery*.

    >>> float(credit_loss(1000.0, 0.25))
    750.0
    """
    return np.asarray(np.asarray(receivables) * (1.0 - np.asarray(recovery)))


def months_of_cash(cash: Numbers, monthly_cost: Numbers) -> NDArray[np.float64]:
    """Return for how many months the cash pays the running cost: without end where there is no cost.

    >>> months_of_cash(np.array([300.0, 300.0]), np.array([150.0, 0.0]))
    array([ 2., inf])
    """
    balance, cost = np.broadcast_arrays(np.asarray(cash, dtype=np.float64), np.asarray(monthly_cost, dtype=np.float64))
    # A firm in debt does not last even where nothing costs anything.
    without_cost = np.where(balance < 0.0, -np.inf, np.inf)
    return np.asarray(np.divide(balance, cost, out=without_cost, where=cost > 0.0))


def leverage(debt: Numbers, assets: Numbers) -> NDArray[np.float64]:
    """Return debt over assets: 0 without debt, infinite where debt stands against no assets.

    >>> leverage(np.array([40.0, 0.0, 40.0]), np.array([100.0, 0.0, 0.0]))
    array([0.4, 0. , inf])
    """
    owed, owned = np.broadcast_arrays(np.asarray(debt, dtype=np.float64), np.asarray(assets, dtype=np.float64))
    without_assets = np.where(owed > 0.0, np.inf, 0.0)
    return np.asarray(np.divide(owed, owned, out=without_assets, where=owned > 0.0))


def ruin_probability(up_probability: float, units: int) -> float:
    """Return the chance that cash which moves by one unit at a time ever falls by *units*: the gambler's ruin.

    A closed form, which runs are held against.

    >>> round(ruin_probability(0.6, 3), 4)
    0.2963
    """
    if up_probability <= 0.5:
        return 1.0
    return ((1.0 - up_probability) / up_probability) ** units
