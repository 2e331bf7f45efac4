"""What components see and return of the flow of goods and money: events, requests, shares, terms of credit.

Numbers of sites, lines and firms are positions in the arrays of the view; -1 stands for none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gpnde.world.layout import Flags, Floats, Integers


class Event(NamedTuple):
    """Something that happened out of the ordinary, as in the table of events."""

    day: float
    """When it happened."""
    kind: str
    """Such as site_failed, link_dropped, link_opened, bid_placed, bid_awarded, firm_failed, firm_entered, upgrade."""
    cause: str
    """Of a drop-out: score, finance, buffer-role, outage, contract-end or policy; of an upgrade its reason."""
    firm: int
    """Firm that it happened to."""
    site: int
    """Site that it happened to, or that delivers or bids."""
    buyer: int
    """Buying site of a link or bid."""
    component: str
    """The component that brought it about, or ``engine``."""
    value: float
    """A number that goes with the kind, of an upgrade the function's; NaN where there is none."""


class Request(NamedTuple):
    """A request for quotation that has closed: which firms bid to deliver an input, and how good each bid is."""

    buyer: int
    """Site that asks."""
    product: int
    """Product that is asked for."""
    share: float
    """Share of the input that is asked for (1)."""
    bidders: Integers
    """Sites that were asked, cheapest first; shape (n,)."""
    prices: Floats
    """Price with duties (money per unit); shape (n,)."""
    hours: Floats
    """Time that each took to answer (hours); shape (n,)."""
    scores: Floats
    """Score of each bid by price, lead time, reliability and quality; shape (n,)."""
    eligible: Flags
    """Whether the bid came in time and the bidder is free; shape (n,)."""


class Sharing(NamedTuple):
    """The volume of one input, which is to be shared among its suppliers."""

    buyer: int
    """Site that buys."""
    product: int
    """Product that is bought."""
    lines: Integers
    """Links that deliver the input; shape (n,)."""
    suppliers: Integers
    """Sites that deliver; shape (n,)."""
    in_force: Floats
    """Shares before the review, which sum to 1; shape (n,)."""
    scores: Floats
    """Last scores, NaN where there is none; shape (n,)."""


class Review(NamedTuple):
    """Sites that review today, before goods move and before they order; shape (n,) each."""

    sites: Integers
    """The sites, in rising order."""
    days: Floats
    """Time from review to review (days)."""
    demanded: Floats
    """What has been asked for since the last review, up to yesterday (units)."""
    position: Floats
    """Inventory position: on hand, in production and on order less backlog, for the input of which there is least
    (units of output)."""
    level: Floats
    """Level that the site orders up to as things stand (units of output)."""
    demand_per_day: Floats
    """Mean of what was asked for since the review before the last, up to yesterday (units per day); NaN before the
    first whole period between reviews is over."""


class Supplies(NamedTuple):
    """Links over which sites that review today could order, before goods move; shape (n,) each."""

    lines: Integers
    """The links, in rising order."""
    buyer: Integers
    """Site that orders."""
    supplier: Integers
    """Site that delivers, -1 for outside the model."""
    product: Integers
    """Product that is delivered."""
    share: Floats
    """Share of the link in the need of its buyer (1)."""
    landed: Floats
    """Price with duties and freight, before discounts (money per unit)."""
    lead_days: Floats
    """Mean time from order to receipt, as the buyer knows it (days)."""
    in_stock: Floats
    """What the supplier could send at once beside what it owes (units), infinite for outside the model."""
    is_up: Flags
    """Whether the supplier is at work and the way to it is open."""


class Lanes(NamedTuple):
    """Ways that goods take or would take: those of lines, or of bids; shape (n,) each."""

    supplier: Integers
    """Sending site, -1 for outside the model."""
    buyer: Integers
    """Receiving site, -1 for a market."""
    product: Integers
    """Product that is delivered."""
    origin: Integers
    """Country of the sending site, by position in ``view.country_names``; -1 where it is not known."""
    destination: Integers
    """Country of the receiving site or market; -1 where it is not known."""
    market: Integers
    """Market that is delivered to, -1 for a site."""
    origin_region: Integers
    """Region of the sending site, by position in ``view.region_names``; -1 where it is not known."""
    destination_region: Integers
    """Region of the receiving site or market; -1 where it is not known."""

    @property
    def is_import(self) -> Flags:
        """Whether goods cross a border into a country that is known; what comes from outside does."""
        crosses: Flags = (self.destination >= 0) & (self.origin != self.destination)
        return crosses

    @property
    def is_export(self) -> Flags:
        """Whether a site delivers abroad: to another country or, where a country is not known, to another region."""
        known = (self.origin >= 0) & (self.destination >= 0)
        apart = (self.origin_region >= 0) & (self.destination_region >= 0)
        apart &= self.origin_region != self.destination_region
        leaves: Flags = (self.supplier >= 0) & (known & (self.origin != self.destination) | ~known & apart)
        return leaves


class Credit(NamedTuple):
    """Terms of credit that a component brings about, on top of those of the scenario; each broadcast to (firms,)."""

    factor: Floats | float = 1.0
    """Factor on credit lines, at least 0; those of all components are multiplied."""
    extra: Floats | float = 0.0
    """Added to credit lines (money), at least 0; those of all components are added up."""
    rate: Floats | float = 0.0
    """Added to the yearly rate of interest (1/year); the sum is never taken below a rate of 0."""


class PolicyFacts(NamedTuple):
    """A policy whose targets are being decided."""

    label: str
    """Its name in this run."""
    name: str
    """Its name as a component."""
    start_day: float
    """When it starts."""
    cost: float
    """What it has cost so far (money)."""
