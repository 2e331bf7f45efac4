"""What mechanisms of diffusion see and what they return: knowledge of firms, ties between them, rates and factors.

Arrays per firm and function have shape (firms, functions), with functions in the order of
`gpnde.scenario.knowledge.FUNCTIONS`. Knowledge is relative to the frontier, 0 to 1; rates are per day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from gpnde.plugin.interfaces import View
    from gpnde.world.layout import Flags, Floats, Integers
    from gpnde.world.places import Places

Channel = Literal["formal", "informal"]

Scaled = Literal["all", "buyers"]

Memory = dict[str, Any]
"""What a component remembers from step to step of one run; empty at the start."""


class Ties(NamedTuple):
    """Pairs of firms with an active link, or several, in which the buyer can teach the supplier; shape (ties,).

    Plants of one firm make no tie. Values of several links are means weighted by what was sent.
    """

    teacher: Integers
    """Buying firm."""
    learner: Integers
    """Supplying firm."""
    trust: Floats
    """Trust now, 0 to 1; it grows with the age of links."""
    distance_km: Floats
    """Distance of the links, where it is not given between the homes of the firms."""
    access: Floats
    """Access to the buyer's knowledge: 1 for flagships and lead suppliers, less for lower tiers; owners give more."""
    contract: Integers
    """Contract of the largest link, by position in `gpnde.contracts.CONTRACTS`."""
    information: Flags
    """Whether the buyer shares market information."""
    volume: Floats
    """Share of the learner's deliveries that go to this buyer."""
    age_days: Floats
    """Time since the links opened."""
    life_cycle_days: Floats
    """Life cycle of what is delivered; infinite where the product has none."""


class Peers(NamedTuple):
    """Pairs of firms whose people know each other; both can teach; shape (pairs,)."""

    first: Integers
    """One firm of the pair."""
    second: Integers
    """The other one."""
    strength: Floats
    """How well the people know each other, 0 to 1."""


class FirmFacts(NamedTuple):
    """What is true of each firm in this step; shape (firms,)."""

    present: Flags
    """Whether it is in the network."""
    tier: Integers
    """Distance from the flagship."""
    is_flagship: Flags
    """Whether it leads the network by its role."""
    is_higher_tier: Flags
    """Whether it deals with the flagship directly, by its role."""
    cluster: Integers
    """Home cluster, -1 for none."""
    country: Integers
    """Home country, by position in the countries of the scenario; -1 for none."""
    owner: Integers
    """Firm that holds equity in it, or whose partner it is; -1 for none."""
    equity_share: Floats
    """Share that the owner holds."""
    owner_access: Floats
    """How far the owner lets it into what it knows, 0 to 1; 0 without an owner."""
    support: Floats
    """Help with learning by institutions of cluster and country, 0 to 1."""
    frontier: Floats
    """Highest knowledge that research in its country reaches."""
    output: Floats
    """Units made since the last step over those expected (1)."""
    revenue: Floats
    """Invoiced per day since the last step (money); 0 without finance."""
    uncertainty: Floats
    """Of demand, for the firm's products, mean over its sites."""
    complexity: Floats
    """Of the firm's products, mean over its sites."""


@dataclass(frozen=True)
class KnowledgeView:
    """The knowledge side of the network at one step of learning, for reading only."""

    day: float
    """The present."""
    days: float
    """Length of the step that ends now."""
    codified: Floats
    """Own codified knowledge."""
    tacit: Floats
    """Own knowledge; shape (firms, functions)."""
    waiting_codified: Floats
    """Codified receipts not internalised yet."""
    waiting_tacit: Floats
    """Receipts not internalised yet; shape (firms, functions)."""
    capability: Floats
    """What both kinds amount to together; shape (firms, functions)."""
    mean_capability: Floats
    """Mean over the functions that the firm performed on day 0, whatever it has taken on since; shape (firms,)."""
    active: Flags
    """Functions that the firm performs; shape (firms, functions)."""
    practice: Floats
    """How far making teaches each function: 1 for those that the firm performs, for others as its contracts have it,
    weighted by what was sent under each; shape (firms, functions)."""
    level: Integers
    """Highest rung of the ladder that the firm performs, from 0; -1 for none; shape (firms,)."""
    effort: Floats
    """Effort on learning that firms chose for the step."""
    absorptive_capacity: Floats
    """Of the last step; shape (firms,)."""
    firms: FirmFacts
    """What is true of each firm."""
    ties: Ties
    """Pairs of firms with an active link."""
    peers: Peers
    """Pairs of firms whose people know each other."""
    places: Places
    """Where firms are at home."""
    network: View
    """The flow of goods and money."""


class Transfer(NamedTuple):
    """What ties carry in one step: rates at which the gap between source and learner closes, per day.

    The engine multiplies rates with the open gap and solves all transfers of a step together, so that no learner
    passes the best of its sources. A source is a firm (*teacher*), or a level of knowledge (*levels*) where the source
    is a pool, a licence or a product.
    """

    learner: Integers
    """Firms that receive; shape (n,)."""
    codified: Floats
    """Rate per day; shape (n,) or (n, functions)."""
    tacit: Floats
    """Rate per day; shape (n,) or (n, functions)."""
    channel: Channel
    """How it is carried: formal or informal."""
    teacher: Integers | None = None
    """Firms that are learnt from; shape (n,)."""
    levels: Floats | None = None
    """Codified and tacit level of the source, where it is no firm; shape (2, n, functions)."""
    by_buyer: bool = False
    """Whether learners are taught as suppliers, by their buyers; factors of "buyers" scale these transfers alone."""


class Creation(NamedTuple):
    """New knowledge that firms create themselves or together in one step; shape (firms, functions), at least 0."""

    codified: Floats
    """New codified knowledge."""
    tacit: Floats
    """New tacit knowledge."""


class Factors(NamedTuple):
    """Factors on what learners receive, each broadcast to (firms, functions) and at least 0."""

    codified: Floats | float
    """Factor on codified transfer."""
    tacit: Floats | float
    """Factor on tacit transfer."""
    of: Scaled = "all"
    """Which transfers are scaled: all, or those of buyers to their suppliers (`Transfer.by_buyer`)."""


class Forgetting(NamedTuple):
    """Rates at which knowledge is forgotten, per day, each broadcast to (firms, functions) and at least 0."""

    codified: Floats | float
    """Rate for codified knowledge."""
    tacit: Floats | float
    """Rate for tacit knowledge."""


class Entrant(NamedTuple):
    """A firm that enters, with the knowledge that its founders bring along."""

    firm: int
    """A firm of the scenario that is not in the network yet."""
    tacit: Floats
    """Level of tacit knowledge that it gets at least; shape (functions,)."""
    parent: int = -1
    """The firm that its founders left, -1 for none."""
