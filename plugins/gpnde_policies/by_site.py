"""Policies for places: what counts is where a plant stands, not where its owner is at home."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gpnde.plugin import Flags, Floats, Group, Policy, Programme, View, param


class SitePolicy(Policy):
    """A policy whose countries and clusters are those of sites; groups, tiers and names are those of their firms.

    Foreign firms with a plant in the country belong to the target group as well, unless a group is given.
    """

    group: Group = param("all", doc="Firms whose sites are targeted: local, foreign, flagship or all.")
    countries: tuple[str, ...] = param((), doc="Countries whose sites are targeted; empty: all.")
    clusters: tuple[str, ...] = param((), doc="Clusters whose sites are targeted; empty: all.")
    noise: float = param(
        0.0, ge=0, le=1, vary=(0, 0.5), doc="Share of firms that an administration without expertise serves wrongly."
    )

    def meets(self, view: View) -> Flags:
        """Return whether each firm is targeted and has a site where the policy works; shape (firms,)."""
        # Places are those of sites here, so the homes of firms must not count as well.
        anywhere = self.model_copy(update={"countries": (), "clusters": ()})
        has_site = np.bincount(view.sites["firm"], self.in_place(view), len(view.firms)) > 0
        return np.asarray(Policy.meets(anywhere, view) & has_site)

    def in_place(self, view: View) -> Flags:
        """Return whether each site stands where the policy works, and makes what it is for; shape (sites,)."""
        country = np.array([*view.country_names, ""])[view.site_country]
        covered = self._covers(country, np.array([*view.names.clusters, ""])[view.sites["cluster"]])
        return np.asarray(covered & self.makes(view))

    def covers(self, view: View) -> Flags:
        """Return in which clusters the policy works; shape (clusters,)."""
        country = np.array([*view.country_names, ""])[view.cluster_country]
        return self._covers(country, np.array(view.names.clusters, dtype=np.str_))

    def _covers(self, country: npt.NDArray[np.str_], cluster: npt.NDArray[np.str_]) -> Flags:
        chosen = np.ones(len(cluster), dtype=np.bool_)
        if self.countries:
            chosen &= np.isin(country, self.countries)
        if self.clusters:
            chosen &= np.isin(cluster, self.clusters)
        return chosen

    def place_reach(self, view: View, programme: Programme) -> Floats:
        """Return how far each firm is served, or would be, in each cluster, 0 to 1; shape (firms, clusters)."""
        return np.asarray(np.outer(programme.reach, self.covers(view)))

    def site_reach(self, view: View, programme: Programme) -> Floats:
        """Return how far each site is served now, 0 to 1; shape (sites,)."""
        return np.asarray(programme.reach[view.sites["firm"]] * self.in_place(view))
