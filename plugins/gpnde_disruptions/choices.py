"""Which part of the network a disruption hits: parameters that name sites, clusters, markets or products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gpnde.plugin import Component, ComponentError, Integers, View, check_names, param


class AmongSites(Component):
    """Parameters that choose sites; a site has to meet each one that is given."""

    tiers: tuple[int, ...] = param((), doc="Tiers of the firms whose sites are affected; empty: all.")
    clusters: tuple[str, ...] = param((), doc="Clusters whose sites are affected; empty: all.")
    countries: tuple[str, ...] = param((), doc="Countries whose sites are affected; empty: all.")
    sites: tuple[str, ...] = param((), doc="Names of the sites that are affected; empty: all.")

    def choice(self, view: View) -> dict[str, Any]:
        """Return what to ask the view for, after a check that all names exist."""
        check_names(f"{self.name}.clusters", self.clusters, view.names.clusters)
        check_names(f"{self.name}.sites", self.sites, view.names.sites)
        check_names(f"{self.name}.countries", upper(self.countries), countries(view))
        return {"tiers": self.tiers, "clusters": self.clusters, "countries": self.countries, "names": self.sites}

    def check_found(self, numbers: Integers, what: str) -> None:
        """Refuse a choice that leaves nothing, unless there was nothing to choose."""
        given = [name for name in ("tiers", "clusters", "countries", "sites") if getattr(self, name)]
        if given and not len(numbers):
            shown = ", ".join(f"{name} {list(getattr(self, name))!r}" for name in given)
            raise ComponentError(
                where=self.name, given=shown, expected=f"no {what} is all of that; choose others or leave one out"
            )


def upper(names: Sequence[str]) -> list[str]:
    """Return names in capitals, as countries are compared."""
    return [name.upper() for name in names]


def countries(view: View) -> list[str]:
    """Return the countries that clusters lie in, in capitals and in order."""
    return sorted({cluster.country.upper() for cluster in view.scenario.clusters if cluster.country})


def numbers_of(where: str, names: Sequence[str], known: Sequence[str]) -> Integers:
    """Return the numbers of *names*, which have to be *known*, in rising order; all numbers where none is given.

    >>> numbers_of("disruption.demand-slump.markets", ["asia"], ["america", "asia", "europe"])
    array([1])
    """
    check_names(where, names, known)
    chosen = [number for number, name in enumerate(known) if not names or name in names]
    return np.array(chosen, dtype=np.int64)
