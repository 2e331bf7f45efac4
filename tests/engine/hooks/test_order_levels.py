"""A component may say up to which level sites order; without an answer they order by their own rules."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import Component, Memory, Review, View, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.world.layout import Floats

from ...learners import footprint, simulated, three_firms

PLANT = 1


class Fixed(Component):
    """Gives one level to all, or to none, up to a day."""

    name = "test.fixed"

    level: float = param(90.0, doc="Level.")
    until: float = param(1e9, doc="Day.")

    @hookimpl
    def order_up_to(self, view: View) -> float:
        return self.level if view.day < self.until else np.nan


class Silent(Component):
    """Gives no level."""

    name = "test.silent"

    @hookimpl
    def order_up_to(self) -> float:
        return np.nan


class Noting(Component):
    """Notes what it sees, and gives no level."""

    name = "test.noting"

    seen: Any = param([], unit="1", doc="What was seen.")

    @hookimpl
    def order_up_to(self, review: Review, view: View, memory: Memory) -> Floats:
        self.seen.append((view.day, review, view.inputs.copy(), view.sites.copy()))
        return np.full(len(review.sites), np.nan)


def chain(policy: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Return the network without money and knowledge, with the same stocks whatever its ordering rule."""
    given = three_firms().model_dump()
    sites = [{**site, "stock": 150, "processing": 1} for site in given["sites"]]
    market = {**given["markets"][0], "demand": {"law": "poisson(mean=20)", "every_days": 1}}
    ordering = policy or {"review_days": 7}
    blocks = {"sites": sites, "markets": [market], "ordering": ordering, "knowledge": None, "selection": None}
    return three_firms(**{**blocks, "finance": None, **changes})


def flows(simulation: Simulation) -> list[list[float]]:
    """Return what has moved in a run."""
    state = simulation.world.state
    of_lines = [state.lines[name].tolist() for name in ("placed", "shipped", "received", "backlog")]
    return [*of_lines, *(state.sites[name].tolist() for name in ("on_hand", "ordered", "held", "order_squares"))]


def test_level_that_is_given_is_that_of_a_rule_of_base_stock() -> None:
    by_rule = simulated(chain({"policy": "base-stock", "level": 90, "review_days": 7}))
    given = simulated(chain(), Fixed(level=90))
    assert flows(given) == flows(by_rule) != flows(simulated(chain()))


@pytest.mark.parametrize(
    "policy",
    [
        {"review_days": 7},
        {"policy": "base-stock", "level": 120, "review_days": 7},
        {"policy": "s-S", "reorder_point": 60, "level": 200, "review_days": 1},
        {"policy": "r-Q", "reorder_point": 60, "quantity": 50, "review_days": 3},
    ],
)
def test_sites_without_a_level_order_by_their_own_rule(policy: dict[str, Any]) -> None:
    assert footprint(simulated(chain(policy), Silent())) == footprint(simulated(chain(policy)))


def test_a_site_that_gets_no_level_any_more_goes_back_to_its_rule() -> None:
    policy = {"policy": "r-Q", "reorder_point": 60, "quantity": 50, "review_days": 7}
    simulation = simulated(chain(policy), Fixed(level=90, until=100))
    plain = simulated(chain(policy)).world.state.sites
    for name in ("rule", "method", "level"):
        assert simulation.world.state.sites[name].tolist() == plain[name].tolist()
    assert flows(simulation) != flows(simulated(chain(policy)))


def test_only_sites_that_review_are_asked_for_and_once_a_day() -> None:
    sites = [dict(site) for site in chain().model_dump()["sites"]]
    sites[PLANT]["ordering"] = {"review_days": 14, "first_review_day": 3}
    noting = Noting(seen=[])
    simulated(chain(sites=sites, clock={"days": 40}), noting)
    found = [(day, review.sites.tolist()) for day, review, *_ in noting.seen]
    weekly = [(day, [0, 2]) for day in (0, 7, 14, 21, 28, 35)]
    assert found == sorted([*weekly, *((day, [PLANT]) for day in (3, 17, 31))])
    assert noting.seen[1][1].days.tolist() == [14.0]


def test_position_is_stock_and_orders_less_backlog_in_units_of_output() -> None:
    products = {**chain().model_dump()["products"], "board": {"made_of": {"part": 2}}}
    noting = Noting(seen=[])
    simulated(chain(products=products), noting)
    for _, review, inputs, sites in noting.seen[5:9]:
        own = sites["on_hand"] + sites["wip"] - sites["backlog"]
        coming = inputs["stock"] + inputs["on_order"]
        item = inputs["site"].tolist().index(PLANT)
        assert review.position[PLANT] == pytest.approx(own[PLANT] + coming[item] / 2.0)
        assert review.demanded.tolist() == sites["demanded"].tolist()


class Doubling(Component):
    """Doubles the levels that others give."""

    name = "test.doubling"

    @hookimpl(wrapper=True)
    def order_up_to(self) -> Generator[None, Floats, Floats]:
        given = yield
        return 2.0 * given


def test_wrappers_change_what_is_given_and_leave_alone_what_is_not() -> None:
    assert flows(simulated(chain(), Fixed(level=45), Doubling())) == flows(simulated(chain(), Fixed(level=90)))
    assert footprint(simulated(chain(), Doubling())) == footprint(simulated(chain()))


def test_level_that_is_no_number_names_its_author() -> None:
    with pytest.raises(ComponentError, match=r"^test\.fixed failed in order_up_to on day 0: level inf: must be finite"):
        simulated(chain(), Fixed.model_construct(level=np.inf, until=1e9))
