"""The context: what subsystems find in it, what they are told, and how their plans are carried out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gpnde.engine.capacity.sites import Sites
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.run import Simulation
from gpnde.engine.subsystems import SUBSYSTEMS
from gpnde.engine.trade.links import Links
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Integers
from gpnde.world.new_sites import NewSite

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]

_LINKS = [{"buyer": "shop", "supplier": "depot"}]


class Noting(Subsystem):
    """Notes what it is told and when it is called."""

    name = "noting"

    def __init__(self, context: RunContext) -> None:
        """Begin without notes."""
        super().__init__(context)
        self.rows: list[int] = []
        self.sites: list[int] = []
        self.calls: list[tuple[object, ...]] = []

    def extend(self, rows: Integers) -> None:
        """Note new lines, which the world must have already."""
        assert rows.max() < len(self.world.state.lines) == len(self.world.trade)
        self.rows += rows.tolist()

    def extend_sites(self, numbers: Integers) -> None:
        """Note new sites, which the world must have already."""
        assert numbers.max() < len(self.world.state.sites) == len(self.world.plants) == len(self.world.names.sites)
        self.sites += numbers.tolist()

    def step(self) -> None:
        """Note the day."""
        self.calls.append((self.timeline.today,))

    def note(self, *arguments: object) -> None:
        """Note the day, the phase and the arguments."""
        self.calls.append((self.timeline.today, self.timeline.phase, *arguments))


class AlsoNoting(Noting):
    """A second one."""

    name = "also noting"


@pytest.fixture
def simulation(network: Network, start: Start) -> Simulation:
    """Return a shop and its depot, in half days, without rules for money, selection or knowledge."""
    names = ("shop", "depot", "rival")
    return start(network({name: {} for name in names}, _LINKS, clock={"days": 20, "tick_days": 0.5}))


@pytest.fixture
def noting(simulation: Simulation) -> Noting:
    """Return a subsystem that was added to the run."""
    part = Noting(simulation.context)
    simulation.context.add(part)
    return part


def test_a_subsystem_is_found_by_its_kind(simulation: Simulation) -> None:
    assert type(simulation.context.part(FlowDriver)) is FlowDriver
    assert simulation.context.find(FlowDriver) is simulation.context.part(FlowDriver) is simulation.part(FlowDriver)


def test_a_subsystem_without_rules_is_not_there(simulation: Simulation) -> None:
    assert simulation.context.find(Cashbook) is None
    with pytest.raises(LookupError, match=r"^subsystem cashbook: not in this run$"):
        simulation.context.part(Cashbook)


def test_subsystems_stand_in_the_order_of_their_list(simulation: Simulation, noting: Noting) -> None:
    kinds = [type(part) for part in simulation.context.parts]
    assert kinds == [*(kind for kind in SUBSYSTEMS if kind.is_needed(simulation.world.scenario)), Noting]


def test_every_subsystem_is_told_of_a_new_line_once(simulation: Simulation, noting: Noting) -> None:
    other = AlsoNoting(simulation.context)
    simulation.context.add(other)
    count = len(simulation.world.state.lines)
    opened = [simulation.part(Links).open(0, 2, 0.5, 1.0) for _ in range(2)]
    assert noting.rows == other.rows == opened == [count, count + 1]


def test_every_subsystem_is_told_of_new_sites_once(simulation: Simulation, noting: Noting) -> None:
    count = len(simulation.world.state.sites)
    first = simulation.part(Sites).build([NewSite(name, like=0, firm=0) for name in ("one", "two")])
    assert noting.sites == [count, count + 1]
    assert (first, noting.rows) == (count, [])


def test_a_plan_calls_the_method_with_its_arguments(simulation: Simulation, noting: Noting) -> None:
    noting.plan(simulation.timeline.tick(3.0), Phase.EVENTS, "note", "a", 2)
    noting.plan(simulation.timeline.tick(3.0), Phase.CASH, "note")
    simulation.finish()
    assert noting.calls == [(3.0, Phase.CASH), (3.0, Phase.EVENTS, "a", 2)]


@pytest.mark.parametrize(("from_start", "days"), [(False, [7.5, 15.0]), (True, [0.0, 7.5, 15.0])])
def test_steps_come_every_so_many_days(
    simulation: Simulation, noting: Noting, from_start: bool, days: list[float]
) -> None:
    noting.plan_steps(7.3, Phase.SELECTION, from_start=from_start)
    simulation.finish()
    assert noting.calls == [(day,) for day in days]


def test_any_method_can_be_called_every_so_many_ticks(simulation: Simulation, noting: Noting) -> None:
    noting.plan_every(15, Phase.RECORD, "note")
    simulation.finish()
    assert noting.calls == [(7.5, Phase.RECORD), (15.0, Phase.RECORD)]


def test_a_subsystem_of_few_words_has_no_tables_metrics_or_balances(simulation: Simulation, noting: Noting) -> None:
    tables, balances = {name for group in simulation.table_groups() for name in group}, simulation.balances()
    assert (dict(noting.tables()), noting.metrics(), dict(noting.balance())) == ({}, {}, {})
    assert {"sites", "links", "events"} <= tables
    assert balances["cash"] == 0.0 and set(balances) == {"goods", "cash"}


def test_streams_differ_by_purpose_seed_and_replication(network: Network, start: Start) -> None:
    runs = [(1, 0), (2, 0), (1, 1)]
    contexts = [start(network({"shop": {}}), seed=seed, replication=number).context for seed, number in runs]
    keys = [context.stream(*purpose) for context in contexts for purpose in (("a", "x"), ("b", "x"), ("a", "y"))]
    assert len(set(keys)) == len(keys)
    assert contexts[0].stream("a", "x") == keys[0]
