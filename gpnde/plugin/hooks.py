"""The hooks: functions that a plugin may fill, with what they get and what they return.

Host hooks are called once per process, on the module that the entry point names. Run hooks are called inside a run,
on the components that the scenario names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from gpnde.plugin.component import Component
    from gpnde.plugin.interfaces import Act, Clock, Process, Streams, View

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


class RunHooks:
    """Hooks of a component's instance."""

    @hookspec
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        """Start a process that lives beside the network.

        When: once per run, before day 0, in the order of component names. What is wrong with the parameters in this
        network is best found here, before a generator is returned. The process then runs whenever an event that it
        yielded comes: always first at its instant, before goods arrive and orders are placed.

        Arguments: *clock* tells and awaits days; *view* shows the network, one record per site, line, market and firm;
        *act* changes it; *streams* gives random generators that nobody else draws from.
        Returns: a generator that yields events of *clock*, or None where there is nothing to do.

        Examples
        --------
        >>> import gpnde
        >>> class Strike(gpnde.Component):
        ...     name = "disruption.strike"
        ...
        ...     @gpnde.hookimpl
        ...     def process(self, clock, view, act):
        ...         yield clock.until(30)
        ...         act.disrupt_sites(view.site_numbers(tiers=[1]), 7, in_transit="delay")
        """
        raise NotImplementedError
