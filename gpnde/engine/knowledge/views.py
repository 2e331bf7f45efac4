"""The view of a step of learning: read-only snapshots for components."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np

from gpnde.contracts import CONTRACTS
from gpnde.engine.context import RunContext
from gpnde.engine.hooks.views import RunView, locked
from gpnde.engine.knowledge.ties import TieBook, find_peers, is_higher_tier
from gpnde.mechanics.internalisation import capability, mean_capability
from gpnde.mechanics.upgrading import functional_level
from gpnde.plugin.knowledge import FirmFacts, KnowledgeView, Peers, Ties
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import CODIFIED, FUNCTIONS, TACIT
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Floats
from gpnde.world.world import World

Columns = TypeVar("Columns", FirmFacts, Ties, Peers)


class Speciality(NamedTuple):
    """What the cells of specialisation mean for the learning of each firm; shape (firms,)."""

    attainable: Floats
    """The highest level that any of its cells lets it reach."""
    learning: Floats
    """Factor on internalisation, mean over its sites."""
    churn_per_year: Floats
    """Part of knowledge that becomes useless, mean over its sites (1/year)."""


class KnowledgeViewBuilder:
    """Builds the `KnowledgeView` passed to components at each step, from the flow of goods, money and knowledge."""

    def __init__(self, context: RunContext, state: KnowledgeState, rules: Knowledge) -> None:
        """Look up what never changes, and begin to count what does."""
        world, view = context.world, context.hooks.view
        self._world, self._timeline, self._state = world, context.timeline, state
        self.ties = TieBook(world, context.timeline, state.places, rules)
        self._weights = np.array([rules.codified_weights[name] for name in FUNCTIONS])
        self._peers = _locked_all(find_peers(world))
        self._network = view
        self._revenue = world.firms["revenue"].copy()
        self._day = context.timeline.today
        self._fixed = _locked_all(_fixed_facts(world, state, view))
        self._local_support = _local_support(world, state)
        self._usual = self._per_firm(world.plants["mean_demand"])
        self._seen: tuple[Floats | None, Floats] = None, np.zeros(0)

    def renew_products(self) -> None:
        """Find again how complex and how uncertain the products are that firms make, after sites were built."""
        complexity, uncertainty = (_mean_of_products(self._world, field) for field in ("complexity", "uncertainty"))
        self._fixed = self._fixed._replace(complexity=locked(complexity), uncertainty=locked(uncertainty))

    def capability(self, stock: Floats | None = None) -> Floats:
        """Return what codified and tacit knowledge, of the moment or *stock*, amount to; shape (firms, functions)."""
        stock = self._state.stock if stock is None else stock
        # The state is replaced, never written into, so what was worked out holds for the same stock.
        if self._seen[0] is not stock:
            self._seen = stock, locked(np.asarray(capability(stock[CODIFIED], stock[TACIT], self._weights)))
        return self._seen[1]

    def mean_capability(self, stock: Floats | None = None) -> Floats:
        """Return the mean capability of each firm over the functions that it performed on day 0; shape (firms,)."""
        return np.asarray(mean_capability(self.capability(stock), self._state.opening))

    def build(self, absorptive: Floats) -> KnowledgeView:
        """Return the view of the step that ends now; *absorptive* is the absorptive capacity of the last one."""
        state, days = self._state, self._timeline.today - self._day
        self._day = self._timeline.today
        sent = self.ties.sent()
        able = self.capability()
        return KnowledgeView(
            day=self._day,
            days=days,
            codified=locked(state.stock[CODIFIED]),
            tacit=locked(state.stock[TACIT]),
            waiting_codified=locked(state.waiting[:, CODIFIED].sum(axis=0)),
            waiting_tacit=locked(state.waiting[:, TACIT].sum(axis=0)),
            capability=locked(able),
            mean_capability=locked(np.asarray(mean_capability(able, state.opening))),
            active=locked(state.active.copy()),
            practice=locked(np.maximum(state.active, self._practice(sent))),
            level=locked(np.asarray(functional_level(state.active))),
            effort=locked(state.effort.copy()),
            absorptive_capacity=locked(absorptive),
            firms=self._facts(sent, days),
            ties=_locked_all(self.ties.ties(sent)),
            peers=self._peers,
            places=state.places,
            network=self._network,
        )

    def with_effort(self, view: KnowledgeView) -> KnowledgeView:
        """Return the view of a step with the effort that firms have chosen since."""
        return replace(view, effort=locked(self._state.effort.copy()))

    def in_the_middle(self, view: KnowledgeView) -> KnowledgeView:
        """Return the view of a step with what firms know and wait for by now, in its middle."""
        state, able = self._state, self.capability()
        return replace(
            view,
            codified=locked(state.stock[CODIFIED]),
            tacit=locked(state.stock[TACIT]),
            waiting_codified=locked(state.waiting[:, CODIFIED].sum(axis=0)),
            waiting_tacit=locked(state.waiting[:, TACIT].sum(axis=0)),
            capability=locked(able),
            mean_capability=locked(np.asarray(mean_capability(able, state.opening))),
        )

    def _facts(self, sent: Floats, days: float) -> FirmFacts:
        firms = self._world.firms
        invoiced = firms["revenue"] - self._revenue
        self._revenue = firms["revenue"].copy()
        return self._fixed._replace(
            present=locked(firms["active"] == 1),
            support=locked(self._support() + self._help_of_services()),
            frontier=locked(self.frontier()),
            output=locked(self._output(sent, days)),
            # The first view is built on day 0, when no time has passed.
            revenue=locked(invoiced / max(days, 1e-9)),
        )

    def _help_of_services(self) -> Floats | float:
        """Return how much providers near the sites of each firm help it to learn; 0 without rules for them."""
        rules = self._world.scenario.services
        if rules is None:
            return 0.0
        # Firms without sites would divide by 0.
        sites = np.maximum(self._per_firm(np.ones(len(self._world.state.sites))), 1.0)
        return np.asarray(rules.support * self._per_firm(self._world.site_services_nearby) / sites)

    def _practice(self, sent: Floats) -> Floats:
        """Return what the contracts of each firm teach by doing, weighted by what it has *sent* under each."""
        world, lines = self._world, self._world.state.lines
        known = lines["supplier"] >= 0
        firm, shape = world.state.sites["firm"][lines["supplier"][known]], (len(world.firms), len(CONTRACTS))
        under = np.bincount(firm * shape[1] + lines["contract"][known], sent[known], shape[0] * shape[1])
        under = under.reshape(shape)
        total = under.sum(axis=1, keepdims=True)
        share = np.divide(under, total, out=np.zeros(shape), where=total > 0.0)
        return np.asarray(share @ world.terms["practice"])

    def _support(self) -> Floats:
        """Return what cluster and institutions of each firm do for its learning now; shape (firms,)."""
        return np.asarray(self._local_support + self._state.places.of_firms("institutions", 0.0))

    def frontier(self) -> Floats:
        """Return how far research and practice of each firm reach, in its country and its cells; shape (firms,)."""
        of_countries, speciality = self._state.places.of_firms("frontier", 1.0), self.speciality()
        return of_countries if speciality is None else np.minimum(of_countries, speciality.attainable)

    def speciality(self) -> Speciality | None:
        """Return what the cells of each firm's sites mean for learning; None where all cells are alike."""
        if self._world.scenario.cells is None:
            return None
        world, firm = self._world, self._world.state.sites["firm"]
        best = np.zeros(len(world.firms))
        np.maximum.at(best, firm, world.of_cells("attainable"))
        sites = np.bincount(firm, minlength=len(best))
        means = (
            np.bincount(firm, world.of_cells(name), len(best)) / np.maximum(sites, 1)
            for name in ("learning", "churn_per_year")
        )
        return Speciality(np.where(sites > 0, best, 1.0), *means)

    def _output(self, sent: Floats, days: float) -> Floats:
        """Return what each firm has sent since the last step over what was expected of it."""
        lines = self._world.state.lines
        known = lines["supplier"] >= 0
        site = np.bincount(lines["supplier"][known], sent[known], len(self._world.state.sites)).astype(np.float64)
        expected = self._usual * days
        return np.divide(self._per_firm(site), expected, out=np.zeros(len(expected)), where=expected > 0)

    def _per_firm(self, per_site: Floats) -> Floats:
        sites = self._world.state.sites
        return np.bincount(sites["firm"], per_site, len(self._world.firms)).astype(np.float64)


