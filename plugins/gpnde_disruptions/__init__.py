"""Disruptions: outages of sites, links and clusters, outages on given dates, demand slumps and price wars."""

from __future__ import annotations

from collections.abc import Iterable

from gpnde.plugin import Component, hookimpl


@hookimpl
def gpnde_components() -> Iterable[type[Component]]:
    """Offer every disruption of this package."""
    from gpnde_disruptions.cluster_outage import ClusterOutage
    from gpnde_disruptions.dated_outages import DatedOutages
    from gpnde_disruptions.demand_slump import DemandSlump
    from gpnde_disruptions.link_outage import LinkOutage
    from gpnde_disruptions.price_war import PriceWar
    from gpnde_disruptions.site_outage import SiteOutage

    return [ClusterOutage, DatedOutages, DemandSlump, LinkOutage, PriceWar, SiteOutage]
