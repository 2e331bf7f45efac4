from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.settings import apply_settings

Raw = dict[str, Any]
Load = Callable[..., Scenario]


def test_a_setting_replaces_a_key_of_a_block(raw: Raw, load: Load) -> None:
    assert load(raw, {"clock.days": "28"}).clock.days == 28


def test_a_setting_replaces_a_key_of_a_row(raw: Raw, load: Load) -> None:
    sites = load(raw, {"sites.teparuk.capacity_per_day": 7}).sites
    assert [site.capacity_per_day for site in sites] == [fixed(7), None]


def test_a_setting_reaches_rows_without_a_name_by_number(raw: Raw, load: Load) -> None:
    assert load(raw, {"links.0.lead_time": "2"}).links[0].lead_time == Law.model_validate(2)


def test_a_setting_reaches_rows_whose_name_holds_dots(raw: Raw, load: Load) -> None:
    raw["clusters"]["st. paul"] = {}
    assert load(raw, {"clusters.st. paul.wage_per_day": 9}).clusters[1].wage_per_day == 9


def test_a_setting_reaches_a_product_and_its_inputs(raw: Raw, load: Load) -> None:
    products = load(raw, {"products.drive.margin": 0.5, "products.drive.made_of.motor": 3}).products
    assert products["drive"].margin == 0.5
    assert products["drive"].made_of == {"motor": 3}


def test_a_setting_adds_a_word_of_a_list_that_was_left_out(raw: Raw, load: Load) -> None:
    given = {"contracts.OEM.consigned_share": 0.5, "contracts.ODM.practice.product_dev": 0.9}
    contracts = load(raw, given | {"cells.commodity-mass.learning": 2}).contracts
    assert contracts is not None
    assert contracts["OEM"].consigned_share == 0.5
    assert contracts["ODM"].practice == {"product_dev": 0.9}


def test_a_setting_leaves_other_words_at_their_defaults(raw: Raw, load: Load) -> None:
    rules = load(raw, {"knowledge.upgrading.thresholds.product_dev": 0.3}).knowledge
    assert rules is not None
    assert (rules.upgrading.thresholds["product_dev"], rules.upgrading.thresholds["engineering"]) == (0.3, 0.45)


def test_a_setting_of_an_unknown_word_is_refused_with_the_nearest_one(raw: Raw, load: Load) -> None:
    with pytest.raises(ScenarioError, match="no 'ODN' in the scenario to set; did you mean 'ODM'"):
        load(raw, {"contracts.ODN.consigned_share": 0.5})


def test_a_setting_reaches_into_a_law_in_its_short_form(raw: Raw, load: Load) -> None:
    assert load(raw, {"links.0.lead_time.mean": 5}).links[0].lead_time.text() == "gamma(mean=5, cv=0.3)"


def test_a_setting_reaches_a_nested_block_that_was_left_out(raw: Raw, load: Load) -> None:
    selection = load(raw, {"selection.weights.price": 0.5}).selection
    assert selection is not None
    assert selection.weights.price == 0.5


def test_a_setting_reaches_a_parameter_of_a_component(raw: Raw, load: Load) -> None:
    settings = {"disruption.site-outage.mean_up_days": "1e2", "disruption.site-outage.enabled": "false"}
    use = load(raw, settings).components[0]
    assert use.parameters == {"mean_up_days": 100.0}
    assert not use.enabled


def test_a_setting_of_one_row_leaves_others_that_share_its_text_alone() -> None:
    shared: Raw = {"stock": 1}
    given = {"sites": [{"name": "a", "ordering": shared}, {"name": "b", "ordering": shared}]}
    apply_settings(given, {"sites.a.ordering.level": 2})
    assert given["sites"][1]["ordering"] == {"stock": 1}


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("clock.dais", 1, "clock.dais: no 'dais' in the scenario to set; did you mean 'days'?"),
        ("clok.days", 1, "clok.days: no 'clok' in the scenario to set; did you mean 'clock'?"),
        ("nmae", 1, "nmae: no 'nmae' in the scenario to set; did you mean 'name'?"),
        ("sites.teparok.stock", 1, "sites.teparok.stock: no 'teparok' in the scenario to set; did you mean 'teparuk'?"),
        ("sites.teparuk.stok", 1, "sites.teparuk.stok: no 'stok' in the scenario to set; did you mean 'stock'?"),
        ("products.drive.made_of.moter", 1, "products.drive.made_of.moter: no 'moter' in the scenario to set"
         "; did you mean 'motor'?"),
        ("links.7.share", 1, "links.7.share: no '7' in the scenario to set"),
        ("clock.days.long", 1, "clock.days.long: no 'long' in the scenario to set"),
        ("regions.asia.country", "SG", "regions.asia.country: no 'asia.country' in the scenario to set"),
        ("disruption.site-outag.mean_up_days", 1, "disruption.site-outag.mean_up_days: no 'disruption.site-outag'"
         " in the scenario to set; did you mean 'disruption.site-outage'?"),
        ("clock.days", "[1", "clock.days line 2, column 1: did not find expected ',' or ']': fix the YAML there"),
        ("disruption.site-outage.mean_up_days.low", 1, "disruption.site-outage.mean_up_days.low: mean_up_days"
         " is 730: must be a mapping in the scenario"),
    ],
)  # fmt: skip
def test_a_setting_of_something_unknown_is_refused(
    raw: Raw, complaint: Callable[..., str], path: str, value: object, line: str
) -> None:
    assert complaint(raw, {path: value}) == line


def test_a_setting_inside_a_law_that_cannot_be_read_is_refused(raw: Raw, complaint: Callable[..., str]) -> None:
    raw["links"][0]["lead_time"] = "soon"
    line = "links.0.lead_time.mean: 'soon' is not a law: write a number or a law such as gamma(mean=10, cv=0.3)"
    assert complaint(raw, {"links.0.lead_time.mean": 3}) == line


def test_a_setting_below_a_number_is_refused(raw: Raw, complaint: Callable[..., str]) -> None:
    raw["clock"] = 3
    assert complaint(raw, {"clock.days": 3}) == "clock.days: clock is 3: must be a mapping in the scenario"
