"""What can be taken out of a network: kinds of things as records, and the things of a scenario.

A kind is one record in `KINDS`: how its things are found in a scenario, and the component that takes one out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gpnde.errors import StudyError
from gpnde.registry import Registry
from gpnde.scenario.schema import ComponentUse
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    from gpnde.scenario.schema import Scenario

BASELINE = "baseline"
"""The arm in which nothing is taken out."""


class Outage(NamedTuple):
    """How long something is out, from which day (days), and what happens to goods on their way."""

    day: float
    days: float
    in_transit: str = "none"


class Thing(NamedTuple):
    """Something that can be taken out."""

    kind: str
    name: str
    clusters: tuple[str, ...] = ()
    """Where it lies: one cluster, the two ends of a link, or all clusters of a country."""

    @property
    def arm(self) -> str:
        """The name of the arm of the study in which it is out.

        >>> Thing("site", "Penang").arm
        'site Penang'
        """
        return f"{self.kind} {self.name}"


def closure(thing: Thing, outage: Outage) -> ComponentUse:
    """Return the component that closes a site, link, hub, cluster or country; for an outage of no length, nothing."""
    event = {
        "what": "close",
        "target": thing.kind,
        "name": thing.name,
        "start": outage.day,
        "days": outage.days,
        "in_transit": outage.in_transit,
    }
    return ComponentUse.model_validate({"use": "disruption.dated-events", "events": [event] if outage.days else []})


@dataclass(frozen=True)
class ThingKind:
    """A kind of thing that can be taken out."""

    name: str
    find: Callable[[Scenario], Iterable[Thing]]
    """Returns all things of this kind in a scenario."""
    take_out: Callable[[Thing, Outage], ComponentUse] = closure
    """Returns the component that takes one of them out."""


def _no_hint(kind: str, name: str) -> str:
    return ""


KINDS: Registry[ThingKind] = Registry("kind of outage", _no_hint)
"""All kinds by name.

>>> KINDS.names()
('cluster', 'country', 'hub', 'link', 'site')
"""


def things_of(scenario: Scenario, kinds: Sequence[str]) -> list[Thing]:
    """Return all things of some kinds, kind by kind in the order given.

    >>> from gpnde.scenario import load_scenario
    >>> [thing.name for thing in things_of(load_scenario("serial-chain"), ["site"])]
    ['retailer', 'wholesaler', 'distributor', 'factory']

    Raises
    ------
    StudyError
        A scenario has none.
    """
    found = [thing for kind in dict.fromkeys(kinds) for thing in KINDS.get(kind, "kinds").find(scenario)]
    if not found:
        raise StudyError(
            where="kinds",
            given=", ".join(kinds),
            expected=f"scenario {scenario.name} has none of them: name others of {', '.join(KINDS.names())}",
        )
    return found


def _sites(scenario: Scenario) -> Iterator[Thing]:
    for site in scenario.sites:
        yield Thing("site", site.name, (site.cluster,) if site.cluster else ())


def _links(scenario: Scenario) -> Iterator[Thing]:
    """Yield the pairs of sites that links join, each once."""
    homes = {site.name: site.cluster for site in scenario.sites}
    pairs = ((link.supplier, link.buyer) for link in scenario.links if link.supplier != OUTSIDE)
    for pair in dict.fromkeys(pairs):
        ends = [homes.get(site) for site in pair]
        yield Thing("link", " > ".join(pair), tuple(end for end in ends if end) if all(ends) else ())


def _hubs(scenario: Scenario) -> Iterator[Thing]:
    for name in dict.fromkeys(hub for link in scenario.links for hub in link.via):
        yield Thing("hub", name)


def _clusters(scenario: Scenario) -> Iterator[Thing]:
    used = {site.cluster for site in scenario.sites}
    for cluster in scenario.clusters:
        if cluster.name in used:
            yield Thing("cluster", cluster.name, (cluster.name,))


def _countries(scenario: Scenario) -> Iterator[Thing]:
    used = {site.cluster for site in scenario.sites}
    homes: dict[str, list[str]] = {}
    for cluster in scenario.clusters:
        if cluster.country and cluster.name in used:
            homes.setdefault(cluster.country, []).append(cluster.name)
    for country, clusters in homes.items():
        yield Thing("country", country, tuple(clusters))


for _kind in (
    ThingKind("site", _sites),
    ThingKind("link", _links),
    ThingKind("hub", _hubs),
    ThingKind("cluster", _clusters),
    ThingKind("country", _countries),
):
    KINDS.register(_kind)
