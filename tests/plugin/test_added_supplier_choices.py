"""A plugin may offer a rule for who gets an order, which is listed, checked and run as those of gpnde are."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gpnde.cli import commands
from gpnde.engine import simulate
from gpnde.errors import ComponentFailure, ScenarioError
from gpnde.plugin.brought import brought
from gpnde.scenario import Scenario
from gpnde.scenario.ordering import SUPPLIER_CHOICES, SupplierChoice, choice_fault

Install = Callable[..., None]

PLUGIN = """
from gpnde import SupplierChoice

@hookimpl
def gpnde_supplier_choices():
    yield SupplierChoice("dearest", "Who is dearest.", "definition", "ranked", ranks=lambda supplies: -supplies.landed)
    yield SupplierChoice("most-in-stock", "Who has most.", "definition", "ranked", ranks=lambda given: -given.in_stock)
    yield SupplierChoice("at-once", "Who delivers first.", "definition", "fastest")
"""

BAD = """
from gpnde import SupplierChoice

@hookimpl
def gpnde_supplier_choices():
    yield SupplierChoice("endless", "Nobody.", "definition", "ranked", ranks=lambda given: "near")
    yield SupplierChoice("first", "Taken.", "definition", "first")
    yield SupplierChoice("empty", "No function.", "definition", "ranked")
    yield "nearest"
"""


def _shop(choice: str, **more: Any) -> Scenario:
    links = [
        {"buyer": "shop", "supplier": name, "lead_time": 1, "price": price}
        for name, price in (("east", 2), ("west", 5))
    ]
    ordering = {"policy": "base-stock", "level": 100, "review_days": 7, "supplier_choice": choice, **more}
    return Scenario.model_validate(
        {
            "name": "shop",
            "clock": {"days": 70},
            "products": {"tea": {}},
            "firms": [{"name": name} for name in ("shop", "east", "west")],
            "sites": [
                {"name": "shop", "firm": "shop", "product": "tea", "stock": 0, "ordering": ordering},
                *({"name": name, "firm": name, "product": "tea", "unlimited": True} for name in ("east", "west")),
            ],
            "links": links,
            "markets": [{"name": "town", "product": "tea", "served_by": ["shop"], "demand": {"law": 5}}],
            "record": {"orders": True},
        }
    )


def gpnde(*words: str) -> Result:
    return CliRunner().invoke(commands, list(words))


def _suppliers(scenario: Scenario) -> set[str]:
    orders = simulate(scenario).tables["orders"]
    return set(orders.filter(orders["buyer"] == "shop")["supplier"].to_list())


def test_a_function_of_a_plugin_ranks_suppliers(install: Install) -> None:
    install("ranks", PLUGIN)
    assert _suppliers(_shop("dearest")) == {"west"}
    # Both ship from nothing, so that the name decides.
    assert _suppliers(_shop("most-in-stock")) == {"east"}
    assert _suppliers(_shop("at-once")) == {"east"}
    assert _suppliers(_shop("shares")) == {"east", "west"}


def test_the_run_names_the_plugin_that_it_used(install: Install) -> None:
    install("ranks", PLUGIN)
    assert [name for name, _ in brought(_shop("dearest"))] == ["dearest"]


def test_an_unknown_rule_is_refused_with_the_nearest(install: Install) -> None:
    install("ranks", PLUGIN)
    with pytest.raises((ScenarioError, ValueError), match="unknown supplier choice 'dearst'; did you mean 'dearest'"):
        _shop("dearst")


def test_ranks_need_reviews(install: Install) -> None:
    install("ranks", PLUGIN)
    with pytest.raises(ValueError, match="ranks suppliers before reviews: give review_days above 0"):
        _shop("dearest", review_days=0)


def test_what_a_plugin_does_wrong_is_said_in_one_line(install: Install) -> None:
    install("ranks", BAD)
    listed = gpnde("plugins", "--json").output
    for fault in (
        "is offered by gpnde itself",
        "needs ranks, a function of the supplies",
        "must be gpnde.SupplierChoice",
    ):
        assert fault in listed
    with pytest.raises(ComponentFailure, match="supplier choice endless"):
        simulate(_shop("endless"))


def test_rules_of_plugins_are_listed_and_stand_in_the_schema(install: Install) -> None:
    install("ranks", PLUGIN)
    assert "supplier choice dearest" in " ".join(gpnde("plugins").output.split())
    schema = json.loads(gpnde("schema").output)
    assert "dearest" in schema["$defs"]["Ordering"]["properties"]["supplier_choice"]["enum"]


def test_a_record_says_what_is_wrong_with_it() -> None:
    assert all(choice_fault(each) == "" for each in SUPPLIER_CHOICES if SUPPLIER_CHOICES.is_own(each.name))
    assert "must be one of" in choice_fault(SupplierChoice("x", "", "", "nearest"))  # type: ignore[arg-type]
    assert "leave one of them out" in choice_fault(SupplierChoice("x", "", "", "first", ranks=len))
