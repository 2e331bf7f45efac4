"""Make or buy: shares move step by step towards who is worth more, and always sum to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.run import Simulation
from gpnde.engine.trade.outsourcing import MakeOrBuy
from gpnde.scenario import Scenario
from gpnde.world.layout import Floats

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]

OWN, BOUGHT = range(2)


@pytest.fixture
def mixed(network: Network) -> Callable[..., Scenario]:
    """Return a maker of a plant that gets a part from a sister plant, and from another firm at a *price*."""

    def made(price: float = 4.0, complexity: float = 0.2, own_share: float = 0.5, **rules: Any) -> Scenario:
        return network(
            {
                "plant": {"firm": "brand", "product": "set"},
                "sister": {"firm": "brand", "product": "part"},
                "maker": {"firm": "maker", "product": "part"},
            },
            [
                {"buyer": "plant", "supplier": "sister", "contract": "intra-firm", "share": own_share, "price": 4},
                {"buyer": "plant", "supplier": "maker", "contract": "OEM", "share": 1 - own_share, "price": price},
            ],
            {"world": {"product": "set", "served_by": ["plant"], "demand": {"law": 10, "every_days": 1}}},
            products={"set": {"made_of": {"part": 1}}, "part": {"complexity": complexity}},
            clock={"days": 400},
            outsourcing={"review_days": 91, **rules},
        )

    return made


def shares(simulation: Simulation) -> Floats:
    simulation.observe(None, debug=True)
    simulation.finish()
    share: Floats = simulation.world.state.lines["share"][:2]
    assert share.sum() == pytest.approx(1.0)
    return share


@pytest.mark.parametrize(("price", "bought"), [(3.0, True), (5.0, False)])
def test_shares_move_to_the_cheaper(start: Start, mixed: Network, price: float, bought: bool) -> None:
    assert bool(shares(start(mixed(price)))[BOUGHT] > 0.5) is bought


def test_each_decision_goes_part_of_the_way(start: Start, mixed: Network) -> None:
    wanted = 1 / (1 + np.exp(-1000.0))
    for adjustment in (0.0, 0.25, 1.0):
        scenario = mixed(1.0, adjustment=adjustment, sensitivity=1000)
        once = scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": 92})})
        assert shares(start(once))[BOUGHT] == pytest.approx(0.5 + adjustment * (wanted - 0.5))


@pytest.mark.parametrize("site", ["sister", "maker"])
def test_a_supplier_that_is_down_is_not_weighed(start: Start, mixed: Network, site: str) -> None:
    plain = mixed(1.0, sensitivity=1000).model_dump()
    next(each for each in plain["sites"] if each["name"] == site)["opens_day"] = 399
    assert shares(start(Scenario.model_validate(plain))).tolist() == [0.5, 0.5]


def test_strategic_products_stay_where_they_are(start: Start, mixed: Network) -> None:
    assert shares(start(mixed(1.0, complexity=0.95))).tolist() == [0.5, 0.5]


def test_complex_products_are_dearer_to_buy(start: Start, mixed: Network) -> None:
    simple, complicated = (shares(start(mixed(3.5, complexity=each, coordination=0.5))) for each in (0.0, 0.8))
    assert simple[BOUGHT] > complicated[BOUGHT]


def test_what_is_only_bought_or_only_made_stays(start: Start, mixed: Network) -> None:
    plain = mixed(1.0).model_dump()
    plain["links"][OWN]["contract"] = "OEM"
    assert shares(start(Scenario.model_validate(plain))).tolist() == [0.5, 0.5]


def test_decisions_are_events(start: Start, mixed: Network) -> None:
    simulation = start(mixed(3.0))
    final = shares(simulation)[BOUGHT]
    events = simulation.journal.columns()
    noted = [
        value for kind, value in zip(events["kind"], events["value"], strict=True) if kind == "outsourcing_reviewed"
    ]
    assert len(noted) == 4
    assert noted[-1] == pytest.approx(final)


@settings(max_examples=40, deadline=None)
@given(
    weights=st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=6).filter(
        lambda rows: len({own for _, own in rows}) == 2 and any(weight for weight, _ in rows)
    ),
    price=st.floats(0, 10),
    adjustment=st.floats(0, 1),
)
def test_moved_shares_sum_to_one_and_keep_their_proportions(
    weights: list[tuple[int, bool]], price: float, adjustment: float, network: Network, start: Start
) -> None:
    had = np.array([weight for weight, _ in weights]) / sum(weight for weight, _ in weights)
    own = np.array([each for _, each in weights])
    made = {f"s{n}": {"firm": "brand" if each else f"maker-{n}", "product": "part"} for n, each in enumerate(own)}
    links = [
        {"buyer": "plant", "supplier": f"s{n}", "contract": "intra-firm" if each else "OEM", "share": share}
        | {"price": 4 if each else price}
        for n, (share, each) in enumerate(zip(had.tolist(), own, strict=True))
    ]
    scenario = network(
        {"plant": {"firm": "brand", "product": "set"}, **made},
        links,
        products={"set": {"made_of": {"part": 1}}, "part": {}},
        outsourcing={"adjustment": adjustment},
    )
    simulation = start(scenario)
    simulation.part(MakeOrBuy).step()
    moved, bought = simulation.world.state.lines["share"][: len(links)], simulation.journal.columns()["value"][0]
    assert moved.min() >= 0
    assert (moved.sum(), moved[~own].sum()) == (pytest.approx(1.0), pytest.approx(bought))
    for group in (own, ~own):
        if had[group].any():
            np.testing.assert_allclose(moved[group], had[group] / had[group].sum() * moved[group].sum(), atol=1e-12)
