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
    distance_km: Floats
    access: Floats
    """Access to the buyer's knowledge: 1 for flagships and lead suppliers, less for lower tiers."""
    contract: Integers
    """Contract of the largest link, by position in `gpnde.world.layout.CONTRACTS`."""
    information: Flags
    """Whether the buyer shares market information."""
    volume: Floats
    """Share of the learner's deliveries that go to this buyer."""
    age_days: Floats
    life_cycle_days: Floats
    """Life cycle of what is delivered; infinite where the product has none."""


class Peers(NamedTuple):
    """Pairs of firms whose people know each other; both can teach; shape (pairs,)."""

    first: Integers
    second: Integers
    strength: Floats


class FirmFacts(NamedTuple):
    """What is true of each firm in this step; shape (firms,)."""

    present: Flags
    """Whether it is in the network."""
    tier: Integers
    is_flagship: Flags
    is_higher_tier: Flags
    cluster: Integers
    country: Integers
    owner: Integers
    """Firm that holds equity in it, -1 for none."""
    equity_share: Floats
    support: Floats
    """Help with learning by institutions of cluster and country, 0 to 1."""
    frontier: Floats
    output: Floats
    """Units made since the last step over those expected (1)."""
    revenue: Floats
    """Invoiced per day since the last step (money); 0 without finance."""
    uncertainty: Floats
    complexity: Floats
    """Of the firm's products, mean over its sites."""


@dataclass(frozen=True)
class KnowledgeView:
    """The knowledge side of the network at one step of learning, for reading only."""

    day: float
    days: float
    """Length of the step that ends now."""
    codified: Floats
    tacit: Floats
    """Own knowledge; shape (firms, functions)."""
    waiting_codified: Floats
    waiting_tacit: Floats
    """Receipts not internalised yet; shape (firms, functions)."""
    capability: Floats
    """What both kinds amount to together; shape (firms, functions)."""
    mean_capability: Floats
    """Mean over the functions that the firm performs; shape (firms,)."""
    active: Flags
    """Functions that the firm performs; shape (firms, functions)."""
    level: Integers
    """Highest rung of the ladder that the firm performs, from 0; -1 for none; shape (firms,)."""
    effort: Floats
    absorptive_capacity: Floats
    """Of the last step; shape (firms,)."""
    firms: FirmFacts
    ties: Ties
    peers: Peers
    places: Places
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
    teacher: Integers | None = None
    """Firms that are learnt from; shape (n,)."""
    levels: Floats | None = None
    """Codified and tacit level of the source, where it is no firm; shape (2, n, functions)."""


class Creation(NamedTuple):
    """New knowledge that firms create themselves or together in one step; shape (firms, functions), at least 0."""

    codified: Floats
    tacit: Floats


class Factors(NamedTuple):
    """Factors on what learners receive, each broadcast to (firms, functions) and at least 0."""

    codified: Floats | float
    tacit: Floats | float


class Forgetting(NamedTuple):
    """Rates at which knowledge is forgotten, per day, each broadcast to (firms, functions) and at least 0."""

    codified: Floats | float
    tacit: Floats | float


class Entrant(NamedTuple):
    """A firm that enters, with the knowledge that its founders bring along."""

    firm: int
    """A firm of the scenario that is not in the network yet."""
    tacit: Floats
    """Level of tacit knowledge that it gets at least; shape (functions,)."""
    parent: int = -1
    """The firm that its founders left, -1 for none."""
