"""Ownership at work: who is dismissed inside a group of firms, and how long that takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.run import Simulation
from gpnde.engine.trade.strike_bars import strike_bars, strikes_allowed
from gpnde.engine.trade.tenders import Tenders
from gpnde.scenario.economy import Pricing
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Group = Callable[..., Simulation]

_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}
_QUALITY = {"delivery": 0, "quality": 1, "price": 0, "response": 0}
OWNED, OTHER = range(2)
"""The links to both suppliers."""


@pytest.fixture(scope="session")
def group(network: Network, start: Start) -> Group:
    """Return a starter of a plant with two suppliers of the same bad quality, one of which belongs to it.

    Scores are the yields; reviews come every 91 days, and one strike is enough. *firms* changes who owns whom.
    """

    def begin(node_type: str, *, firms: dict[str, Any] | None = None, share: float = 0.5, **blocks: Any) -> Any:
        part = {"product": "part", "ordering": _RULE, "stock": 90, "processing": 1, "yield_rate": share}
        links = [{"buyer": "plant", "supplier": name, "lead_time": 1} for name in ("owned", "other")]
        rules = {"threshold": 0.8, "strikes": 1, "certification": 10, "weights": _QUALITY, **blocks.pop("rules", {})}
        usual = {"owned": {"owner": "plant", "node_type": node_type}}
        return start(
            network(
                {
                    "plant": {"product": "unit", "ordering": _RULE, "stock": 60},
                    "owned": part,
                    "other": part,
                    "spare": {**part, "yield_rate": 1.0},
                },
                links,
                {"market": {"served_by": ["plant"], "demand": {"law": 10, "every_days": 1}}},
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                firms=usual if firms is None else firms,
                selection={"quotation": {"response_hours": 1}, **rules},
                clock={"days": 1200},
                **blocks,
            )
        )

    return begin


def _dropped(simulation: Simulation) -> list[tuple[float, str, str]]:
    return [(row[0], row[4], row[2]) for row in simulation.journal.rows if row[1] == "link_dropped"]


def test_a_subsidiary_is_not_dismissed_by_its_owner(group: Group, reach: Reach) -> None:
    simulation = group("subsidiary")
    reach(simulation, 1200)
    assert _dropped(simulation) == [(91.0, "other", "score")]


def test_an_owner_is_not_dismissed_by_its_subsidiary(group: Group, reach: Reach) -> None:
    simulation = group("", firms={"plant": {"owner": "owned", "node_type": "subsidiary"}})
    reach(simulation, 500)
    assert _dropped(simulation) == [(91.0, "other", "score")]


def test_sisters_do_not_dismiss_each_other(group: Group, reach: Reach) -> None:
    belongs = {"owner": "spare", "node_type": "subsidiary"}
    simulation = group("", firms={"plant": belongs, "owned": belongs})
    reach(simulation, 500)
    assert _dropped(simulation) == [(91.0, "other", "score")]


@pytest.mark.parametrize(
    ("node_type", "control", "reviews"), [("joint-venture", 0.7, 8), ("affiliate", 0.4, 4), ("partner", 0.0, 0)]
)
def test_control_lowers_the_bar_and_notice_adds_strikes(
    group: Group, node_type: str, control: float, reviews: int
) -> None:
    world = group(node_type).world
    numbers = np.array([OWNED, OTHER])
    assert strike_bars(world, numbers, np.full(2, 0.5)).tolist() == pytest.approx([0.8 * (1.0 - control), 0.8])
    assert strikes_allowed(world, numbers, 91.0).tolist() == [1 + reviews, 1]


@pytest.mark.parametrize(("node_type", "day"), [("partner", 91), ("affiliate", 91 * 5), ("joint-venture", 91 * 9)])
def test_a_link_ends_when_the_notice_is_over(group: Group, reach: Reach, node_type: str, day: int) -> None:
    simulation = group(node_type, share=0.2)
    reach(simulation, 1200)
    assert next(each for each in _dropped(simulation) if each[1] == "owned") == (float(day), "owned", "score")


def test_a_supplier_that_recovers_in_time_stays(group: Group, reach: Reach) -> None:
    simulation = group("affiliate", share=0.2)
    reach(simulation, 91 * 4)
    sites = simulation.world.state.sites
    sites["yield_rate"][1] = sites["yield_rate"][3]
    reach(simulation, 1200)
    assert [site for _, site, _ in _dropped(simulation)] == ["other"]


def test_neither_gate_nor_release_ends_a_link_that_needs_notice(group: Group, reach: Reach) -> None:
    poor = {"cash_months": 2, "credit_months": 2, "role": "capacity-buffer"}
    firms = {"owned": {"owner": "plant", "node_type": "affiliate", **poor}, "other": poor, "plant": {"cash": 1e9}}
    rules = {"threshold": 0, "minimum_cash_months": 5}
    simulation = group("", firms=firms, finance={}, rules=rules)
    reach(simulation, 91)
    assert _dropped(simulation) == [(91.0, "other", "finance")]


def test_links_that_need_notice_are_not_put_out_to_tender(group: Group) -> None:
    simulation = group("affiliate", pricing={"rule": "bargaining", "tender_share": 1})
    simulation.world.plants["variable_cost"][:] = 9.0
    tenders = Tenders(simulation.context, Pricing(rule="bargaining", tender_share=1))
    assert tenders._put_out(np.array([OWNED, OTHER]), np.ones(2)).tolist() == [OTHER]
