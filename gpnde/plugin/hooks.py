"""The markers of hooks, and the host hooks, which are called once per process on the module that an entry point names.

The hooks of a run stand in `gpnde.plugin.spec`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from gpnde.plugin.component import Component
    from gpnde.plugin.offers import ChartOffer, ScenarioOffer

PROJECT = "gpnde"
"""Name of the hooks' project and of the entry point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks the declaration of a hook; only gpnde declares hooks."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function or method that fills a hook; it may leave out arguments that it does not use."""


class HostHooks:
    """Hooks of a plugin's module."""

    @hookspec
    def gpnde_components(self) -> Iterable[type[Component]]:
        """Offer components.

        When: once per process, when a scenario names a component or `gpnde plugins` is asked for.
        Returns: the component classes, in any order; each name may be offered once among all plugins.

        Examples
        --------
        >>> import gpnde
        >>> class Strike(gpnde.Component):
        ...     name = "disruption.strike"
        >>> @gpnde.hookimpl
        ... def gpnde_components():
        ...     return [Strike]
        """
        raise NotImplementedError

    @hookspec
    def gpnde_scenarios(self) -> Iterable[ScenarioOffer]:
        """Offer scenarios, which `gpnde run NAME` and `gpnde scenarios` then know.

        When: once per process, when a scenario is neither one of gpnde nor a path, or components are asked for.
        Returns: records of names and paths, in any order; each name may be offered once among all plugins, and the
        scenarios of gpnde keep their names.

        Examples
        --------
        >>> import gpnde
        >>> from pathlib import Path
        >>> @gpnde.hookimpl
        ... def gpnde_scenarios():
        ...     yield gpnde.ScenarioOffer("port-closure", Path(__file__).parent / "port-closure.yaml")
        """
        raise NotImplementedError

    @hookspec
    def gpnde_charts(self) -> Iterable[ChartOffer]:
        """Offer charts of a run, which `gpnde.plugin.host.plugin_host().charts` then holds by name.

        When: once per process, when components or charts are asked for. A chart is drawn when somebody wants it.
        Returns: records of a name, a line of documentation and a function that takes a `gpnde.Run` and returns an
        Altair chart, in any order; each name may be offered once among all plugins.

        Examples
        --------
        >>> import gpnde
        >>> def draw_stock(run):
        ...     import altair
        ...     return altair.Chart(run.tables["tiers"]).mark_line().encode(x="day:Q", y="stock:Q", color="tier:N")
        >>> @gpnde.hookimpl
        ... def gpnde_charts():
        ...     yield gpnde.ChartOffer("stock-by-tier", "Stock of each tier over time.", draw_stock)
        """
        raise NotImplementedError
