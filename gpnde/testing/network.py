"""A tiny network on which components are tried."""

from __future__ import annotations

from pathlib import Path

from gpnde.scenario import Scenario, load_scenario

_FILE = Path(__file__).with_name("tiny-network.yaml")


def tiny_network(**changes: object) -> Scenario:
    """Return a network of eight firms in two countries, in which everything that gpnde can simulate is switched on.

    It has three clusters, tiers 0 to 2, two markets, selection, finance, location and knowledge with peers, an
    affiliate and a firm that waits for founders; a run of its 252 days takes about a tenth of a second. *changes*
    replace values by dotted path, as those of `gpnde.load_scenario` do.

    >>> tiny_network(**{"clock.days": 28}, components=[{"use": "disruption.price-war"}]).clock.days
    28.0
    """
    return load_scenario(_FILE, changes)
