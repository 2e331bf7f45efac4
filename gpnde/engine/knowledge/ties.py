"""Ties between firms: what their links carry of trust, distance and information."""

from __future__ import annotations

import math

import numpy as np

from gpnde.engine.clock import Timeline
from gpnde.mechanics.rivalry import time_to_market
from gpnde.plugin.knowledge import Peers, Ties
from gpnde.scenario.knowledge import Knowledge
from gpnde.scenario.network import Product
from gpnde.vocabulary import HIGHER_TIER, ROLES, YEAR_DAYS
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.places import Places
from gpnde.world.world import World

_LEAST_WEIGHT = 1e-9
"""Weight of a link that has carried nothing, so that a mean over such links is defined."""


def generation_days(product: Product) -> float:
    """Return the length of a product generation (days): as given, or the time in which the ablest design the next.

    >>> generation_days(Product(life_cycle_days=182)), generation_days(Product())
    (182.0, inf)
    """
    rules = product.generations
    if rules is None:
        return product.life_cycle_days or math.inf
    return float(time_to_market(rules.design_days, rules.design_effect, 1.0))


class TieBook:
    """Finds the ties of the moment."""

    def __init__(self, world: World, timeline: Timeline, places: Places, rules: Knowledge) -> None:
        """Begin with the links of the scenario."""
        self._world, self._timeline, self._places = world, timeline, places
        world.ties["shipped"] = world.state.lines["shipped"]
        self._life = np.array([generation_days(product) for product in world.scenario.products.values()])
        self._growth = rules.trust_growth_per_year / YEAR_DAYS
        self._active, self._present = np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_)
        self.access = np.where(is_higher_tier(world), 1.0, rules.lower_tier_access)

    def sent(self) -> Floats:
        """Return what each line has shipped since this was asked last; shape (lines,)."""
        shipped = self._world.state.lines["shipped"]
        sent = shipped - self._world.ties["shipped"]
        self._world.ties["shipped"] = shipped
        return np.asarray(sent)

    def ties(self, sent: Floats) -> Ties:
        """Return the ties of the moment; *sent* weighs the links between the same two firms.

        Firms that have not entered yet have links to buy from, but no ties.
        """
        active = self._world.state.lines["active"] == 1
        present = self._world.firms["active"] == 1
        # Which firms are tied changes far more seldom than what the ties carry.
        if not (np.array_equal(active, self._active) and np.array_equal(present, self._present)):
            self._active, self._present = active, present
            self._pairs = self._find_pairs(active, present)
        return self._merged(*self._pairs, sent)

    def _find_pairs(self, active: Flags, present: Flags) -> tuple[Integers, Integers, Integers, Integers]:
        """Return the links between firms, the tie that each belongs to, and teacher and learner of each tie."""
        state, firms = self._world.state, len(self._world.firms)
        numbers = np.flatnonzero((state.lines["supplier"] >= 0) & (state.lines["buyer"] >= 0) & active)
        teacher = state.sites["firm"][state.lines["buyer"][numbers]].astype(np.int64)
        learner = state.sites["firm"][state.lines["supplier"][numbers]].astype(np.int64)
        between = (teacher != learner) & present[teacher] & present[learner]
        pairs, group = np.unique(teacher[between] * firms + learner[between], return_inverse=True)
        return numbers[between], group, pairs // firms, pairs % firms

    def _merged(self, numbers: Integers, group: Integers, teacher: Integers, learner: Integers, sent: Floats) -> Ties:
        """Return one tie per pair of firms: means over its links by what was sent."""
        weight = sent[numbers] + _LEAST_WEIGHT
        total = np.bincount(group, weight, len(teacher))

        def mean(values: Floats | Flags) -> Floats:
            return np.bincount(group, weight * values, len(teacher)) / total

        ties = self._world.ties
        lines, largest = self._world.state.lines, self._largest(group, weight, len(teacher))
        age = (self._timeline.now - lines["opened"][numbers]) * self._timeline.tick_days
        return Ties(
            teacher=teacher,
            learner=learner,
            trust=mean(self._trust_now(numbers, age)),
            distance_km=self._distances(teacher, learner, mean(ties["distance_km"][numbers])),
            access=self._access(teacher, learner),
            contract=lines["contract"][numbers[largest]].astype(np.int64),
            information=mean(ties["shares_information"][numbers]) > 0.5,
            volume=total / self._delivered(sent)[learner],
            age_days=mean(age),
            life_cycle_days=self._life[lines["product"][numbers[largest]]],
        )

    def _access(self, teacher: Integers, learner: Integers) -> Floats:
        """Return how far each teacher lets its learner in: by its tier, or further where it owns it."""
        usual, ownership = self.access[learner], self._world.ownership[learner]
        return np.where(ownership["owner"] == teacher, np.maximum(usual, ownership["access"]), usual)

    def _trust_now(self, numbers: Integers, age: Floats) -> Floats:
        """Return the trust of links, which grows towards 1 as long as they last."""
        return 1.0 - (1.0 - self._world.ties["trust"][numbers]) * np.exp(-self._growth * age)

    def _distances(self, teacher: Integers, learner: Integers, given: Floats) -> Floats:
        return np.where(np.isnan(given), self._places.between(teacher, learner), given)

    @staticmethod
    def _largest(group: Integers, weight: Floats, ties: int) -> Integers:
        """Return the position of the heaviest link of each tie."""
        if len(group) == ties:
            return np.argsort(group)
        # The last of each group is then the heaviest link, and among equals the youngest.
        order = np.lexsort((np.arange(len(group)), weight, group))
        return order[np.searchsorted(group[order], np.arange(ties), side="right") - 1]

    def _delivered(self, sent: Floats) -> Floats:
        """Return what each firm has sent in all."""
        state = self._world.state
        known = state.lines["supplier"] >= 0
        firm = state.sites["firm"][state.lines["supplier"][known]]
        # The least weight keeps firms that have sent nothing from dividing by 0.
        return np.bincount(firm, sent[known] + _LEAST_WEIGHT, len(self._world.firms)).astype(np.float64)


def is_higher_tier(world: World) -> Flags:
    """Return whether each firm deals with the flagship directly; shape (firms,)."""
    roles = [ROLES.index(role) for role in HIGHER_TIER]
    return np.isin(world.firms["role"], roles)


def find_peers(world: World) -> Peers:
    """Return the pairs of firms whose people know each other."""
    number = {name: position for position, name in enumerate(world.names.firms)}
    peers = world.scenario.peers
    return Peers(
        first=np.array([number[peer.first] for peer in peers], dtype=np.int64),
        second=np.array([number[peer.second] for peer in peers], dtype=np.int64),
        strength=np.array([peer.strength for peer in peers], dtype=np.float64),
    )
