"""Hooks on the flow of goods and money: factors and terms that are folded with those of other components.

They are asked before day 0, at every step of components, when a policy starts or ends, and at the end of an instant at
which a component has called `act.renew`; what they return holds until they are asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.plugin.hooks import hookspec

if TYPE_CHECKING:
    from gpnde.plugin.flow import Credit, Lanes
    from gpnde.plugin.interfaces import View
    from gpnde.plugin.knowledge import KnowledgeView, Memory
    from gpnde.plugin.policy import Programme
    from gpnde.world.layout import Floats


class FlowHooks:
    """Asked for numbers on the flow; none of them may change anything."""

    @hookspec
    def lead_time(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the lead times of what sites deliver.

        When: before day 0, and whenever the modifiers of the flow are refreshed. Later lead times are scaled.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per supplying site, broadcast to (sites,), above 0; the engine multiplies those of all
        components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Customs(gpnde.Policy):
        ...     name = "policy.customs"
        ...
        ...     @gpnde.hookimpl
        ...     def lead_time(self, view, programme):
        ...         return 1.0 - 0.1 * programme.reach[view.sites["firm"]]
        """
        raise NotImplementedError

    @hookspec
    def response_time(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the time in which firms answer requests for quotation.

        When: before day 0, and whenever the modifiers of the flow are refreshed.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per firm, broadcast to (firms,), above 0; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Portal(gpnde.Policy):
        ...     name = "policy.portal"
        ...
        ...     @gpnde.hookimpl
        ...     def response_time(self, programme):
        ...         return 1.0 - 0.5 * programme.reach
        """
        raise NotImplementedError

    @hookspec
    def forecast_error(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the error of demand forecasts that firms guard against with safety stock.

        When: before day 0, and whenever the modifiers of the flow are refreshed.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per firm, broadcast to (firms,), at least 0; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Panel(gpnde.Component):
        ...     name = "diffusion.panel"
        ...
        ...     @gpnde.hookimpl
        ...     def forecast_error(self, view):
        ...         return 1.0 - 0.3 * (view.firms["tier"] == 1)
        """
        raise NotImplementedError

    @hookspec
    def capacity(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the capacity of sites.

        When: before day 0, and whenever the modifiers of the flow are refreshed.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per site, broadcast to (sites,), 0 or more; the engine multiplies those of all components. At
        0 a site starts nothing but ships what it has; one that ships nothing either is out (`Act.disrupt_sites`). A
        site without a limit has none at any factor.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class PowerCuts(gpnde.Component):
        ...     name = "disruption.power-cuts"
        ...
        ...     @gpnde.hookimpl
        ...     def capacity(self, view):
        ...         return numpy.where(view.site_country == 0, 0.8, 1.0)
        """
        raise NotImplementedError

    @hookspec
    def demand(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the demand of markets.

        When: before day 0, and whenever the modifiers of the flow are refreshed.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per market, broadcast to (markets,), 0 or more; the engine multiplies those of all components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Purchases(gpnde.Component):
        ...     name = "policy.public-purchases"
        ...
        ...     @gpnde.hookimpl
        ...     def demand(self, view):
        ...         return numpy.full(len(view.markets), 1.05)
        """
        raise NotImplementedError

    @hookspec
    def tariff(
        self, lanes: Lanes, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Levy duties on what lines carry.

        When: before day 0, and whenever the modifiers of the flow are refreshed. Duties raise what buyers pay and
        compare, not what sellers get. Where the buyer is a market, its customers pay, and its demand and choice
        follow the price.
        Arguments: *lanes* are those of all lines, sales to markets included, or of the bids for a request for
        quotation; *view* shows the network;
        *knowledge* tells what firms know, None without knowledge; *memory* keeps what the component remembers;
        *programme* tells which firms a policy reaches.
        Returns: a rate per lane as a share of the price, broadcast to (lanes,), at least 0; the engine adds up those of
        all components, and counts the revenue of each in its programme.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Duty(gpnde.Policy):
        ...     name = "policy.duty"
        ...
        ...     @gpnde.hookimpl
        ...     def tariff(self, lanes):
        ...         return 0.1 * lanes.is_import
        """
        raise NotImplementedError

    @hookspec
    def score(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Add to the scores that buyers give suppliers.

        When: at every review of suppliers.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: points per line, broadcast to (lines,); the engine adds up those of all components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Label(gpnde.Policy):
        ...     name = "policy.label"
        ...
        ...     @gpnde.hookimpl
        ...     def score(self, view, programme):
        ...         return 0.05 * programme.reach[view.line_supplier] * (view.lines["supplier"] >= 0)
        """
        raise NotImplementedError

    @hookspec
    def bid_score(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Add to the scores of bids.

        When: whenever a request for quotation closes.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: points per bidding site, broadcast to (sites,); the engine adds up those of all components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Preference(gpnde.Policy):
        ...     name = "policy.preference"
        ...
        ...     @gpnde.hookimpl
        ...     def bid_score(self, view, programme):
        ...         return 0.1 * programme.reach[view.sites["firm"]]
        """
        raise NotImplementedError

    @hookspec
    def certification(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the time in which new suppliers are certified.

        When: whenever a request for quotation is awarded.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per supplying site, broadcast to (sites,), above 0; the engine multiplies those of all
        components.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class TestLab(gpnde.Policy):
        ...     name = "policy.test-lab"
        ...
        ...     @gpnde.hookimpl
        ...     def certification(self, view, programme):
        ...         return 1.0 - 0.4 * programme.reach[view.sites["firm"]]
        """
        raise NotImplementedError

    @hookspec
    def commitment(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Bind buyers to suppliers for a time.

        When: at every review of suppliers, and when firms choose their effort.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: days since the opening of each line for which nothing but insolvency ends it, broadcast to (lines,), at
        least 0; the longest of all components and of the contract counts.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Contracts(gpnde.Policy):
        ...     name = "policy.contracts"
        ...
        ...     @gpnde.hookimpl
        ...     def commitment(self, view, programme):
        ...         return 728.0 * programme.reach[view.line_supplier]
        """
        raise NotImplementedError

    @hookspec
    def credit_terms(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Credit | None:
        """Change credit lines and interest.

        When: before day 0, and whenever the modifiers of the flow are refreshed.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: terms of credit per firm; factors of all components are multiplied, extra lines and rates added up.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Crunch(gpnde.Component):
        ...     name = "disruption.crunch"
        ...
        ...     @gpnde.hookimpl
        ...     def credit_terms(self):
        ...         return gpnde.Credit(factor=0.5, rate=0.1)
        """
        raise NotImplementedError

    @hookspec
    def location_utility(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme, product: int
    ) -> Floats | float | None:
        """Add to the utility of clusters as places to make a product.

        When: whenever a firm decides where to add capacity for it.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches; *product* is the number of what is
        to be made.
        Returns: utility of each cluster to each firm, broadcast to (firms, clusters); the engine adds up those of all
        components. A unit of utility makes a place e times as likely to be taken.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Zone(gpnde.Policy):
        ...     name = "policy.zone"
        ...
        ...     @gpnde.hookimpl
        ...     def location_utility(self, view, programme):
        ...         return 0.5 * numpy.outer(programme.reach, [name == "zone" for name in view.names.clusters])
        """
        raise NotImplementedError

    @hookspec
    def volatility(
        self, view: View, knowledge: KnowledgeView | None, memory: Memory, programme: Programme
    ) -> Floats | float | None:
        """Scale the volatility of currencies.

        When: every month, before exchange rates move.
        Arguments: *view* shows the network; *knowledge* tells what firms know, None without knowledge; *memory* keeps
        what the component remembers; *programme* tells which firms a policy reaches.
        Returns: a factor per firm, broadcast to (firms,), at least 0; the engine multiplies those of all components,
        and scales each currency by the mean over the firms at home in its country.

        Examples
        --------
        >>> import gpnde, numpy
        >>> class Reserve(gpnde.Policy):
        ...     name = "policy.reserve"
        ...
        ...     @gpnde.hookimpl
        ...     def volatility(self, programme):
        ...         return 1.0 - 0.5 * programme.reach
        """
        raise NotImplementedError
