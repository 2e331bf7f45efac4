"""Every ordering policy is one record that holds together, and documents list all of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gpnde.scenario import scenario_schema
from gpnde.scenario.ordering import POLICIES, Ordering, OrderingPolicy, catalogue, ordering_fault
from gpnde.scenario.parameters import words_of

OWN = [policy for policy in POLICIES if POLICIES.is_own(policy.name)]
NAMES = ["base-stock", "echelon-base-stock", "make-to-order", "order-up-to", "r-Q", "s-S", "smoothed"]
MODEL = Path(__file__).parents[3] / "docs" / "model.md"


def test_each_file_of_the_catalogue_registers_one_policy() -> None:
    files = [path for path in Path(catalogue.__file__).parent.glob("*.py") if path.stem != "__init__"]
    assert [policy.name for policy in OWN] == NAMES
    assert len(files) == len(NAMES)


@pytest.mark.parametrize("policy", OWN, ids=lambda policy: policy.name)
def test_records_hold_together_and_say_what_they_are(policy: OrderingPolicy) -> None:
    assert ordering_fault(policy) == ""
    assert policy.doc.endswith(".")
    assert policy.source


def test_documents_list_the_policies_of_the_registry() -> None:
    section = MODEL.read_text(encoding="utf-8").partition("## Ordering\n")[2].partition("\n##")[0]
    assert sorted({*re.findall(r"^\| `([\w-]+)` +\|", section, re.MULTILINE)} - {"policy"}) == NAMES


def test_schema_and_controls_list_the_policies_of_the_registry() -> None:
    assert scenario_schema()["$defs"]["Ordering"]["properties"]["policy"]["enum"] == NAMES
    assert words_of(Ordering.model_fields["policy"]) == POLICIES.names()


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"policy": "base-stock"}, "policy 'base-stock' needs level: give it in units"),
        ({"policy": "echelon-base-stock"}, "policy 'echelon-base-stock' needs level"),
        ({"policy": "s-S", "level": 9}, "policy 's-S' needs reorder_point"),
        ({"policy": "r-Q", "reorder_point": 9}, "policy 'r-Q' needs quantity"),
        ({"policy": "s-S", "reorder_point": 9, "level": 9}, "reorder_point 9 is not below level 9: s must be below S"),
        ({"policy": "smoothed", "review_days": 0}, "policy 'smoothed' cannot review continuously"),
        ({"policy": "order-up-to", "forecast": {"method": "fixed"}}, "a fixed forecast needs mean"),
        ({"policy": "order-upto"}, "unknown ordering policy 'order-upto'; did you mean 'order-up-to'?"),
    ],
)
def test_numbers_that_a_policy_lacks_are_named(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(complaint)):
        Ordering.model_validate(given)


@pytest.mark.parametrize("policy", OWN, ids=lambda policy: policy.name)
def test_all_but_those_that_forecast_review_at_every_change(policy: OrderingPolicy) -> None:
    needed = dict(zip(policy.needs, (3.0, 9.0), strict=False))
    if policy.name in ("order-up-to", "smoothed"):
        assert not policy.reviews_continuously
    else:
        assert Ordering.model_validate({"policy": policy.name, "review_days": 0, **needed}).review_days == 0
