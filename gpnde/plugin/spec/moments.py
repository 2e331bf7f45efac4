"""Hooks that call a component at a moment: at the start, at every step, after events, at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gpnde.plugin.hooks import hookspec

if TYPE_CHECKING:
    from gpnde.plugin.flow import Event
    from gpnde.plugin.interfaces import Act, Clock, Process, Streams, View
    from gpnde.plugin.knowledge import KnowledgeView, Memory
    from gpnde.plugin.policy import Programme
    from gpnde.world.layout import Integers


class MomentHooks:
    """Called when something is due."""

    @hookspec
    def process(
        self, clock: Clock, view: View, act: Act, streams: Streams, memory: Memory, programme: Programme
    ) -> Process | None:
        """Start a process that lives beside the network.

        When: once per run, before day 0, in the order of component names. What is wrong with the parameters in this
        network is best found here, before a generator is returned. The process then runs whenever an event that it
        yielded comes: always first at its instant, before goods arrive and orders are placed.

        Arguments: *clock* tells and awaits days; *view* shows the network, one record per site, line, market and firm;
        *act* changes it; *streams* gives random generators that no other component uses; *memory* is what the other
        hooks of the component remember; *programme* keeps the accounts of a policy.
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

    @hookspec
    def new_sites(
        self,
        numbers: Integers,
        clock: Clock,
        view: View,
        act: Act,
        streams: Streams,
        memory: Memory,
        programme: Programme,
    ) -> Process | None:
        """Start a process for sites that are built in mid run.

        When: whenever sites are built, before goods flow through them. The process runs beside the one of `process`,
        which has seen none of these sites.
        Arguments: *numbers* are those of the new sites, rising; *clock*, *view*, *act*, *streams*, *memory* and
        *programme* are those of `process`.
        Returns: a generator that yields events of *clock*, or None where there is nothing to do.

        Examples
        --------
        >>> import gpnde
        >>> class Teething(gpnde.Component):
        ...     name = "disruption.teething"
        ...
        ...     @gpnde.hookimpl
        ...     def new_sites(self, numbers, clock, act):
        ...         yield clock.wait(30)
        ...         act.disrupt_sites(numbers, 7)
        """
        raise NotImplementedError

    @hookspec
    def tick(
        self,
        view: View,
        knowledge: KnowledgeView | None,
        memory: Memory,
        act: Act,
        streams: Streams,
        programme: Programme,
    ) -> None:
        """Act at every step: pay, count, remember.

        When: at every step of components, which is that of learning (28 days unless the scenario says otherwise) and
        28 days without knowledge; the first of them one period from the start; before anything else of the step.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers from step to step; *act* changes the network; *streams* gives random generators
        of its own; *programme* tells which firms a policy reaches and keeps its accounts.
        Returns: nothing.

        Examples
        --------
        >>> import gpnde
        >>> class Voucher(gpnde.Policy):
        ...     name = "policy.voucher"
        ...
        ...     @gpnde.hookimpl
        ...     def tick(self, programme):
        ...         programme.grant(programme.reached, 100.0)
        """
        raise NotImplementedError

    @hookspec
    def events(
        self,
        happened: Sequence[Event],
        view: View,
        memory: Memory,
        act: Act,
        streams: Streams,
        programme: Programme,
    ) -> None:
        """Hear what has happened out of the ordinary: outages, drop-outs, bids, awards, failures, upgrades.

        When: at the end of every instant at which something has happened, once with all of it.
        Arguments: *happened* lists the events in their order; *view* shows the network after them; *memory* keeps
        what the component remembers; *act* changes the network; *streams* gives random generators of its own;
        *programme* keeps the accounts of a policy.
        Returns: nothing.

        Examples
        --------
        >>> import gpnde
        >>> class Relief(gpnde.Policy):
        ...     name = "policy.relief"
        ...
        ...     @gpnde.hookimpl
        ...     def events(self, happened, programme):
        ...         for event in happened:
        ...             if event.kind == "site_failed":
        ...                 programme.grant([event.firm], 1000.0)
        """
        raise NotImplementedError

    @hookspec
    def metrics(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Mapping[str, float]:
        """Report metrics of one's own.

        When: once, at the end of a run.
        Arguments: *view* shows the network as it is at the end; *knowledge* tells what firms know, None without
        knowledge; *memory* is what the component has remembered; *programme* holds the accounts of a policy.
        Returns: numbers by name, in lower case with hyphens; NaN stands for not defined. In the table of metrics the
        name of the component comes before each.

        Examples
        --------
        >>> import gpnde
        >>> class Solvency(gpnde.Component):
        ...     name = "metric.solvency"
        ...
        ...     @gpnde.hookimpl
        ...     def metrics(self, view):
        ...         return {"share-of-firms": float((view.firms["cash"] >= 0).mean())}
        """
        raise NotImplementedError
