"""Outages of whole clusters: flood, epidemic, blackout."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gpnde.plugin import Act, Clock, ComponentError, Integers, Process, Streams, View, check_names, hookimpl, param
from gpnde_disruptions.alternating import AlternatingOutages, Failures
from gpnde_disruptions.choices import countries, upper


class ClusterOutage(AlternatingOutages):
    """Clusters fail and recover, each at times of its own, with every site in them at once."""

    name = "disruption.cluster-outage"

    mean_up_days: float = param(
        3640.0, gt=0, unit="day", vary=(365, 36500), doc="Mean time from the end of an outage to the next one."
    )
    mean_down_days: float = param(28.0, gt=0, unit="day", vary=(1, 180), doc="Mean length of an outage.")
    clusters: tuple[str, ...] = param((), doc="Clusters that fail; empty: all.")
    countries: tuple[str, ...] = param((), doc="Countries whose clusters fail; empty: all.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        """Choose the clusters; return the process that puts their sites out of work, or None without a cluster."""
        chosen = self._chosen(view)
        if not len(chosen):
            return None
        failures = self.failures(chosen, view.names.clusters, clock, streams)
        return self._fail(failures, clock, act, view)

    def _chosen(self, view: View) -> Integers:
        check_names(f"{self.name}.clusters", self.clusters, view.names.clusters)
        wanted = upper(self.countries)
        check_names(f"{self.name}.countries", wanted, countries(view))
        chosen = [
            number
            for number, cluster in enumerate(view.scenario.clusters)
            if (not self.clusters or cluster.name in self.clusters)
            and (not wanted or (cluster.country or "").upper() in wanted)
        ]
        if not chosen and view.names.clusters:
            given = f"clusters {list(self.clusters)!r} in countries {list(self.countries)!r}"
            raise ComponentError(where=self.name, given=given, expected="there is none; choose others or leave one out")
        return np.array(chosen, dtype=np.int64)

    def _fail(self, failures: Iterator[Failures], clock: Clock, act: Act, view: View) -> Process:
        for day, clusters, days in failures:
            yield clock.until(day)
            for cluster, duration in zip(clusters.tolist(), days.tolist(), strict=True):
                sites = np.flatnonzero(view.sites["cluster"] == cluster)
                if len(sites):
                    detail = view.names.clusters[cluster]
                    act.disrupt_sites(sites, duration, in_transit=self.in_transit, cause_detail=detail)
