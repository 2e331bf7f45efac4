"""Findings: what the runs of a story show, in a sentence made from their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from gpnde.results.headline import number
from gpnde.results.run import Run

LOWER_FROM = 2
"""The first of the lower tiers."""

_PARTS = ("formal_codified", "formal_tacit", "informal_codified", "informal_tacit")


class Learning(NamedTuple):
    """What the firms of some tiers were sent and made their own, per firm over the whole run (1)."""

    sent: float
    internalised: float


def mean_capability(run: Run, *, lower: bool, last: bool = True) -> float:
    """Return the mean capability of lower-tier firms, or of tier 1, at the end or on day 0; nan without knowledge."""
    if run.history is None:
        return float("nan")
    tiers = run.history.tiers
    able = np.asarray(run.history.mean_capability[-1 if last else 0], dtype=float)
    chosen = able[(tiers >= LOWER_FROM) if lower else (tiers == 1)]
    known = chosen[~np.isnan(chosen)]
    return float(known.mean()) if known.size else float("nan")


def learning(run: Run, *, lower: bool) -> Learning:
    """Return what firms of the lower tiers, or of tier 1, were sent and internalised, per firm."""
    import polars as pl

    tier = pl.col("tier") >= LOWER_FROM if lower else pl.col("tier") == 1
    rows = run.tables["learners"].filter(tier)
    firms = max(rows["firm"].n_unique(), 1)
    sent, own = (
        sum(float(rows[f"{book}_{part}"].sum()) for part in _PARTS) for book in ("transferred", "internalised")
    )
    return Learning(sent / firms, own / firms)


def why_behind(runs: Mapping[str, Run]) -> str:
    """Return how far lower tiers are behind, and what they had to learn from."""
    run = runs["treatment"]
    tier1, lower = (mean_capability(run, lower=which) for which in (False, True))
    before = mean_capability(run, lower=False, last=False) - mean_capability(run, lower=True, last=False)
    high, low = learning(run, lower=False), learning(run, lower=True)
    if not high.sent:
        return "Nothing is taught in this scenario, so nobody falls behind."
    gap = tier1 - lower
    way = "wider" if gap > before else "narrower"
    return (
        f"Lower tiers end at a capability of {lower:.2f}, tier 1 at {tier1:.2f}: the gap of {gap:.2f} is {way} than "
        f"the {before:.2f} at the start. A lower-tier firm is taught {low.sent / high.sent:.0%} of what a tier-1 firm "
        f"is, and makes {_share(low)} of it its own (tier 1: {_share(high)})."
    )


def _share(one: Learning) -> str:
    return f"{one.internalised / one.sent:.0%}" if one.sent else "none"


def hub_out(runs: Mapping[str, Run], place: str) -> str:
    """Return what the outages of a cluster did to customers and to links, beside the baseline."""
    import polars as pl

    after, before = runs["treatment"], runs["baseline"]
    fills = [dict(run.metrics.select("metric", "value").iter_rows())["flow.fill_rate"] for run in (before, after)]
    tables = (run.tables["links"] for run in (before, after))
    ended = [table.filter(pl.col("status") != "active").height for table in tables]
    word = "falls" if fills[1] < fills[0] else "stays"
    more = ended[1] - ended[0]
    links = f"{abs(more)} {'more' if more >= 0 else 'fewer'} links between firms end" if more else "no link more ends"
    return (
        f"With outages of all sites in {place} the share of demand filled when due {word} from {fills[0]:.1%} to "
        f"{fills[1]:.1%}, and {links}."
    )


class Reach(NamedTuple):
    """What a policy did: its title, the capability that lower tiers gained, net cost (money), and whom it reached."""

    title: str
    gain: float
    cost: float
    reached: float


def reach(title: str, policy: str, runs: Mapping[str, Run]) -> Reach:
    """Return what a *policy* did to lower tiers, beside the baseline."""
    after, before = runs["treatment"], runs["baseline"]
    measured = dict(after.metrics.select("metric", "value").iter_rows())
    gain = mean_capability(after, lower=True) - mean_capability(before, lower=True)
    net, reached = (measured.get(f"{policy}.{name}") or 0.0 for name in ("net_cost", "beneficiaries"))
    return Reach(title, gain, net, reached)


def which_reaches(found: list[Reach]) -> str:
    """Return which of the policies that were run did most for the lower tiers.

    >>> which_reaches([Reach("Skills centre", 0.012, 2e6, 20.0), Reach("Effort subsidy", 0.004, 1e6, 25.0)])
    'Skills centre raises the capability of lower tiers most, by +0.012, ... One seed shows a direction, no proof.'
    """
    best = max(found, key=lambda one: one.gain)
    each = "; ".join(f"{one.title} {one.gain:+.3f} at {number(one.cost)}, {one.reached:.0f} firms" for one in found)
    if best.gain <= 0:
        return f"None of these policies raises the capability of lower tiers here ({each})."
    return (
        f"{best.title} raises the capability of lower tiers most, by {best.gain:+.3f}, at a net cost of "
        f"{number(best.cost)} ({each}). One seed shows a direction, no proof."
    )
