"""What each contract means in a scenario: one record per contract, in the order of `gpnde.contracts.CONTRACTS`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gpnde.contracts import CONTRACT_TYPES, ContractType, Row
from gpnde.scenario.contracts import ContractTerms
from gpnde.scenario.rules import Finance
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS, QUARTER_DAYS, Function
from gpnde.world.layout import Floats, Integers, Records
from gpnde.world.tables import whole_ticks

TERMS = np.dtype(
    [
        ("task_share", "f8"),
        ("buyer_gain", "f8"),
        ("bargaining_weight", "f8"),  # NaN: by the role of the supplier
        ("switching", "f8"),  # NaN, as the next: as the block pricing says
        ("tender_share", "f8"),
        ("notice_days", "f8"),
        ("payment_days_more", "f8"),
        ("inputs_chosen_by_buyer", "?"),
        ("package_margin", "f8"),
        ("consigned_share", "f8"),
        ("practice", "f8", (len(FUNCTIONS),)),
        ("teaching", "f8", (len(FUNCTIONS),)),
    ]
)
"""A contract as what it means to both sides."""

_ALIKE: Row = (1.0,) * 8


def contract_terms(scenario: Scenario) -> Records:
    """Return what each contract means in a scenario; shape (contracts,).

    Without the block contracts all are alike: everything is taught, and nothing else differs.
    """
    given = scenario.contracts
    if given is None:
        found = [ContractType(each.name, "", teaching=_ALIKE) for each in CONTRACT_TYPES]
    else:
        found = [_as_given(each, given.get(each.name, ContractTerms())) for each in CONTRACT_TYPES]
    return np.array([_row(each) for each in found], dtype=TERMS)


def choosers(terms: Records, sites: Records, lines: Records) -> Integers:
    """Return the firm whose governance holds for the inputs of each site; shape (sites,).

    It is the firm of the site, or the customer that has bought most from it where their contract says so.
    """
    firm = sites["firm"]
    found: Integers = firm.astype(np.int64)
    if not terms["inputs_chosen_by_buyer"].any():
        return found
    sold = np.flatnonzero((lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1))
    supplier, buyer = lines["supplier"][sold], lines["buyer"][sold]
    # Of each supplier the line that sent most comes last, and of equals the first one.
    order = np.lexsort((-sold, lines["shipped"][sold], supplier))
    last = order[np.append(np.diff(supplier[order]) != 0, True)] if len(order) else order
    chosen = last[terms["inputs_chosen_by_buyer"][lines["contract"][sold[last]]]]
    found[supplier[chosen]] = firm[buyer[chosen]]
    return found


def settlements_to_payment(scenario: Scenario, rules: Finance) -> Integers:
    """Return after how many settlements an invoice under each contract is paid; shape (contracts,)."""
    tick = scenario.clock.tick_days
    period = max(1, whole_ticks(rules.settle_days, tick)) * tick
    days = rules.payment_days + contract_terms(scenario)["payment_days_more"]
    # At least one, since a settlement pays what is due before it writes invoices.
    return np.maximum(np.rint(days / period).astype(np.int64), 1)


def or_else(stated: Floats, usual: Floats | float) -> Floats:
    """Return what contracts state, and what is usual where they state nothing (NaN).

    >>> or_else(np.array([0.5, math.nan]), 0.3)
    array([0.5, 0.3])
    """
    return np.where(np.isnan(stated), usual, stated)


def _as_given(contract: ContractType, terms: ContractTerms) -> ContractType:
    """Return a contract with what the scenario states in place of what the package says."""
    stated = {name: value for name, value in terms if value is not None}
    rows = {name: _changed(getattr(contract, name), stated[name]) for name in ("practice", "teaching")}
    return replace(contract, **{**stated, **rows})


def _changed(row: Row, given: Mapping[Function, float]) -> tuple[float, ...]:
    return tuple(given.get(name, value) for name, value in zip(FUNCTIONS, row, strict=True))


def _row(contract: ContractType) -> tuple[object, ...]:
    """Return the fields of a record in their order."""
    optional = (contract.bargaining_weight, contract.switching, contract.tender_share)
    return (
        contract.task_share,
        contract.buyer_gain,
        *(math.nan if value is None else value for value in optional),
        contract.notice_quarters * QUARTER_DAYS,
        contract.payment_days_more,
        contract.inputs_chosen_by == "buyer",
        contract.package_margin,
        contract.consigned_share,
        contract.practice,
        contract.teaching,
    )