def _fixed_facts(world: World, state: KnowledgeState, view: RunView) -> FirmFacts:
    """Return what is true of firms throughout a run; what changes is blank."""
    blank = np.zeros(len(world.firms))
    places = state.places
    return FirmFacts(
        present=world.firms["active"] == 1,
        tier=world.firms["tier"].astype(np.int64),
        is_flagship=view.in_group("flagship"),
        is_higher_tier=is_higher_tier(world),
        cluster=places.cluster,
        country=places.country,
        owner=world.owners,
        equity_share=world.ownership["share"],
        owner_access=world.ownership["access"],
        support=blank,
        frontier=blank,
        output=blank,
        revenue=blank,
        uncertainty=_mean_of_products(world, "uncertainty"),
        complexity=_mean_of_products(world, "complexity"),
    )


def _local_support(world: World, state: KnowledgeState) -> Floats:
    """Return what the home cluster of each firm does for its learning; shape (firms,)."""
    # Firms at home in no cluster have the number -1, which finds the 0 at the end.
    of_clusters = np.array([cluster.support for cluster in world.scenario.clusters] + [0.0])
    return np.asarray(of_clusters[state.places.cluster])


def _mean_of_products(world: World, field: str) -> Floats:
    """Return the mean of a field of the products that the sites of each firm make; shape (firms,)."""
    values = np.array([getattr(product, field) for product in world.scenario.products.values()])
    firm, count = world.state.sites["firm"], len(world.firms)
    sites = np.maximum(np.bincount(firm, minlength=count), 1)
    return np.bincount(firm, values[world.state.sites["product"]], count) / sites


def _locked_all(columns: Columns) -> Columns:
    return type(columns)(*(locked(values) for values in columns))
