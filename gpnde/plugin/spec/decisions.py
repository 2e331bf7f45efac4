"""Hooks that decide: each has one owner per scenario, and others may wrap it.

Two components that fill a decision with a plain `hookimpl` are an error that names both. A component that marks its
method with ``hookimpl(wrapper=True)`` does not decide, but looks at what was decided: the method is a generator that
yields once, gets the decision and returns the one to follow. Where no component owns a decision, the engine decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.plugin.hooks import hookspec

if TYPE_CHECKING:
    from gpnde.plugin.flow import PolicyFacts, Request, Review, Sharing
    from gpnde.plugin.interfaces import Streams, View
    from gpnde.plugin.knowledge import KnowledgeView, Memory
    from gpnde.plugin.policy import Programme
    from gpnde.world.layout import Flags, Floats


class DecisionHooks:
    """Asked for a decision; the wrapper that comes first by name has the last word."""

    @hookspec
    def choose_supplier(self, request: Request, view: View, memory: Memory, streams: Streams) -> int:
        """Choose the winner of a request for quotation.

        When: whenever a request for quotation closes. The engine chooses the eligible bid with the highest score.
        Arguments: *request* holds the bids; *view* shows the network; *memory* keeps what the component remembers;
        *streams* gives random generators of its own.
        Returns: the position of the winner, which has to be eligible, among the bidders, or -1: the buyer asks again.

        Examples
        --------
        >>> import gpnde
        >>> class Cheapest(gpnde.Component):
        ...     name = "policy.cheapest"
        ...
        ...     @gpnde.hookimpl
        ...     def choose_supplier(self, request):
        ...         able = request.eligible.nonzero()[0]
        ...         return able[request.prices[able].argmin()] if len(able) else -1
        """
        raise NotImplementedError

    @hookspec
    def allocate(self, sharing: Sharing, view: View, memory: Memory, streams: Streams) -> Floats:
        """Share the volume of an input among its suppliers.

        When: at every review of suppliers, for every input with several of them. The engine shares by the rules of the
        scenario.
        Arguments: *sharing* tells which suppliers deliver; *view* shows the network; *memory* keeps what the component
        remembers; *streams* gives random generators of its own.
        Returns: shares in the order of the lines, at least 0; they are scaled to sum to 1.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Even(gpnde.Component):
        ...     name = "policy.even"
        ...
        ...     @gpnde.hookimpl
        ...     def allocate(self, sharing):
        ...         return numpy.ones(len(sharing.lines))
        """
        raise NotImplementedError

    @hookspec
    def order_up_to(self, review: Review, view: View, memory: Memory, streams: Streams) -> Floats:
        """Say up to which level sites order.

        When: on every day on which sites review, once for all of them, before goods move; sites that review at every
        change (``review_days: 0``) are not asked for. Without an owner sites order by the rules of the scenario, which
        are compiled with the flow.
        Arguments: *review* tells which sites review, and how they stand; *view* shows the network; *memory* keeps what
        the component remembers; *streams* gives random generators of its own.
        Returns: a level per site of the review (units of output), broadcast to (n,), NaN for the rule of the scenario.
        Each input is ordered up to the level by its own inventory position, what is asked for today included: to order
        a quantity, add it to ``review.position``.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class JustEnough(gpnde.Component):
        ...     name = "policy.just-enough"
        ...
        ...     @gpnde.hookimpl
        ...     def order_up_to(self, review, view):
        ...         late = view.sites["backlog"][review.sites] > 0.0
        ...         return numpy.where(late, 2.0 * review.demanded, numpy.nan)
        """
        raise NotImplementedError

    @hookspec
    def award(self, able: Flags, knowledge: KnowledgeView, memory: Memory, streams: Streams) -> Flags:
        """Award functions to firms.

        When: at every review of upgrading, if the scenario has knowledge switched on. The engine awards by score and
        chance.
        Arguments: *able* tells which functions are within the reach and the means of firms, shape (firms, functions);
        *knowledge* tells what firms know; *memory* keeps what the component remembers; *streams* gives random
        generators of its own.
        Returns: the functions that are awarded, shape (firms, functions); what is not *able* is left out.

        Examples
        --------
        >>> import gpnde
        >>> class Freeze(gpnde.Component):
        ...     name = "policy.freeze"
        ...
        ...     @gpnde.hookimpl(wrapper=True)
        ...     def award(self, knowledge):
        ...         awarded = yield
        ...         return awarded & (knowledge.level < 3)[:, None]
        """
        raise NotImplementedError

    @hookspec
    def targets(
        self,
        policy: PolicyFacts,
        view: View,
        knowledge: KnowledgeView | None,
        memory: Memory,
        programme: Programme,
    ) -> Floats:
        """Decide the target group of a policy.

        When: for every policy of the run that has started and not ended, whenever the modifiers of the flow are
        refreshed and at every step, before anything else. Without an owner each policy follows its own rule
        (`gpnde.Policy.targeted`).
        Arguments: *policy* tells which one it is; *view* shows the network; *knowledge* tells what firms know, None
        without knowledge; *memory* keeps what the component remembers; *programme* is its own, not that policy's.
        Returns: how far each firm is targeted, from 0 to 1, broadcast to (firms,).

        Examples
        --------
        >>> import gpnde
        >>> class OnlyTheSmall(gpnde.Component):
        ...     name = "policy.only-the-small"
        ...
        ...     @gpnde.hookimpl(wrapper=True)
        ...     def targets(self, view):
        ...         targeted = yield
        ...         return targeted * (view.firms["tier"] > 1)
        """
        raise NotImplementedError
