"""Where firms are at home, and how far places lie apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpnde.scenario.knowledge import Country
from gpnde.scenario.network import Cluster
from gpnde.scenario.schema import Scenario
from gpnde.world.countries import country_records
from gpnde.world.layout import Floats, Integers, Records

EARTH_RADIUS_KM = 6371.0
UNKNOWN_DISTANCE_KM = 1000.0
"""Distance between places of which one has no coordinates (assumption)."""


@dataclass(frozen=True)
class Places:
    """Homes of firms, and what is true of these places; number -1 stands for no place."""

    cluster: Integers
    """Home cluster of each firm: what the scenario says, else where its first site stands; shape (firms,)."""
    country: Integers
    """Country of each firm, by position in *countries*; shape (firms,)."""
    countries: tuple[Country, ...]
    """The countries that the scenario lists."""
    distance_km: Floats
    """Great-circle distance between clusters; shape (clusters, clusters)."""
    clock_hours: Floats
    """Local time of each cluster ahead of Greenwich, by the sun; NaN without coordinates; shape (clusters,)."""
    _present: Records
    """What is true of each country today and may change, see `gpnde.world.countries`; shape (countries,)."""

    def of_firms(self, field: str, default: float) -> Floats:
        """Return a field of the country of each firm today; *default* for firms without one; shape (firms,)."""
        # Firms in no country have the number -1, which finds the default at the end.
        found: Floats = np.append(self._of_countries(field), default)[self.country]
        return found

    def _of_countries(self, field: str) -> Floats:
        """Return a field of each country as it is today; shape (countries,)."""
        if field in (self._present.dtype.names or ()):
            return np.asarray(self._present[field], dtype=np.float64)
        return np.array([getattr(country, field) for country in self.countries], dtype=np.float64)

    def between(self, first: Integers, second: Integers) -> Floats:
        """Return the distance between the homes of firms (km); shape as the numbers given."""
        here, there = self.cluster[first], self.cluster[second]
        distance = np.full(np.shape(here), UNKNOWN_DISTANCE_KM)
        known = (here >= 0) & (there >= 0)
        distance[known] = self.distance_km[here[known], there[known]]
        return distance

    def hours_apart(self, first: Integers, second: Integers) -> Floats:
        """Return by how much the clocks at the homes of firms differ (hours, 0 to 12), 0 where that is not known."""
        clock = np.append(self.clock_hours, np.nan)
        ahead = np.abs(clock[self.cluster[first]] - clock[self.cluster[second]])
        apart: Floats = np.nan_to_num(np.minimum(ahead, 24.0 - ahead))
        return apart


def find_places(scenario: Scenario, present: Records | None = None) -> Places:
    """Return where the firms of *scenario* are at home.

    *present* is what changes about its countries, which is shared, not copied; left out: as they are on day 0.
    """
    clusters = {cluster.name: number for number, cluster in enumerate(scenario.clusters)}
    homes = {firm.name: clusters[firm.home] for firm in scenario.firms if firm.home is not None}
    for site in scenario.sites:
        if site.cluster is not None:
            homes.setdefault(site.firm, clusters[site.cluster])
    home = np.array([homes.get(firm.name, -1) for firm in scenario.firms], dtype=np.int64)
    nation = country_of_clusters(scenario) if scenario.countries else np.full(len(scenario.clusters) + 1, -1)
    return Places(
        cluster=home,
        country=nation[home],
        countries=scenario.countries,
        distance_km=distances_km(scenario.clusters),
        clock_hours=_clocks(scenario.clusters),
        _present=country_records(scenario) if present is None else present,
    )


def country_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the countries of *scenario*; where it lists none, of those that clusters and regions name."""
    listed = tuple(country.name for country in scenario.countries)
    named = [cluster.country for cluster in scenario.clusters] + [region.country for region in scenario.regions]
    return listed or tuple(sorted({name for name in named if name}))


def country_of_clusters(scenario: Scenario) -> Integers:
    """Return the country of each cluster, by position in `country_names`, and of none (-1) at the end."""
    numbers = {name: number for number, name in enumerate(country_names(scenario))}
    return np.array([numbers.get(cluster.country or "", -1) for cluster in scenario.clusters] + [-1], dtype=np.int64)


def region_of_clusters(scenario: Scenario) -> Integers:
    """Return the region of each cluster, by position in the scenario, and of none (-1) at the end."""
    numbers = {region.name: number for number, region in enumerate(scenario.regions)}
    return np.array([numbers.get(cluster.region or "", -1) for cluster in scenario.clusters] + [-1], dtype=np.int64)


def region_of_markets(scenario: Scenario) -> Integers:
    """Return the region of each market, by position in the scenario; -1 for none."""
    numbers = {region.name: number for number, region in enumerate(scenario.regions)}
    return np.array([numbers.get(market.region or "", -1) for market in scenario.markets], dtype=np.int64)


def country_of_regions(scenario: Scenario) -> Integers:
    """Return the country of each region, by position in `country_names`, and of none (-1) at the end."""
    numbers = {name: number for number, name in enumerate(country_names(scenario))}
    return np.array([numbers.get(region.country or "", -1) for region in scenario.regions] + [-1], dtype=np.int64)


def distances_km(clusters: tuple[Cluster, ...]) -> Floats:
    """Return the great-circle distances between clusters (km), by the haversine formula; 0 on the diagonal.

    >>> here = Cluster(name="Singapore", latitude=1.3, longitude=103.8)
    >>> there = Cluster(name="Bangkok", latitude=13.8, longitude=100.5)
    >>> round(float(distances_km((here, there))[0, 1]), -1)
    1440.0
    """
    # Without clusters the array would have one axis only.
    place = np.radians([_coordinates(cluster) for cluster in clusters]).reshape(-1, 2)
    latitude, longitude = place[:, 0], place[:, 1]
    across = np.sin((latitude[:, None] - latitude) / 2) ** 2
    along = np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    # Rounding may lift the sum above 1 for places on opposite sides, where the arcsine has no value.
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(across + along, 1.0)))
    distance[np.isnan(distance)] = UNKNOWN_DISTANCE_KM
    # A place without coordinates is at no distance from itself either.
    np.fill_diagonal(distance, 0.0)
    return distance


def _clocks(clusters: tuple[Cluster, ...]) -> Floats:
    """Return the local time of clusters, an hour for 15 degrees; countries may set their clocks otherwise."""
    return np.array([_coordinates(cluster)[1] / 15.0 for cluster in clusters], dtype=np.float64)


def _coordinates(cluster: Cluster) -> tuple[float, float]:
    if cluster.latitude is None or cluster.longitude is None:
        return np.nan, np.nan
    return cluster.latitude, cluster.longitude
