"""Contracts at work in trade: what suppliers get, what it costs to leave them, tenders, notice, and equal terms."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.prices import Prices
from gpnde.engine.run import Simulation
from gpnde.engine.trade.bargaining import Bargaining
from gpnde.engine.trade.strike_bars import strikes_allowed
from gpnde.engine.trade.tenders import Tenders
from gpnde.results.fingerprint import fingerprint
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.scenario.economy import Pricing
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import State
from tests.engine.economy import FIRST, SECOND, economy

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]

TO_FIRST, TO_SECOND = 0, 1
"""The links of the works to its two suppliers."""

TINY = str(files("gpnde.testing") / "tiny-network.yaml")

_OEM_AND_ODM = {"links__0__contract": "OEM", "links__1__contract": "ODM"}


def bargained(**changes: Any) -> Scenario:
    """Return the economy, whose suppliers deliver under OEM and ODM, with prices that are bargained over."""
    usual = {"pricing__rule": "bargaining", "clock__days": 364, **_OEM_AND_ODM}
    return economy(**{**usual, **changes})


def agreed(run: Run, supplier: str) -> pl.DataFrame:
    """Return what was agreed with a supplier where there was a gain to share."""
    rows = run.agreements.filter(pl.col("supplier") == supplier)
    return rows.filter(pl.col("outside_option") > pl.col("offer"))


def shares(run: Run, supplier: str) -> list[float]:
    """Return what part of the gain a supplier got at each agreement."""
    rows = agreed(run, supplier)
    assert rows.height > 2
    return ((rows["price"] - rows["offer"]) / (rows["outside_option"] - rows["offer"])).to_list()


def test_suppliers_get_the_part_of_the_gain_that_their_contract_says() -> None:
    stated = {"OEM": {"bargaining_weight": 0.7}, "ODM": {"bargaining_weight": 0.1}}
    run = simulate(bargained(contracts=stated))
    assert shares(run, "first") == pytest.approx([0.7] * len(shares(run, "first")))
    assert shares(run, "second") == pytest.approx([0.1] * len(shares(run, "second")))


def test_a_contract_that_states_no_weight_leaves_it_to_the_role() -> None:
    role = {"firms__1__role": "lead-supplier", "pricing__lead_weight": 0.6, "pricing__lower_weight": 0.2}
    run = simulate(bargained(contracts={}, links__1__contract="OEM", **role))
    assert shares(run, "first") == pytest.approx([0.6] * len(shares(run, "first")))
    assert shares(run, "second") == pytest.approx([0.2] * len(shares(run, "second")))


def test_a_stated_weight_counts_whatever_the_role() -> None:
    run = simulate(bargained(contracts={"OEM": {"bargaining_weight": 0}}, firms__1__role="lead-supplier"))
    assert shares(run, "first") == pytest.approx([0.0] * len(shares(run, "first")))


def test_the_price_of_day_0_rises_with_the_weight_of_the_contract() -> None:
    prices = [
        float(agreed(simulate(bargained(contracts={"OEM": {"bargaining_weight": weight}})), "first")["price"][0])
        for weight in (0.0, 0.3, 0.6, 1.0)
    ]
    assert np.diff(prices).min() > 0.01


def test_what_a_price_would_rise_by_goes_by_the_weight_of_the_contract(start: Start) -> None:
    def change(weight: float) -> float:
        simulation = start(bargained(contracts={"OEM": {"bargaining_weight": weight}}))
        plants = simulation.world.plants.copy()
        return float(simulation.part(Bargaining).change(np.array([TO_FIRST]), plants, 0.0, 0.1)[0])

    assert change(0.0) == 0.0
    assert 0.0 < change(0.4) < change(0.8)


def outside_option(start: Start, contracts: dict[str, Any], approved: bool, **changes: Any) -> float:
    """Return what the works could pay instead of its first supplier, where the second has room for it.

    The second one is *approved* where it delivers some of the parts already.
    """
    data = bargained().model_dump()
    bare = [{**link, "freight": 0.0, "share": None} for link in data["links"]]
    links = bare if approved else [bare[0], *bare[2:]]
    wide = {f"sites__{number}__capacity_per_day": 10_000 for number in (FIRST, SECOND)}
    simulation = start(bargained(contracts=contracts, links=links, **{**wide, **changes}))
    return float(simulation.world.trade["outside_option"][TO_FIRST])


def test_the_outside_option_rises_with_the_switching_cost_of_the_contract(start: Start) -> None:
    found = [outside_option(start, {"OEM": {"switching": cost}}, approved=False) for cost in (0.0, 0.2, 0.5)]
    assert np.array(found) / found[0] == pytest.approx([1.0, 1.2, 1.5])


def test_a_contract_that_states_no_switching_cost_leaves_it_to_the_block_pricing(start: Start) -> None:
    free, usual = (
        outside_option(start, contracts, approved=False, pricing__switching=0.3)
        for contracts in ({"OEM": {"switching": 0}}, {})
    )
    assert usual / free == pytest.approx(1.3)


def test_approved_rivals_cost_nothing_to_switch_to_whatever_the_contract(start: Start) -> None:
    found = [outside_option(start, {"OEM": {"switching": cost}}, approved=True) for cost in (0.0, 5.0)]
    assert found[0] == found[1] > 0.0


def _with_a_third_maker(**changes: Any) -> Scenario:
    """Return the economy with an idle maker of parts, and the second one, under ODM, where wages are high."""
    data = economy().model_dump()
    third = {"name": "third", "firm": "third", "product": "part", "cluster": "valley", "capacity_per_day": 160}
    links = [{**link, "contract": name} for link, name in zip(data["links"], ("OEM", "ODM", "OEM", "OEM"), strict=True)]
    return economy(
        sites=[*data["sites"], third],
        firms=[*data["firms"], {"name": "third", "cash_months": 3}],
        links=[*links, {"buyer": "third", "product": "raw", "lead_time": 3}],
        sites__2__cluster="harbour",
        clusters__0__wage_per_day=60,
        selection={"threshold": 0, "minimum_cash_months": 0, "certification": 10},
        finance=None,
        clock__days=364,
        pricing={"rule": "bargaining", "tender_share": changes.pop("usually", 0.5)},
        **changes,
    )


@pytest.mark.parametrize("usually", [0.0, 1.0])
@pytest.mark.parametrize(("share", "causes"), [(1.0, {"tender"}), (0.0, set())])
def test_dear_suppliers_are_put_out_to_tender_as_their_contract_says(
    usually: float, share: float, causes: set[str]
) -> None:
    run = simulate(_with_a_third_maker(contracts={"ODM": {"tender_share": share}}, usually=usually))
    dropped = run.events.filter(pl.col("kind") == "link_dropped")
    assert set(dropped["cause"]) == causes
    assert set(dropped["site"]) <= {"second"}


@pytest.mark.parametrize(
    ("terms", "put_out"),
    [
        ({"OEM": 1, "ODM": 1}, [TO_FIRST, TO_SECOND]),
        ({"OEM": 0, "ODM": 0}, []),
        ({"OEM": 1, "ODM": 0}, [TO_FIRST]),
        ({"OEM": 0}, [TO_SECOND]),
        ({"ODM": 0}, [TO_FIRST]),
    ],
)
def test_every_dear_link_goes_by_its_own_contract_and_else_by_the_block(
    start: Start, terms: dict[str, float], put_out: list[int]
) -> None:
    stated = {name: {"tender_share": share} for name, share in terms.items()}
    simulation = start(_with_a_third_maker(contracts=stated))
    tenders = Tenders(simulation.context, Pricing(rule="bargaining", tender_share=1))
    both = np.array([TO_FIRST, TO_SECOND])
    assert tenders._put_out(both, np.zeros(2)).tolist() == put_out
    assert tenders._put_out(both, np.full(2, 1e9)).tolist() == []


_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}
_QUALITY = {"delivery": 0, "quality": 1, "price": 0, "response": 0}


def judged(
    network: Network, start: Start, quarters: float | None, *, days: float = 91, owned: str | None = None
) -> Simulation:
    """Return a plant with a bad supplier, under OEM with a notice of some *quarters*, and a good one at arm's length.

    Reviews come every *days*, and one strike is enough. The plant may own the first one, as a node of a type.
    """
    part = {"product": "part", "ordering": _RULE, "stock": 90, "processing": 1}
    return start(
        network(
            {
                "plant": {"product": "unit", "ordering": _RULE, "stock": 60},
                "bound": {**part, "yield_rate": 0.3},
                "loose": part,
            },
            [
                {"buyer": "plant", "supplier": "bound", "contract": "OEM", "lead_time": 1},
                {"buyer": "plant", "supplier": "loose", "lead_time": 1},
            ],
            {"market": {"served_by": ["plant"], "demand": {"law": 10, "every_days": 1}}},
            products={"unit": {"made_of": {"part": 1}}, "part": {}},
            firms={"bound": {"owner": "plant", "node_type": owned}} if owned else None,
            selection={
                "review_days": days,
                "threshold": 0.9,
                "strikes": 1,
                "certification": 10,
                "weights": _QUALITY,
                "quotation": {"response_hours": 1},
            },
            contracts=None if quarters is None else {"OEM": {"notice_quarters": quarters}},
            clock={"days": 1200},
        )
    )


def allowed(simulation: Simulation, days: float = 91) -> list[int]:
    """Return the strikes that end the links to both suppliers."""
    strikes: list[int] = strikes_allowed(simulation.world, np.array([0, 1]), days).tolist()
    return strikes


@pytest.mark.parametrize(
    ("quarters", "days", "more"), [(None, 91, 0), (0, 91, 0), (2, 91, 2), (2, 28, 7), (1, 364, 1), (0.5, 91, 1)]
)
def test_notice_adds_the_strikes_of_the_reviews_that_it_spans(
    network: Network, start: Start, quarters: float | None, days: float, more: int
) -> None:
    assert allowed(judged(network, start, quarters, days=days), days) == [1 + more, 1]


@pytest.mark.parametrize(("owned", "more"), [("partner", 2), ("affiliate", 4), ("joint-venture", 8)])
def test_the_longer_notice_of_group_and_contract_counts(network: Network, start: Start, owned: str, more: int) -> None:
    assert allowed(judged(network, start, 2, owned=owned)) == [1 + more, 1]


@pytest.mark.parametrize(("quarters", "day"), [(0, 91), (2, 91 * 3), (4, 91 * 5)])
def test_a_link_ends_when_the_notice_of_its_contract_is_over(
    network: Network, start: Start, reach: Reach, quarters: float, day: int
) -> None:
    simulation = judged(network, start, quarters)
    reach(simulation, 600)
    dropped = [(row[0], row[4], row[2]) for row in simulation.journal.rows if row[1] == "link_dropped"]
    assert dropped == [(float(day), "bound", "score")]


_EQUAL = {
    "practice": {name: 0.1 * number for number, name in enumerate(FUNCTIONS)},
    "teaching": {name: 2.0 - 0.2 * number for number, name in enumerate(FUNCTIONS)},
    "bargaining_weight": 0.4,
    "switching": 0.15,
    "tender_share": 0.5,
    "notice_quarters": 1,
    "payment_days_more": 14,
    "inputs_chosen_by": "buyer",
    "consigned_share": 0.35,
}
"""All terms of a contract."""

_EVERYTHING: dict[str, Any] = {
    "clock.days": 252,
    "pricing": {"rule": "bargaining", "review_days": 28},
    "firms.flagship.profile": "closed-relational",
    "sites.local-board-shop.value_added": 30,
    "components": [
        {"use": f"diffusion.{name}"}
        for name in ("spec-transfer", "design-debate", "learning-by-doing", "progressive-transfer")
    ],
}


def run_under(contract: str, contracts: dict[str, Any] | None) -> Run:
    """Return a run of the tiny network in which suppliers with OEM or ODM have the same one of them."""
    links = {f"links.{number}.contract": contract for number in (0, 2, 3, 6)}
    return simulate(load_scenario(TINY, {**_EVERYTHING, **links, "contracts": contracts}))


def without_contracts(run: Run) -> str:
    """Return the fingerprint of all tables but for the names of contracts."""
    return fingerprint({name: table.drop("contract", strict=False) for name, table in run.tables.items()})


@pytest.mark.parametrize("contracts", [None, {"OEM": _EQUAL, "ODM": _EQUAL}])
def test_contracts_of_equal_terms_differ_in_name_only(contracts: dict[str, Any] | None) -> None:
    one, other = run_under("OEM", contracts), run_under("ODM", contracts)
    assert without_contracts(one) == without_contracts(other)
    assert one.tables["links"]["contract"].to_list() != other.tables["links"]["contract"].to_list()


@pytest.mark.parametrize("field", _EQUAL)
def test_a_single_term_tells_contracts_apart(field: str) -> None:
    other: dict[str, Any] = {
        "practice": {"product_dev": 1},
        "teaching": dict.fromkeys(FUNCTIONS, 0),
        "bargaining_weight": 0.9,
        "switching": 4,
        "notice_quarters": 0,
        "tender_share": 0,
        "payment_days_more": 84,
        "inputs_chosen_by": "supplier",
        "consigned_share": 1,
    }
    contracts = {"OEM": _EQUAL, "ODM": {**_EQUAL, field: other[field]}}
    assert without_contracts(run_under("OEM", contracts)) != without_contracts(run_under("ODM", contracts))


def package(margin: float = 0.0, contract: str = "turnkey") -> Scenario:
    """Return the economy whose first maker has a supplier of its own and sells under a contract with a margin."""
    blocks = economy().model_dump(exclude_unset=True)
    links = [{**blocks["links"][0], "contract": contract}, {**blocks["links"][1], "contract": "arms-length"}]
    mine = {"name": "mine", "firm": "mine", "product": "raw", "cluster": "valley", "price": 2}
    return bargained(
        firms=[*blocks["firms"], {"name": "mine", "tier": 2, "cash_months": 60}],
        sites=[*blocks["sites"], mine],
        links=[*links, {"buyer": "first", "supplier": "mine", "lead_time": 3}, blocks["links"][3]],
        links__0__contract=contract,
        links__1__contract="arms-length",
        contracts={contract: {"package_margin": margin}},
    )


def _opening(margin: float) -> dict[str, float]:
    """Return what was agreed upon with the turnkey supplier on day 0."""
    run = simulate(package(margin))
    return run.agreements.filter(pl.col("supplier") == "first").row(0, named=True)


def test_a_turnkey_supplier_asks_for_its_margin_on_the_whole_package() -> None:
    plain, dear = _opening(0.0), _opening(0.05)
    assert dear["offer"] == pytest.approx(1.05 * plain["offer"])
    assert dear["outside_option"] > dear["offer"]
    # It keeps half of the gain, and the margin makes the gain smaller.
    assert dear["price"] == pytest.approx(0.5 * (dear["offer"] + dear["outside_option"]))
    assert dear["price"] > plain["price"]


def test_rivals_bound_the_price_of_a_package() -> None:
    greedy = _opening(5.0)
    assert greedy["offer"] > greedy["outside_option"]
    assert greedy["price"] == pytest.approx(max(greedy["variable_cost"], greedy["outside_option"]))


def test_the_buyer_of_a_package_owns_no_part_of_it_and_books_balance(start: Start) -> None:
    oem, turnkey = (start(package(0.2, name)) for name in ("OEM", "turnkey"))
    for simulation in (oem, turnkey):
        simulation.advance(200)
    assert oem.world.money["owned_units"][TO_FIRST] > 0.0
    assert turnkey.world.money["owned_units"][TO_FIRST] == 0.0
    turnkey.finish()
    assert max(turnkey.balances().values()) < 1e-9


def test_dearer_parts_are_the_loss_of_who_sells_the_package(start: Start) -> None:
    simulation = start(package(0.2))
    simulation.advance(100)
    world = simulation.world
    raw = int(np.flatnonzero(world.state.lines["buyer"] == FIRST)[0])
    price, cost = float(world.state.lines["price"][TO_FIRST]), float(world.plants["unit_cost"][FIRST])
    simulation.part(Prices).scale_prices(np.array([raw]), 2.0)
    simulation.part(UnitCosts).update()
    assert world.plants["unit_cost"][FIRST] > cost
    assert world.state.lines["price"][TO_FIRST] == price
