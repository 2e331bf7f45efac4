"""Disruptions: dated events, calendars, outages, slumps and price wars, breaks of technology, finance and trade."""

from __future__ import annotations

from collections.abc import Iterable

from gpnde.plugin import Component, hookimpl


@hookimpl
def gpnde_components() -> Iterable[type[Component]]:
    """Offer every disruption of this package."""
    from gpnde_disruptions.calendar import WorkingDays
    from gpnde_disruptions.cluster_outage import ClusterOutage
    from gpnde_disruptions.currency_crisis import CurrencyCrisis
    from gpnde_disruptions.dated_events import DatedEvents
    from gpnde_disruptions.dated_outages import DatedOutages
    from gpnde_disruptions.demand_slump import DemandSlump
    from gpnde_disruptions.export_control import ExportControl
    from gpnde_disruptions.flagship_insolvency import FlagshipInsolvency
    from gpnde_disruptions.link_outage import LinkOutage
    from gpnde_disruptions.price_war import PriceWar
    from gpnde_disruptions.site_outage import SiteOutage
    from gpnde_disruptions.technology_discontinuity import TechnologyDiscontinuity

    return [
        ClusterOutage,
        CurrencyCrisis,
        DatedEvents,
        DatedOutages,
        DemandSlump,
        ExportControl,
        FlagshipInsolvency,
        LinkOutage,
        PriceWar,
        SiteOutage,
        TechnologyDiscontinuity,
        WorkingDays,
    ]
