"""Hooks on knowledge: transfer, internalisation, creation and forgetting, and the cost of learning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpnde.plugin.hooks import hookspec

if TYPE_CHECKING:
    from gpnde.plugin.interfaces import Act, Streams
    from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Memory, Transfer
    from gpnde.plugin.policy import Programme
    from gpnde.world.layout import Floats


class KnowledgeHooks:
    """Asked at every step of learning, if the scenario has knowledge switched on."""

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
        ...             raise gpnde.GpndeError(given="no firm has a cluster", expected="give sites a cluster")
        """
        raise NotImplementedError

    @hookspec
    def knowledge_transfer(
        self, knowledge: KnowledgeView, memory: Memory, act: Act, streams: Streams, programme: Programme
    ) -> Iterable[Transfer] | Transfer | None:
        """Give the transfer of knowledge between firms.

        When: at every step of learning (28 days unless the scenario says otherwise), after firms chose their effort.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *act* changes the network; *streams* gives random generators of its own;
        *programme* tells which firms a policy reaches.
        Returns: transfers, each with learners of shape (n,), rates per day of shape (n,) or (n, functions), and
        teachers or levels; *by_buyer* says that buyers teach their suppliers. The engine adds up the transfers of all
        components; receipts wait until they are internalised.

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
        ...         return gpnde.Transfer(ties.learner, rate, 0.5 * rate, "informal", ties.teacher, by_buyer=True)
        """
        raise NotImplementedError

    @hookspec
    def transfer_rate(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Factors | None:
        """Scale what learners receive, whichever transfer brings it, or what their buyers teach them.

        When: at every step of learning, before the transfers of the step.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *programme* tells which firms a policy reaches.
        Returns: factors on codified and tacit transfer, broadcast to (firms, functions), at least 0, and whether they
        scale all transfers or only those of buyers; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Strike(gpnde.Component):
        ...     name = "disruption.visa-stop"
        ...
        ...     @gpnde.hookimpl
        ...     def transfer_rate(self, knowledge):
        ...         return gpnde.Factors(codified=1.0, tacit=0.2)
        """
        raise NotImplementedError

    @hookspec
    def knowledge_creation(
        self, knowledge: KnowledgeView, memory: Memory, act: Act, streams: Streams, programme: Programme
    ) -> Creation | None:
        """Say what new knowledge firms create, alone or together.

        When: at every step of learning, after internalisation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *act* changes the network; *streams* gives random generators of its own;
        *programme* tells which firms a policy reaches.
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
    def forgetting(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Forgetting | None:
        """Say how fast knowledge is forgotten.

        When: at every step of learning, after creation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *programme* tells which firms a policy reaches.
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
    def absorptive_support(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Say how much help firms get with learning, beside the institutions that the scenario names.

        When: at every step of learning, before internalisation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *programme* tells which firms a policy reaches.
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
    def absorptive_capacity(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Scale the rate at which firms internalise what they have received.

        When: at every step of learning, before internalisation.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *programme* tells which firms a policy reaches.
        Returns: a factor per firm and function, broadcast to (firms, functions), at least 0; the engine multiplies
        those of all components.

        Examples
        --------
        >>> import gpnde
        >>> class Course(gpnde.Policy):
        ...     name = "policy.course"
        ...
        ...     @gpnde.hookimpl
        ...     def absorptive_capacity(self, programme):
        ...         return 1.0 + 0.2 * programme.reach[:, None]
        """
        raise NotImplementedError

    @hookspec
    def effort_cost(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Scale what effort costs firms.

        When: at every step of learning, before firms choose their effort.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *programme* tells which firms a policy reaches.
        Returns: a factor per firm, broadcast to (firms,), at least 0; the engine multiplies those of all components.
        What a policy takes off the cost of firms is billed to its programme, and firms bear what its budget cannot.

        Examples
        --------
        >>> import gpnde
        >>> class Grant(gpnde.Policy):
        ...     name = "policy.effort-grant"
        ...
        ...     @gpnde.hookimpl
        ...     def effort_cost(self, programme):
        ...         return 1.0 - 0.5 * programme.reach
        """
        raise NotImplementedError

    @hookspec
    def entrants(
        self, knowledge: KnowledgeView, memory: Memory, act: Act, streams: Streams, programme: Programme
    ) -> Iterable[Entrant] | None:
        """Say which firms enter the network.

        When: at every step of learning, after forgetting and upgrading.
        Arguments: *knowledge* tells what firms know and how they are tied; *memory* keeps what the component
        remembers from step to step; *act* changes the network; *streams* gives random generators of its own;
        *programme* tells which firms a policy reaches.
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
