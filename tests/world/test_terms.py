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
from gpnde.scenario import Scenario, load_scenario, save_scenario
from gpnde.scenario.contracts import Terms
from gpnde.scenario.rules import Finance
from gpnde.vocabulary import FUNCTIONS, QUARTER_DAYS
from gpnde.world.build import build_world
from gpnde.world.layout import Records
from gpnde.world.terms import TERMS, contract_terms, or_else, settlements_to_payment

Describe = Callable[..., Scenario]

OEM, ODM, ARMS_LENGTH = (CONTRACTS.index(name) for name in ("OEM", "ODM", "arms-length"))
OPTIONAL = ("bargaining_weight", "switching", "tender_share")
PLAIN = ("payment_days_more", "consigned_share", "practice", "teaching")
STATED: dict[str, Any] = {
    "bargaining_weight": 0.9,
    "switching": 0.7,
    "tender_share": 0.6,
    "notice_quarters": 5,
    "payment_days_more": 63,
    "consigned_share": 0.25,
    "practice": {"sc_coordination": 0.35},
    "teaching": {"sc_coordination": 7},
}
"""A value for each term, other than those of the package."""


def differing(one: Records, other: Records) -> list[tuple[str, str]]:
    """Return contract and field of all that two sets of terms differ in."""
    return [
        (CONTRACTS[number], name)
        for number in range(len(CONTRACTS))
        for name in TERMS.names or ()
        if not np.array_equal(one[name][number], other[name][number], equal_nan=True)
    ]


def test_without_the_block_all_contracts_are_alike(describe: Describe) -> None:
    terms = contract_terms(describe())
    assert len({row.tobytes() for row in terms}) == 1
    assert all(np.isnan(terms[name]).all() for name in OPTIONAL)
    assert all((terms[name] == 0.0).all() for name in ("notice_days", "payment_days_more", "consigned_share"))
    assert (terms["teaching"] == 1.0).all()
    assert (terms["practice"] == 0.0).all()


def test_with_an_empty_block_contracts_mean_what_the_package_says(describe: Describe) -> None:
    terms = contract_terms(describe(contracts={}))
    for row, record in zip(terms, CONTRACT_TYPES, strict=True):
        assert [row[name].tolist() for name in PLAIN] == [np.array(getattr(record, name)).tolist() for name in PLAIN]
        assert row["notice_days"] == record.notice_quarters * QUARTER_DAYS
        for name in OPTIONAL:
            stated = getattr(record, name)
            assert math.isnan(row[name]) if stated is None else row[name] == stated
    assert len({row.tobytes() for row in terms}) > 4


@pytest.mark.parametrize("field", Terms.model_fields)
def test_a_stated_term_replaces_that_of_the_package_and_no_other(describe: Describe, field: str) -> None:
    package = contract_terms(describe(contracts={}))
    terms = contract_terms(describe(contracts={"ODM": {field: STATED[field]}}))
    name = "notice_days" if field == "notice_quarters" else field
    assert differing(package, terms) == [("ODM", name)]
    row = terms[name][ODM]
    if field in ("practice", "teaching"):
        (function, value), *_ = STATED[field].items()
        place = FUNCTIONS.index(function)
        assert row[place] == value
        assert np.delete(row, place).tolist() == np.delete(package[name][ODM], place).tolist()
    else:
        assert row == STATED[field] * (QUARTER_DAYS if field == "notice_quarters" else 1)


@pytest.mark.parametrize(("contract", "field"), [("OEM", "consigned_share"), ("ODM", "notice_quarters")])
def test_a_stated_zero_counts_as_stated(describe: Describe, contract: str, field: str) -> None:
    terms = contract_terms(describe(contracts={contract: {field: 0}}))
    assert terms["notice_days" if field == "notice_quarters" else field][CONTRACTS.index(contract)] == 0.0
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
    "unknown contract": ({"OMD": {}}, _NAMES),
    "plants of one firm": ({"intra-firm": {}}, _NAMES),
    "sale to a market": ({"sale": {}}, _NAMES),
    "unknown term": ({"OEM": {"notice_quarter": 1}}, "contracts.OEM: unknown key 'notice_quarter'; did you mean"),
    "unknown function": ({"OEM": {"practice": {"brands": 1}}}, "'brands': must be 'sales_distribution'"),
    "practice above 1": (
        {"OEM": {"practice": {"product_dev": 1.5}}},
        "contracts.OEM.practice.product_dev: 1.5: must be at most 1",
    ),
    "teaching below 0": (
        {"OEM": {"teaching": {"product_dev": -1}}},
        "contracts.OEM.teaching.product_dev: -1: must be at least 0",
    ),
    **{
        f"{field} {'below' if given < 0 else 'above'} its bounds": (
            {"OEM": {field: given}},
            f"contracts.OEM.{field}: {given}: must be at {bound}",
        )
        for field, given, bound in (
            ("bargaining_weight", -1, "least 0"),
            ("bargaining_weight", 2, "most 1"),
            ("switching", -1, "least 0"),
            ("switching", 6, "most 5"),
            ("tender_share", 2, "most 1"),
            ("notice_quarters", -1, "least 0"),
            ("notice_quarters", 401, "most 400"),
            ("payment_days_more", -7, "least 0"),
            ("payment_days_more", 365, "most 364"),
            ("consigned_share", -1, "least 0"),
            ("consigned_share", 2, "most 1"),
        )
    },
    "no number": ({"OEM": {"switching": math.nan}}, "contracts.OEM.switching: nan: must be a finite number"),
}


@pytest.mark.parametrize(("contracts", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_wrong_terms_are_refused_in_one_line(contracts: dict[str, Any], line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("single-site", {"contracts": contracts})
    text = str(caught.value)
    assert line in text
    assert text.startswith(f"contracts.{next(iter(contracts))}")
    assert "\n" not in text
