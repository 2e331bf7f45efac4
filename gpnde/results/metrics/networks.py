"""Metrics of networks that compete: how large each is at the end, and what suppliers have in common."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from gpnde.results.evidence import Evidence
from gpnde.results.history import KNOWLEDGE
from gpnde.results.metric import metric, ratio, sites_of
from gpnde.results.names import slug
from gpnde.results.networks import leaders_of, network_of, suppliers_on

LINKS = ("links",)


def _networks(evidence: Evidence) -> Mapping[str, Sequence[str]]:
    """Return the suppliers of each leader that has any at the end; other leaders are no suppliers.

    There is nothing to compare, and nothing is measured, where fewer than two have some.
    """
    owner = {name: site["firm"] for name, site in sites_of(evidence.scenario).items()}
    suppliers = suppliers_on(evidence.tables["links"], owner, evidence.horizon)
    leaders = leaders_of(evidence.scenario)
    found = {leader: [firm for firm in network_of(leader, suppliers) if firm not in leaders] for leader in leaders}
    networks = {leader: firms for leader, firms in found.items() if firms}
    return networks if len(networks) > 1 else {}


@metric("networks.count", unit="1", formula="count", better="neither", source="definition", needs=LINKS)
def count(evidence: Evidence) -> dict[str, float]:
    """Return how many flagships have suppliers at the end, if these are two or more."""
    networks = evidence.part(_networks)
    return {"": float(len(networks))} if networks else {}


@metric("networks.suppliers", unit="1", formula="count", better="neither", source="definition", needs=LINKS)
def suppliers(evidence: Evidence) -> dict[str, float]:
    """Return the firms that deliver to a flagship at the end, directly or through others: in the mean, or by flagship.

    Other flagships, such as contract manufacturers, lead networks of their own and are not counted.
    """
    sizes = {leader: float(len(firms)) for leader, firms in evidence.part(_networks).items()}
    return {"": float(np.mean([*sizes.values()])), **_by_slug(sizes)} if sizes else {}


@metric(
    "networks.shared",
    unit="1",
    formula="suppliers of two networks or more / suppliers of any",
    better="neither",
    source="definition",
    needs=LINKS,
)
def shared(evidence: Evidence) -> dict[str, float]:
    """Return the share of suppliers that belong to more than one network at the end."""
    times = Counter(itertools.chain(*evidence.part(_networks).values()))
    return {"": ratio(sum(number > 1 for number in times.values()), len(times))} if times else {}


@metric(
    "networks.overlap",
    unit="1",
    formula="mean over pairs of |A and B| / |A or B|",
    better="neither",
    source="Jaccard (1901)",
    needs=LINKS,
)
def overlap(evidence: Evidence) -> dict[str, float]:
    """Return how much two networks have in common at the end: suppliers of both over suppliers of either."""
    pairs = itertools.combinations(map(set, evidence.part(_networks).values()), 2)
    parts = [len(first & second) / len(first | second) for first, second in pairs]
    return {"": float(np.mean(parts))} if parts else {}


@metric(
    "networks.capability",
    unit="1",
    formula="mean(c), c = Σ over functions of day 0 / their number",
    better="higher",
    source="definition",
    needs=(*LINKS, *KNOWLEDGE),
)
def capability(evidence: Evidence) -> dict[str, float]:
    """Return the mean capability of the suppliers of each flagship at the end, by flagship."""
    history = evidence.history
    known = dict(zip(history.firms, history.mean_capability[-1].tolist(), strict=True))
    means = {
        leader: [known[firm] for firm in firms if not math.isnan(known.get(firm, math.nan))]
        for leader, firms in evidence.part(_networks).items()
    }
    return _by_slug({leader: float(np.mean(values)) for leader, values in means.items() if values})


def _by_slug(values: Mapping[str, float]) -> dict[str, float]:
    return {slug(name): value for name, value in values.items()}
