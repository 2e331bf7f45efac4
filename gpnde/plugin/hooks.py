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
    from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Memory, Transfer
    from gpnde.plugin.offers import ChartOffer, ScenarioOffer
    from gpnde.world.layout import Floats

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

    @hookspec
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network that lacks what the mechanism needs: ties, clusters, a frontier.

        When: once per run, before day 0, if the scenario has knowledge switched on.
        Arguments: *knowledge* tells what firms know and how they are tied.
        Returns: nothing; raise a `gpnde.GpndeError` of one line that names what is lacking and what to add.

        Examples
        --------
        >>> import gpnde
        >>> class Pool(gpnde.Component):
        ...     name = "diffusion.pool"
        ...
        ...     @gpnde.hookimpl
        ...     def check_network(self, knowledge):
        ...         if (knowledge.firms.cluster < 0).all():
        ...             raise gpnde.GpndeError(f"{self.name}: no firm has a cluster: give sites a cluster")
        """
        raise NotImplementedError

    @hookspec
    def knowledge_transfer(
        self, knowledge: KnowledgeView, memory: Memory, act: Act, streams: Streams
    ) -> Iterable[Transfer] | Transfer | None:
        """Say what knowledge flows to whom.

        When: at every step of learning (28 days unless the scenario says otherwise), after firms chose their effort.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *act* changes the network; *streams* gives random generators of its own.
        Returns: transfers, each with learners of shape (n,), rates per day of shape (n,) or (n, functions), and
        teachers or levels. The engine adds up the transfers of all components; receipts wait until they are
        internalised.

        Examples
        --------
        >>> import gpnde
        >>> class Teaching(gpnde.Component):
        ...     name = "diffusion.teaching"
        ...
        ...     @gpnde.hookimpl
        ...     def knowledge_transfer(self, knowledge):
        ...         ties = knowledge.ties
        ...         rate = 0.002 * ties.trust
        ...         return gpnde.Transfer(ties.learner, rate, 0.5 * rate, "informal", teacher=ties.teacher)
        """
        raise NotImplementedError

    @hookspec
    def transfer_factor(self, knowledge: KnowledgeView, memory: Memory) -> Factors | None:
        """Scale what learners receive, whichever transfer brings it.

        When: at every step of learning, before the transfers of the step.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: factors on codified and tacit transfer, broadcast to (firms, functions), at least 0; the engine
        multiplies those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Strike(gpnde.Component):
        ...     name = "disruption.visa-stop"
        ...
        ...     @gpnde.hookimpl
        ...     def transfer_factor(self, knowledge):
        ...         return gpnde.Factors(codified=1.0, tacit=0.2)
        """
        raise NotImplementedError

    @hookspec
    def knowledge_creation(
        self, knowledge: KnowledgeView, memory: Memory, act: Act, streams: Streams
    ) -> Creation | None:
        """Say what new knowledge firms create, alone or together.

        When: at every step of learning, after internalisation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *act* changes the network; *streams* gives random generators of its own.
        Returns: codified and tacit knowledge per firm and function, shape (firms, functions), at least 0; the engine
        adds up those of all components and counts them as created, not as transferred.

        Examples
        --------
        >>> import gpnde
        >>> class Tinkering(gpnde.Component):
        ...     name = "diffusion.tinkering"
        ...
        ...     @gpnde.hookimpl
        ...     def knowledge_creation(self, knowledge):
        ...         gain = 1e-4 * knowledge.days * knowledge.active * (1 - knowledge.tacit)
        ...         return gpnde.Creation(codified=0 * gain, tacit=gain)
        """
        raise NotImplementedError

    @hookspec
    def forgetting(self, knowledge: KnowledgeView, memory: Memory) -> Forgetting | None:
        """Say how fast knowledge is forgotten.

        When: at every step of learning, after creation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: rates per day for codified and tacit knowledge, broadcast to (firms, functions), at least 0; the
        engine adds up those of all components, and the drift of the frontier.

        Examples
        --------
        >>> import gpnde
        >>> class Turnover(gpnde.Component):
        ...     name = "diffusion.turnover"
        ...
        ...     @gpnde.hookimpl
        ...     def forgetting(self, knowledge):
        ...         return gpnde.Forgetting(codified=0.0, tacit=0.0001)
        """
        raise NotImplementedError

    @hookspec
    def absorptive_support(self, knowledge: KnowledgeView, memory: Memory) -> Floats | None:
        """Say how much help firms get with learning, beside the institutions that the scenario names.

        When: at every step of learning, before internalisation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: support per firm, shape (firms,), at least 0; it counts like effort, and the engine adds it up.

        Examples
        --------
        >>> import gpnde
        >>> class Centre(gpnde.Component):
        ...     name = "policy.centre"
        ...
        ...     @gpnde.hookimpl
        ...     def absorptive_support(self, knowledge):
        ...         return 0.2 * (knowledge.firms.tier > 1)
        """
        raise NotImplementedError

    @hookspec
    def effort_cost(self, knowledge: KnowledgeView, memory: Memory) -> Floats | None:
        """Scale what effort costs firms.

        When: at every step of learning, before firms choose their effort.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: a factor per firm, shape (firms,), at least 0; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Grant(gpnde.Component):
        ...     name = "policy.grant"
        ...
        ...     @gpnde.hookimpl
        ...     def effort_cost(self, knowledge):
        ...         return 1.0 - 0.5 * (knowledge.firms.tier > 0)
        """
        raise NotImplementedError

    @hookspec
    def lead_time(self, knowledge: KnowledgeView, memory: Memory) -> Floats | None:
        """Scale the lead times of what firms deliver.

        When: at every step of learning, last of all; lead times drawn from then on are scaled.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: a factor per supplying firm, shape (firms,), above 0; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Customs(gpnde.Component):
        ...     name = "policy.customs"
        ...
        ...     @gpnde.hookimpl
        ...     def lead_time(self, knowledge):
        ...         return 1.0 - 0.1 * (knowledge.firms.country >= 0)
        """
        raise NotImplementedError

    @hookspec
    def response_time(self, knowledge: KnowledgeView, memory: Memory) -> Floats | None:
        """Scale the time in which firms answer requests for quotation.

        When: at every step of learning, last of all.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: a factor per firm, shape (firms,), above 0; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Portal(gpnde.Component):
        ...     name = "diffusion.portal"
        ...
        ...     @gpnde.hookimpl
        ...     def response_time(self, knowledge):
        ...         return 0.5 + 0.5 * (knowledge.firms.tier == 0)
        """
        raise NotImplementedError

    @hookspec
    def forecast_error(self, knowledge: KnowledgeView, memory: Memory) -> Floats | None:
        """Scale the error of demand forecasts that firms guard against with safety stock.

        When: at every step of learning, last of all.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step.
        Returns: a factor per firm, shape (firms,), at least 0; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Panel(gpnde.Component):
        ...     name = "diffusion.panel"
        ...
        ...     @gpnde.hookimpl
        ...     def forecast_error(self, knowledge):
        ...         return 1.0 - 0.3 * (knowledge.firms.tier == 1)
        """
        raise NotImplementedError

    @hookspec
    def entrants(
        self, knowledge: KnowledgeView, memory: Memory, act: Act, streams: Streams
    ) -> Iterable[Entrant] | None:
        """Say which firms enter the network.

        When: at every step of learning, after forgetting and upgrading.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *act* changes the network; *streams* gives random generators of its own.
        Returns: firms of the scenario that wait for entry (``enters: endogenously``), with the knowledge of their
        founders. A firm named twice enters once.

        Examples
        --------
        >>> import gpnde
        >>> class Returnees(gpnde.Component):
        ...     name = "diffusion.returnees"
        ...
        ...     @gpnde.hookimpl
        ...     def entrants(self, knowledge):
        ...         waiting = (~knowledge.firms.present).nonzero()[0][:1]
        ...         return [gpnde.Entrant(int(firm), knowledge.tacit[0]) for firm in waiting]
        """
        raise NotImplementedError
