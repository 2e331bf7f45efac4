"""The 16 instances of Snyder and Shen (2019) and Shang and Song (2003), simulated at their published answers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from gpnde.engine import simulate
from gpnde.results import Run
from gpnde.scenario import Scenario

from ..theory.chains import estimate, metric, replicate
from . import textbook
from .textbook import Given, flat, scaled
from .textbook_networks import MEAN_DEMAND, Assembly, ServiceTree, stage

Policy = Mapping[str, float]

OUTCOMES = ("cost_per_unit_time", "cost_per_period", "profit")
"""What a book says of its answer; the other numbers are the answer."""


class Instance(NamedTuple):
    """One instance with its answer."""

    kind: str
    data: Given
    expected: Given

    @property
    def policy(self) -> dict[str, float]:
        """The published policy."""
        return flat({name: value for name, value in self.expected.items() if name not in OUTCOMES})

    @property
    def cost(self) -> float:
        """The published cost per unit of time; a profit is a negative cost."""
        if "profit" in self.expected:
            return -float(self.expected["profit"])
        return float(next(self.expected[name] for name in OUTCOMES if name in self.expected))


def no_bias(instance: Instance) -> float:
    return 0.0


def half_a_step_of_stock(instance: Instance) -> float:
    step = instance.policy["order_quantity"] / textbook.EOQ_TICKS
    return float(instance.data["holding_cost"] * step / 2) * (1 + 1e-6)


def a_step_of_stock(instance: Instance) -> float:
    """Return what half a step of stock costs when held, and as much again for what it changes in the units short."""
    return float(instance.data["holding_cost"] * instance.policy["Q"] / textbook.RQ_TICKS)


def one_order_too_many(instance: Instance) -> float:
    """Return more than the share of an order in the cost of a thousand cycles."""
    return instance.cost / 1000


def ticks_of_outages(instance: Instance) -> float:
    quantity = instance.policy["order_quantity"]
    coarse = textbook.disruption_cost(instance.data, quantity, textbook.OUTAGE_TICKS)
    return abs(instance.cost - coarse)


def cost_per_day(data: Given, policy: Policy) -> Callable[[Run], float]:
    return metric("cost.per_day")


def loss(data: Given, policy: Policy) -> Callable[[Run], float]:
    return lambda run: textbook.loss_of_newsvendor(run, data, policy)


class Model(NamedTuple):
    """How one kind of instance is simulated and compared."""

    build: Callable[[Given, Policy], Scenario]
    runs: int = 20
    within: float = 0.003
    """The largest standard error that an estimate of the cost may have, as a share of the cost."""
    bias: Callable[[Instance], float] = no_bias
    """What ticks or the start of a run may do to the cost."""
    measure: Callable[[Given, Policy], Callable[[Run], float]] = cost_per_day
    step: float = 0.1
    """Share by which a neighbouring policy differs."""
    varied: tuple[str, ...] = ()
    """Numbers of the policy that neighbours differ in; none given: all."""
    pairs: int = 2
    """Runs in which the costs of two policies are compared."""


MODELS = {
    "eoq": Model(textbook.eoq, runs=2, bias=half_a_step_of_stock),
    "eoqb": Model(textbook.eoq, runs=2, bias=half_a_step_of_stock),
    "newsvendor": Model(textbook.newsvendor),
    "newsvendor_explicit": Model(textbook.newsvendor_explicit, measure=loss),
    "ss_poisson": Model(textbook.ss_poisson, pairs=20),
    "rq_poisson": Model(textbook.rq_poisson),
    # Near the optimum the cost hardly depends on Q.
    "rq_normal_eil": Model(textbook.rq_normal, runs=24, bias=a_step_of_stock, varied=("r",)),
    "serial_ssm": Model(textbook.serial, pairs=4),
    # Outages are rare and long, and the optimum is flat.
    "eoq_disruption": Model(textbook.eoq_disruption, runs=8, within=0.015, bias=ticks_of_outages, step=0.5),
    "eoq_yield_add": Model(textbook.eoq_yield_add, runs=4, bias=one_order_too_many),
    "eoq_yield_mult": Model(textbook.eoq_yield_mult, runs=4, bias=one_order_too_many),
}
"""The kinds of instances with a published cost of a policy."""

COSTED = (
    *("example_3_1", "example_3_8", "example_4_1", "example_4_2", "example_4_4", "example_4_7", "example_5_1"),
    *("example_5_8", "example_6_1", "shang_song_1", "example_9_1", "example_9_4", "example_9_5"),
)
TREES = ("example_6_3", "example_6_5")
ASSEMBLY = "assembly_3_stage"


@pytest.fixture(scope="module")
def instances(shared_data: Path) -> dict[str, Instance]:
    """Return all instances by name."""
    folder = shared_data / "textbook"
    given, expected = (json.loads((folder / f"{name}.json").read_text()) for name in ("instances", "expected"))
    return {name: Instance(each["kind"], each["data"], expected.get(name, {})) for name, each in given.items()}


def costs(model: Model, data: Given, policy: Policy, runs: int) -> NDArray[np.float64]:
    """Return the simulated cost per unit of time of independent runs; equal runs of two policies share their luck."""
    scenario, measure = model.build(data, policy), model.measure(data, policy)
    return np.array([measure(simulate(scenario, replication=number)) for number in range(runs)])


def test_every_instance_is_simulated(instances: Mapping[str, Instance]) -> None:
    assert set(instances) == {*COSTED, *TREES, ASSEMBLY}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", COSTED)
def test_published_policy_costs_what_was_published(name: str, instances: Mapping[str, Instance]) -> None:
    instance = instances[name]
    model, policy = MODELS[instance.kind], instance.policy
    simulated = estimate(costs(model, instance.data, policy, model.runs))
    bias = model.bias(instance)
    assert simulated.agrees(instance.cost, within=model.within, bias=bias), (simulated, instance.cost, bias)


@pytest.mark.sampled(3)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", COSTED)
def test_neighbouring_policies_cost_more(name: str, instances: Mapping[str, Instance]) -> None:
    instance = instances[name]
    model, policy = MODELS[instance.kind], instance.policy
    published = costs(model, instance.data, policy, model.pairs)
    for neighbour in scaled(policy, model.varied or tuple(policy), model.step):
        dearer = costs(model, instance.data, neighbour, model.pairs) - published
        assert dearer.mean() > 0, (neighbour, dearer)


def test_planned_backlog_keeps_the_published_share_of_customers_waiting(instances: Mapping[str, Instance]) -> None:
    instance = instances["example_3_8"]
    run = simulate(textbook.eoq(instance.data, instance.policy))
    waiting = 1.0 - run.metric("flow.fill_rate")
    assert waiting == pytest.approx(instance.expected["stockout_fraction"], abs=2 / textbook.EOQ_TICKS)


@pytest.mark.thorough
def test_brownian_demand_holds_more_than_the_approximation_says(instances: Mapping[str, Instance]) -> None:
    """Demand that goes both ways keeps the position sd^2 / (2 mean) above the middle of its range on average."""
    data, policy = instances["example_5_1"].data, instances["example_5_1"].policy
    mean, spread = data["demand_mean"], data["demand_sd"]
    approximation = policy["r"] - mean * data["lead_time"] + policy["Q"] / 2
    expected = data["holding_cost"] * (approximation + spread**2 / (2 * mean))
    held = replicate(textbook.rq_brownian(data, policy), lambda run: run.metric("cost.holding") / run.counts["days"], 8)
    one_tick = data["holding_cost"] * mean * data["lead_time"] / textbook.LEAD_TIME_TICKS
    assert held.agrees(expected, within=0.003, bias=one_tick), (held, expected)


def test_cost_under_disruptions_tends_to_the_published_one(instances: Mapping[str, Instance]) -> None:
    instance = instances["example_9_1"]
    fine = textbook.disruption_cost(instance.data, instance.policy["order_quantity"], 10**6)
    assert fine == pytest.approx(instance.cost, rel=1e-5)


def stock_cost(run: Run, tree: ServiceTree) -> float:
    """Return the mean holding cost per period over all rounds of demand but the first."""
    rows = run.sites.filter((pl.col("day") > tree.round) & (pl.col("day") <= run.counts["days"]))
    held = dict(rows.group_by("site").agg(pl.col("on_hand").mean()).rows())
    return float(sum(node["local_holding_cost"] * held[stage(name)] for name, node in tree.nodes.items()))


def longest_waits(run: Run) -> dict[str, float]:
    """Return the longest time from order to delivery per supplying stage, over the orders before the last two days."""
    ordered = pl.concat([table.select("supplier", "placed_day", "received_day") for table in (run.orders, run.sales)])
    early = ordered.filter((pl.col("placed_day") < run.counts["days"] - 2) & (pl.col("supplier") != "outside"))
    wait = (pl.col("received_day").fill_null(math.inf) - pl.col("placed_day")).max()
    return dict(early.group_by("supplier").agg(wait).select("supplier", "received_day").rows())


@pytest.fixture(params=("example_6_3", "example_6_5"))
def tree(request: pytest.FixtureRequest, instances: Mapping[str, Instance]) -> tuple[ServiceTree, Given]:
    """Return a tree of stages with its published answer."""
    instance = instances[request.param]
    return ServiceTree(instance.data, instance.expected["committed_service_times"]), instance.expected


def test_safety_stocks_cost_what_was_published(tree: tuple[ServiceTree, Given]) -> None:
    stages, expected = tree
    run = simulate(stages.scenario(stages.safety))
    assert stock_cost(run, stages) == pytest.approx(expected["holding_cost"], rel=1e-9)


def test_every_service_time_is_honoured_and_used(tree: tuple[ServiceTree, Given]) -> None:
    stages, _ = tree
    run = simulate(stages.scenario(stages.safety))
    assert longest_waits(run) == {stage(name): time for name, time in stages.committed.items()}


def test_a_stage_with_less_safety_stock_is_late(tree: tuple[ServiceTree, Given]) -> None:
    stages, _ = tree
    for name in (name for name, stock in stages.safety.items() if stock > 0):
        less = {**stages.safety, name: 0.9 * stages.safety[name]}
        assert longest_waits(simulate(stages.scenario(less)))[stage(name)] > stages.committed[name]


def test_demand_of_a_tree_stays_within_its_bounds(tree: tuple[ServiceTree, Given]) -> None:
    demand = np.array(list(tree[0].demand.values())) - MEAN_DEMAND
    for customers in (*([k] for k in range(len(demand))), list(range(len(demand)))):
        passed = np.cumsum([0.0, *np.tile(demand[customers].sum(axis=0), 2)])
        for time in range(1, len(passed)):
            assert (passed[time:] - passed[:-time]).max() <= math.sqrt(len(customers) * time) + 1e-9


def test_assembly_waits_for_the_part_that_is_shorter(instances: Mapping[str, Instance]) -> None:
    """The instance has no published cost: the base stocks that it gives cost what can be worked out by hand."""
    assembly = Assembly(instances[ASSEMBLY].data)
    simulated = replicate(assembly.scenario(), metric("cost.per_day"))
    assert simulated.agrees(assembly.cost(), within=0.003), (simulated, assembly.cost())


def test_assembly_uses_as_many_parts_of_each_kind(instances: Mapping[str, Instance]) -> None:
    run = simulate(Assembly(instances[ASSEMBLY].data).scenario())
    received = run.links.filter(pl.col("buyer") == "stage 0")["received"].to_list()
    assert run.conservation["goods"] < 1e-9
    assert received == pytest.approx([float(run.markets["delivered"].sum())] * 2, rel=1e-3)
