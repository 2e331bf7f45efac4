"""Inputs that nothing reads are told of in one line for all rows, with the reason and what would make them count."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpnde.scenario import Scenario, load_scenario, preset_names
from gpnde.scenario.unread import WithoutEffect, without_effect

BRANDS = Path(__file__).parents[2] / "liveness" / "networks" / "brands.yaml"

ELASTIC = {"markets.customers.elasticity": 1.5}


def single_site(**settings: object) -> Scenario:
    return load_scenario("single-site", {name.replace("__", "."): value for name, value in settings.items()})


def told(scenario: Scenario) -> dict[str, WithoutEffect]:
    return {each.path: each for each in without_effect(scenario)}


def test_rows_of_a_table_share_a_line() -> None:
    clusters = [{"name": name, "wage_per_day": wage} for name, wage in (("here", 5), ("there", 9), ("beyond", 1))]
    found = told(single_site(clusters=clusters))["clusters.*.wage_per_day"]
    assert found.rows == ("here", "there")
    assert str(found).startswith("clusters.*.wage_per_day (2 given): no product takes labour: ")


def test_what_is_written_out_as_its_default_is_not_told() -> None:
    assert "markets.*.elasticity" in told(load_scenario("single-site", ELASTIC))
    assert "markets.*.elasticity" not in told(single_site(markets__customers__elasticity=0))


def test_the_line_of_a_block_has_no_count() -> None:
    scenario = single_site(selection={"price_breaker_share": 0.3})
    line = str(told(scenario)["selection.price_breaker_share"])
    assert line == "selection.price_breaker_share: price_breaker_probability is 0: give one above 0"


def test_the_first_reason_stands_for_an_input_with_several() -> None:
    scenario = single_site(selection={"price_breaker_share": 0.3, "price_breaker_probability": 0.2})
    assert told(scenario)["selection.price_breaker_share"].reason == "no firm has the role price-breaker"


def test_what_stands_in_a_block_without_effect_has_no_line_of_its_own() -> None:
    location = {"coordination": 2, "market_distance": 2}
    assert list(told(single_site(location=location, clusters=[{"name": "town"}]))) == ["location"]


def test_a_component_of_somebody_else_may_read_what_it_sees() -> None:
    scenario = load_scenario("single-site", {**ELASTIC, "components": [{"use": "policy.of-somebody"}]})
    assert "markets.*.elasticity" not in told(scenario)


def test_a_component_that_is_switched_off_reads_nothing() -> None:
    uses = [{"use": "disruption.price-war", "enabled": False}]
    assert "markets.*.elasticity" in told(load_scenario("single-site", {**ELASTIC, "components": uses}))


@pytest.mark.parametrize("name", ["beer-game", "serial-chain", "single-site"])
def test_textbook_presets_give_nothing_without_effect(name: str) -> None:
    assert name in preset_names()
    assert without_effect(load_scenario(name)) == []


def test_terms_of_own_brands_are_read_where_markets_take_them() -> None:
    arms_length = {f"links.{number}.contract": "arms-length" for number in (0, 1)}
    terms = {"contracts.OBM.payment_days_more": 7}
    assert "contracts.*.payment_days_more" not in told(load_scenario(BRANDS, {**arms_length, **terms}))
    without = {"markets.world.own_brands": None}
    assert "contracts.*.payment_days_more" in told(load_scenario(BRANDS, {**arms_length, **terms, **without}))
