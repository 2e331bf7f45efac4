"""What contracts mean: the same where a scenario says nothing, else what the package or the scenario states."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.contracts import CONTRACT_TYPES, CONTRACTS
from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario, check_scenario, load_scenario, save_scenario
from gpnde.scenario.contracts import ContractTerms
from gpnde.scenario.rules import Finance
from gpnde.vocabulary import FUNCTIONS, QUARTER_DAYS
from gpnde.world.build import build_world
from gpnde.world.layout import Records
from gpnde.world.terms import TERMS, choosers, contract_terms, or_else, settlements_to_payment
from gpnde.world.world import World

Describe = Callable[..., Scenario]

OEM, ODM = CONTRACTS.index("OEM"), CONTRACTS.index("ODM")
OPTIONAL = ("bargaining_weight", "switching", "tender_share")
PLAIN = ("payment_days_more", "package_margin", "consigned_share", "practice", "teaching")
STATED: dict[str, Any] = {
    "task_share": 0.3,
    "buyer_gain": 0.2,
    "bargaining_weight": 0.9,
    "switching": 0.7,
    "tender_share": 0.6,
    "notice_quarters": 5,
    "payment_days_more": 63,
    "inputs_chosen_by": "buyer",
    "package_margin": 0.4,
    "consigned_share": 0.25,
    "practice": {"sc_coordination": 0.35},
    "teaching": {"sc_coordination": 7},
}
"""A value for each term, other than those of the package for ODM."""


RECORDED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "notice_quarters": ("notice_days", lambda quarters: quarters * QUARTER_DAYS),
    "inputs_chosen_by": ("inputs_chosen_by_buyer", lambda who: who == "buyer"),
}
"""Terms that are kept otherwise than they are stated: under which name, and as what."""


def recorded(field: str, value: Any) -> tuple[str, Any]:
    """Return under which name a term is kept, and as what."""
    name, as_kept = RECORDED.get(field, (field, lambda given: given))
    return name, as_kept(value)


def differing(one: Records, other: Records) -> list[tuple[str, str]]:
    """Return contract and field of all that two sets of terms differ in."""
    return [
        (CONTRACTS[number], name)
        for number in range(len(CONTRACTS))
        for name in TERMS.names or ()
        if one[name][number].tobytes() != other[name][number].tobytes()
    ]


def test_without_the_block_all_contracts_are_alike(describe: Describe) -> None:
    terms = contract_terms(describe())
    assert len({row.tobytes() for row in terms}) == 1
    assert all(np.isnan(terms[name]).all() for name in OPTIONAL)
    assert all((terms[name] == 0.0).all() for name in ("notice_days", "payment_days_more", "consigned_share"))
    assert not terms["inputs_chosen_by_buyer"].any()
    assert (terms["teaching"] == 1.0).all()
    assert (terms["practice"] == 0.0).all()


def test_with_an_empty_block_contracts_mean_what_the_package_says(describe: Describe) -> None:
    terms = contract_terms(describe(contracts={}))
    for row, record in zip(terms, CONTRACT_TYPES, strict=True):
        assert [row[name].tolist() for name in PLAIN] == [np.array(getattr(record, name)).tolist() for name in PLAIN]
        for field in RECORDED:
            name, kept = recorded(field, getattr(record, field))
            assert row[name] == kept
        for name in OPTIONAL:
            stated = getattr(record, name)
            assert math.isnan(row[name]) if stated is None else row[name] == stated
    assert len({row.tobytes() for row in terms}) > 4


@pytest.mark.parametrize("field", ContractTerms.model_fields)
def test_a_stated_term_replaces_that_of_the_package_and_no_other(describe: Describe, field: str) -> None:
    package = contract_terms(describe(contracts={}))
    terms = contract_terms(describe(contracts={"ODM": {field: STATED[field]}}))
    name, kept = recorded(field, STATED[field])
    assert differing(package, terms) == [("ODM", name)]
    row = terms[name][ODM]
    if field in ("practice", "teaching"):
        (function, value), *_ = STATED[field].items()
        place = FUNCTIONS.index(function)
        assert row[place] == value
        assert np.delete(row, place).tolist() == np.delete(package[name][ODM], place).tolist()
    else:
        assert row == kept


@pytest.mark.parametrize(("contract", "field"), [("OEM", "consigned_share"), ("ODM", "notice_quarters")])
def test_a_stated_zero_counts_as_stated(describe: Describe, contract: str, field: str) -> None:
    terms = contract_terms(describe(contracts={contract: {field: 0}}))
    assert terms[recorded(field, 0)[0]][CONTRACTS.index(contract)] == 0.0
    assert len(differing(contract_terms(describe(contracts={})), terms)) == 1


def test_an_optional_term_can_be_stated_as_zero(describe: Describe) -> None:
    terms = contract_terms(describe(contracts={"OEM": dict.fromkeys(OPTIONAL, 0)}))
    assert [float(terms[name][OEM]) for name in OPTIONAL] == [0.0, 0.0, 0.0]


def test_lines_have_the_terms_of_their_contracts(describe: Describe) -> None:
    link = {"buyer": "plant", "supplier": "motors", "lead_time": 3, "contract": "ODM"}
    world = build_world(describe(contracts={"ODM": {"consigned_share": 0.3}}, links=[link]), 1, 0)
    lines = world.state.lines
    shares = world.terms_of(np.arange(len(lines)))["consigned_share"]
    assert shares.tolist() == [0.3 * (number == ODM) for number in lines["contract"]]
    assert shares[0] == 0.3


@pytest.mark.parametrize(
    ("tick", "settle", "days", "more", "settlements"),
    [
        (1, 7, 28, 14, 6),
        (1, 7, 28, 0, 4),
        (1, 7, 0, 0, 1),
        (1, 7, 0, 7, 1),
        (1, 7, 0, 14, 2),
        (1, 7, 30, 0, 4),
        (1, 7, 30, 2, 5),
        (1, 14, 28, 14, 3),
        (0.5, 7, 28, 14, 6),
        (5, 7, 28, 14, 4),
        (28, 7, 28, 14, 2),
    ],
)
def test_payment_comes_after_the_settlements_nearest_to_its_term(
    describe: Describe, tick: float, settle: float, days: float, more: float, settlements: int
) -> None:
    rules = Finance(settle_days=settle, payment_days=days)
    scenario = describe(contracts={"ODM": {"payment_days_more": more}}, clock={"tick_days": tick}, finance=rules)
    assert settlements_to_payment(scenario, rules)[ODM] == settlements


def test_every_contract_is_paid_after_its_own_term(describe: Describe) -> None:
    rules = Finance(settle_days=7, payment_days=28)
    found = settlements_to_payment(describe(contracts={}, finance=rules), rules)
    assert found.tolist() == [round((28 + each.payment_days_more) / 7) for each in CONTRACT_TYPES]
    assert len(set(found.tolist())) > 2
    assert set(settlements_to_payment(describe(finance=rules), rules).tolist()) == {4}


@pytest.mark.parametrize(
    ("contracts", "room"), [(None, 4), ({}, 10), ({"OBM": {"payment_days_more": 0}}, 6), ({"OEM": {}}, 10)]
)
def test_there_is_room_for_invoices_until_the_latest_is_paid(
    describe: Describe, contracts: dict[str, Any] | None, room: int
) -> None:
    world = build_world(describe(contracts=contracts, finance={"settle_days": 7, "payment_days": 28}), 1, 0)
    assert world.invoices.shape == (room, len(world.state.lines))


def test_nobody_needs_room_for_invoices_without_finance(describe: Describe) -> None:
    assert len(build_world(describe(contracts={}), 1, 0).invoices) == 0


@given(st.lists(st.floats(0, 5) | st.just(math.nan), max_size=9), st.floats(0, 5))
def test_what_is_not_stated_is_as_usual(stated: list[float], usual: float) -> None:
    found = or_else(np.array(stated), usual)
    assert found.tolist() == [usual if math.isnan(each) else each for each in stated]
    assert or_else(np.array(stated), np.full(len(stated), usual)).tolist() == found.tolist()


@pytest.mark.parametrize("contracts", [None, {}, {"OEM": {}}, {"ODM": STATED, "arms-length": {"tender_share": 0}}])
def test_terms_are_saved_and_read_again(describe: Describe, tmp_path: Path, contracts: dict[str, Any] | None) -> None:
    scenario = describe(contracts=contracts)
    save_scenario(scenario, tmp_path / "saved")
    again = load_scenario(tmp_path / "saved")
    assert again == scenario
    assert contract_terms(again).tobytes() == contract_terms(scenario).tobytes()


_NAMES = "must be 'OEM', 'ODM', 'OBM', 'turnkey' or 'arms-length'"

REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown contract": ({"ODN": {}}, f"contracts: 'ODN': {_NAMES}; did you mean 'ODM'?"),
    "plants of one firm": ({"intra-firm": {}}, f"contracts: 'intra-firm': {_NAMES}"),
    "sale to a market": ({"sale": {}}, f"contracts: 'sale': {_NAMES}"),
    "unknown term": (
        {"OEM": {"tender_shares": 1}},
        "contracts.OEM: unknown key 'tender_shares'; did you mean 'tender_share'?",
    ),
    "unknown function": (
        {"OEM": {"practice": {"engineer": 1}}},
        f"contracts.OEM.practice: 'engineer': must be {', '.join(map(repr, FUNCTIONS[:-1]))} or {FUNCTIONS[-1]!r}; "
        "did you mean 'engineering'?",
    ),
    "practice above 1": (
        {"OEM": {"practice": {"product_dev": 1.5}}},
        "contracts.OEM.practice.product_dev: 1.5: must be at most 1",
    ),
    "teaching below 0": (
        {"OEM": {"teaching": {"product_dev": -1}}},
        "contracts.OEM.teaching.product_dev: -1: must be at least 0",
    ),
    "chosen by nobody": (
        {"OEM": {"inputs_chosen_by": "byer"}},
        "contracts.OEM.inputs_chosen_by: 'byer': must be 'buyer' or 'supplier'; did you mean 'buyer'?",
    ),
    "no number": (
        {"OEM": {"switching": math.nan}},
        "contracts.OEM.switching: nan: must be a finite number, neither NaN nor infinite",
    ),
    **{
        f"{field} {given}": ({"OEM": {field: given}}, f"contracts.OEM.{field}: {given}: must be at {bound}")
        for field, given, bound in (
            ("bargaining_weight", -1, "least 0"),
            ("bargaining_weight", 2, "most 1"),
            ("switching", -1, "least 0"),
            ("switching", 6, "most 5"),
            ("tender_share", -1, "least 0"),
            ("tender_share", 2, "most 1"),
            ("notice_quarters", -1, "least 0"),
            ("notice_quarters", 401, "most 400"),
            ("payment_days_more", -7, "least 0"),
            ("payment_days_more", 365, "most 364"),
            ("package_margin", -1, "least 0"),
            ("package_margin", 6, "most 5"),
            ("consigned_share", -1, "least 0"),
            ("consigned_share", 2, "most 1"),
        )
    },
}


@pytest.mark.parametrize(("contracts", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_wrong_terms_are_refused_in_one_line(contracts: dict[str, Any], line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("single-site", {"contracts": contracts})
    assert str(caught.value) == line


def chain(contracts: dict[str, Any] | None, **changes: Any) -> World:
    """Return two brands, of which the second buys more, that buy from a maker, which has a supplier of its own."""
    given: dict[str, Any] = {
        "name": "chain",
        "products": {"drive": {"made_of": {"motor": 1}}, "motor": {"made_of": {"wire": 1}}, "wire": {}},
        "firms": [{"name": name} for name in ("first", "second", "maker", "mill")],
        "sites": [
            {"name": "first", "firm": "first", "product": "drive"},
            {"name": "second", "firm": "second", "product": "drive"},
            {"name": "maker", "firm": "maker", "product": "motor"},
            {"name": "mill", "firm": "mill", "product": "wire"},
        ],
        "links": [
            {"buyer": "mill", "product": "wire"},
            {"buyer": "first", "supplier": "maker", "contract": "ODM"},
            {"buyer": "second", "supplier": "maker", "contract": "OEM"},
            {"buyer": "maker", "supplier": "mill"},
        ],
        "markets": [{"name": "world", "product": "drive", "served_by": ["first", "second"], "demand": {"law": 9}}],
        "contracts": contracts,
    }
    scenario = Scenario.model_validate({**given, **changes})
    check_scenario(scenario)
    return build_world(scenario, 1, 0)


FIRST, SECOND, MAKER, MILL = range(4)
"""Sites and firms of the chain."""

TO_FIRST, TO_SECOND, TO_MAKER = range(1, 4)
"""Links of the chain by buyer."""


def choosing(world: World, *shipped: float) -> list[int]:
    """Return who chooses the suppliers of each site, where the maker has sent so much to each brand."""
    world.state.lines["shipped"][[TO_FIRST, TO_SECOND]] = shipped
    found: list[int] = choosers(world.terms, world.state.sites, world.state.lines).tolist()
    return found


@pytest.mark.parametrize("contracts", [None, {"OEM": {"inputs_chosen_by": "supplier"}}])
def test_firms_choose_their_suppliers_where_no_contract_says_otherwise(contracts: dict[str, Any] | None) -> None:
    assert choosing(chain(contracts), 1, 5) == [FIRST, SECOND, MAKER, MILL]


def test_the_largest_customer_chooses_where_its_contract_says_so() -> None:
    world = chain({})
    assert choosing(world, 1, 5) == [FIRST, SECOND, SECOND, MILL]
    assert choosing(world, 5, 1) == [FIRST, SECOND, MAKER, MILL]


@pytest.mark.parametrize(("by", "chooser"), [("buyer", FIRST), ("supplier", MAKER)])
def test_of_customers_that_bought_as_much_the_first_one_counts(by: str, chooser: int) -> None:
    world = chain({"ODM": {"inputs_chosen_by": by}})
    assert choosing(world, 0, 0)[MAKER] == chooser


def test_customers_whose_link_has_ended_choose_no_more() -> None:
    world = chain({})
    world.state.lines["active"][TO_SECOND] = 0
    assert choosing(world, 1, 5)[MAKER] == MAKER


def test_links_are_governed_by_who_chooses_the_suppliers_of_their_buyer() -> None:
    firms = [{"name": "first"}, {"name": "second", "profile": "harsh"}, {"name": "maker"}, {"name": "mill"}]
    harsh = {"profiles": {"harsh": {"strikes": 7}}, "selection": {"strikes": 2}, "firms": firms}
    for contracts, strikes in (({}, 7), (None, 2), ({"OEM": {"inputs_chosen_by": "supplier"}}, 2)):
        world = chain(contracts, **harsh)
        world.state.lines["shipped"][TO_SECOND] = 5.0
        assert world.governance_of(np.array([TO_MAKER]))["strikes"].tolist() == [strikes]
