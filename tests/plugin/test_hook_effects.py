"""Every hook has a caller: a component that fills it alone changes what a run is asked for, and in which direction."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import numpy as np
import pytest

from gpnde.engine.money.exchange import ExchangeRates
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError, GpndeError
from gpnde.plugin import (
    Act,
    Clock,
    Component,
    Creation,
    Credit,
    Entrant,
    Factors,
    Forgetting,
    KnowledgeView,
    Policy,
    Process,
    Programme,
    Transfer,
    View,
    hookimpl,
    param,
)
from gpnde.plugin.spec import hook_names
from gpnde.scenario import Scenario
from gpnde.testing import tiny_network
from gpnde.vocabulary import ACCOUNTS

from ..learners import learning, simulated

Measure = Callable[[Simulation], float]
STRICT = 0.8
"""A score that good suppliers miss at times."""

CASES = ("rival-cases", "dear-cases")
"""Firms that bid for what the link that ends has delivered."""


def network(strict: bool) -> Scenario:
    """Return the tiny network, its buyers *strict* or not, with two more sites that could deliver cases in time.

    The plants of its flagship do the same, so that it has two to grow at.
    """
    given = tiny_network(**{"sites.valley-plant.function": "assembly_test"}).model_dump()
    firms = [{"name": name, "role": "supplier", "tier": 1, "response_hours": 1} for name in CASES]
    sites = [
        {"name": name, "firm": name, "product": "case", "cluster": "port", "price": price}
        for name, price in zip(CASES, (5.0, 6.0), strict=True)
    ]
    if strict:
        given["selection"]["threshold"] = STRICT
    return Scenario.model_validate({**given, "firms": [*given["firms"], *firms], "sites": [*given["sites"], *sites]})


PARK = 1
"""The plant of the flagship in the park."""

FOUNDERS = 7
"""The firm that waits for entry."""


class Ending(Component):
    """Ends the link that brings cases to the valley, so that its buyer asks for quotations."""

    name = "aside.ending"

    @hookimpl
    def process(self, clock: Clock, act: Act) -> Process:
        yield clock.until(30)
        act.end_links(np.array([1]))


class Teaching(Component):
    """Lets firms learn from those that they deliver to."""

    name = "aside.teaching"

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        rate = 0.002 * knowledge.ties.trust
        return Transfer(knowledge.ties.learner, rate, rate, "informal", teacher=knowledge.ties.teacher)


class Grants(Policy):
    """Pays all whom it reaches at every step."""

    name = "aside.grants"

    noise: float = param(0.0, ge=0, le=1, doc="Errors.")

    @hookimpl
    def tick(self, programme: Programme) -> None:
        programme.grant(programme.reached, 10.0)


def run(*more: Component, strict: bool = False) -> Simulation:
    return simulated(network(strict), Ending(), Teaching(), Grants(), *more)


def total(table: str, field: str) -> Measure:
    def measure(simulation: Simulation) -> float:
        records = simulation.world.firms if table == "firms" else getattr(simulation.world.state, table)
        return float(records[field].sum())

    return measure


def known(kind: str) -> Measure:
    def measure(simulation: Simulation) -> float:
        return float(getattr(learning(simulation).state, kind).sum())

    return measure


def internalised(simulation: Simulation) -> float:
    return float(learning(simulation).receipts.internalised.sum())


def granted(simulation: Simulation) -> float:
    return float(simulation.world.entries[ACCOUNTS.index("transfers")].sum())


def events(kind: str, cause: str = "") -> Measure:
    def measure(simulation: Simulation) -> float:
        columns = simulation.journal.columns()
        pairs = zip(columns["kind"], columns["cause"], strict=True)
        return float(sum(one == kind and (not cause or other == cause) for one, other in pairs))

    return measure


def first(simulation: Simulation, kind: str) -> dict[str, Any]:
    """Return the first event of a kind."""
    columns = simulation.journal.columns()
    place = columns["kind"].index(kind)
    return {name: column[place] for name, column in columns.items()}


def successor(simulation: Simulation) -> float:
    """Return the number of the site that won the request for cases."""
    return float(simulation.world.names.sites.index(first(simulation, "bid_awarded")["site"]))


def opened(simulation: Simulation) -> float:
    """Return the day on which it began."""
    return float(first(simulation, "link_opened")["day"])


def share_of_the_first_chips(simulation: Simulation) -> float:
    return float(simulation.world.state.lines["share"][7])


def range_of_the_rates(simulation: Simulation) -> float:
    """Return by how much currencies have moved."""
    return float(np.ptp(simulation.part(ExchangeRates).tables()["exchange"]["rate"]))


class Filled(NamedTuple):
    """How a hook is filled, what is measured, and whether that rises or falls."""

    answer: Callable[..., Any]
    measure: Measure
    rises: bool
    strict: bool = False  # whether buyers drop suppliers who do well


def _disrupt(self: Any, clock: Clock, view: View, act: Act) -> Process:
    yield clock.until(10)
    act.disrupt_sites(view.site_numbers(), 60)


def _grant(self: Any, programme: Programme) -> None:
    programme.grant(programme.reached, 1e4)


def _mourn(self: Any, happened: Any, programme: Programme) -> None:
    programme.grant([event.firm for event in happened if event.kind == "link_dropped" and event.firm >= 0], 1e5)


def _prefer_the_dear(self: Any, view: View) -> Any:
    return 100.0 * (np.array(view.names.sites) == "dear-cases")[np.arange(len(view.sites))]


def _choose_the_last(self: Any, request: Any) -> int:
    return int(max(np.flatnonzero(request.eligible), default=-1))


def _first_alone(self: Any, sharing: Any) -> Any:
    return np.arange(len(sharing.lines)) == 0


def _all_that_is_able(self: Any, able: Any) -> Any:
    return able


def _no_firm(self: Any) -> Generator[None, Any, Any]:
    targeted = yield
    return 0.0 * targeted


def _enter(self: Any, knowledge: KnowledgeView) -> Any:
    return [Entrant(FOUNDERS, knowledge.tacit[0])]


def _teach(self: Any, knowledge: KnowledgeView) -> Transfer:
    rate = np.full(len(knowledge.ties.learner), 0.01)
    return Transfer(knowledge.ties.learner, rate, rate, "formal", teacher=knowledge.ties.teacher)


def _create(self: Any, knowledge: KnowledgeView) -> Creation:
    gain = 0.05 * knowledge.active * (1.0 - knowledge.codified)
    return Creation(gain, 0.0 * gain)


FILLED = {
    "process": Filled(_disrupt, total("sites", "produced"), False),
    "tick": Filled(_grant, total("firms", "cash"), True),
    "events": Filled(_mourn, total("firms", "cash"), True),
    "metrics": Filled(lambda self: {"seven": 7.0}, lambda simulation: len(simulation.metrics()), True),
    "lead_time": Filled(lambda self: 3.0, total("sites", "pipeline"), True),
    "response_time": Filled(lambda self: 50.0, events("bid_rejected"), True),
    "forecast_error": Filled(lambda self: 4.0, total("sites", "held"), True),
    "capacity": Filled(lambda self: 0.2, total("sites", "produced"), False),
    "demand": Filled(lambda self: 2.0, total("markets", "demanded"), True),
    "tariff": Filled(lambda self: 0.3, total("firms", "cash"), False),
    "score": Filled(lambda self: 9.0, lambda simulation: float(np.nansum(simulation.world.trade["score"])), True),
    "bid_score": Filled(_prefer_the_dear, successor, True),
    "certification": Filled(lambda self: 4.0, opened, True),
    "commitment": Filled(lambda self: 1e4, events("link_dropped", "score"), False, strict=True),
    "credit_terms": Filled(lambda self: Credit(extra=1e6), total("firms", "credit"), True),
    "location_utility": Filled(
        lambda self, view: 50.0 * (np.arange(len(view.names.clusters)) == view.sites["cluster"][PARK]),
        lambda simulation: float(simulation.world.state.sites["capacity"][PARK]),
        True,
    ),
    "volatility": Filled(lambda self: 5.0, range_of_the_rates, True),
    "knowledge_transfer": Filled(_teach, known("stock"), True),
    "transfer_rate": Filled(lambda self: Factors(0.0, 0.0), known("stock"), False),
    "knowledge_creation": Filled(_create, known("stock"), True),
    "forgetting": Filled(lambda self: Forgetting(0.01, 0.01), known("stock"), False),
    "absorptive_support": Filled(lambda self: np.full(10, 5.0), known("waiting"), False),
    "absorptive_capacity": Filled(lambda self: 0.0, internalised, False),
    "effort_cost": Filled(lambda self: 0.2, known("effort"), True),
    "entrants": Filled(_enter, total("firms", "active"), True),
    "choose_supplier": Filled(_choose_the_last, successor, True),
    "allocate": Filled(_first_alone, share_of_the_first_chips, True),
    "order_up_to": Filled(lambda self: 3000.0, total("sites", "held"), True),
    "award": Filled(_all_that_is_able, known("active"), True),
    "targets": Filled(_no_firm, granted, False),
}
"""Hooks that change results; ``check_network`` ends the run instead, and sites are built in `test_growing_sites`."""

WRAPPED = ("targets",)


@pytest.fixture(scope="module")
def plain() -> Simulation:
    """Return the run without an implementation of the hook."""
    return run()


def filling(hook: str, answer: Callable[..., Any]) -> Component:
    """Return a component that fills one hook and no other."""
    mark = hookimpl(wrapper=True) if hook in WRAPPED else hookimpl
    kind = type("Filling", (Component,), {"name": "test.filling", "__module__": __name__, hook: mark(answer)})
    found: Component = kind()
    return found


def test_every_hook_is_tried() -> None:
    assert {*FILLED, "check_network", "new_sites"} == set(hook_names())


@pytest.mark.parametrize("hook", FILLED)
def test_hook_that_is_filled_changes_what_a_run_gives(hook: str, plain: Simulation) -> None:
    answer, measure, rises, strict = FILLED[hook]
    before = measure(run(strict=True) if strict else plain)
    after = measure(run(filling(hook, answer), strict=strict))
    assert (after > before) if rises else (after < before)


def test_check_of_the_network_ends_the_run_before_it_begins() -> None:
    def refuse(self: Component, knowledge: KnowledgeView) -> None:
        raise GpndeError(f"{len(knowledge.ties.teacher)} ties: must be more")

    with pytest.raises(ComponentError, match=r"^test\.filling: \d+ ties: must be more$"):
        run(filling("check_network", refuse))
