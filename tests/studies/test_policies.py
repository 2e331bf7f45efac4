"""The page of policies lists them all, and its code works."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from gpnde.plugin.host import plugin_host
from studies import page, policies
from studies.policies import (
    BOTH,
    NOTHING,
    Treatment,
    effect_table,
    money_table,
    return_table,
    run_study,
    treated,
    treatments,
)

DAYS = {"clock.days": 560}
ONE = {name: treatments()[name] for name in (NOTHING, "effort-subsidy")}


def first_cells(table: str) -> list[str]:
    return [line.strip("|").split("|")[0].strip() for line in table.splitlines()[2:]]


def test_examples_hold() -> None:
    assert doctest.testmod(policies).failed == 0


def test_every_policy_is_tried() -> None:
    tried = {str(use["use"]) for treatment in treatments().values() for use in treatment.uses}
    assert tried == {name for name in plugin_host().components if name.startswith("policy.")}
    assert len(tried) >= 16


def test_page_lists_every_policy_in_all_tables() -> None:
    money, effects, returns = page.table_of(policies.PAGE).split("\n\n")
    assert first_cells(effects) == first_cells(returns) == list(treatments())
    assert first_cells(money) == [name for name, treatment in treatments().items() if treatment.uses]


def test_page_says_plainly_that_the_model_is_not_calibrated() -> None:
    beginning = policies.PAGE.read_text(encoding="utf-8")[:200]
    assert "results of a model that is not calibrated" in beginning


@pytest.mark.thorough
def test_one_policy_with_one_seed_costs_money_and_helps_no_firm_before_it_starts() -> None:
    early = run_study(1, ONE, {"clock.days": 364})
    assert early["effort-subsidy"] == early[NOTHING]
    later = run_study(1, ONE, DAYS)
    (treated_once,), (control,) = later["effort-subsidy"], later[NOTHING]
    assert treated_once.cost > 0 == control.cost
    assert treated_once.beneficiaries > 0
    assert treated_once.capability != control.capability


@pytest.mark.thorough
def test_tables_have_the_headers_of_the_page() -> None:
    outcomes = run_study(2, ONE, DAYS)
    written = money_table(outcomes, ONE), effect_table(outcomes, ONE), return_table(outcomes, ONE)
    for new, old in zip(written, page.table_of(policies.PAGE).split("\n\n"), strict=True):
        assert new.splitlines()[:2] == old.splitlines()[:2]
        assert {line.count("|") for line in new.splitlines()} == {line.count("|") for line in old.splitlines()}


@pytest.mark.parametrize("name", ["targeting", "linkage-mix"])
def test_policies_on_policies_come_on_top_of_what_they_are_compared_with(name: str) -> None:
    chosen = treatments()
    assert chosen[name].uses[:2] == chosen[BOTH].uses
    assert chosen[chosen[name].control].uses[:2] == chosen[BOTH].uses


def test_policies_are_for_the_small_economy_and_start_after_a_year() -> None:
    scenario = treated(Treatment(({"use": "policy.effort-subsidy"},)), {})
    use = scenario.components[-1]
    assert (use.use, use.parameters) == ("policy.effort-subsidy", {"start_day": 364.0, "countries": ["small economy"]})


def test_several_tables_stand_between_the_markers(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"# Title\n{page.BEGIN}\nold\n{page.END}\nrest\n", encoding="utf-8")
    page.write_tables(document, ["one", "two"])
    assert document.read_text(encoding="utf-8") == f"# Title\n{page.BEGIN}\none\n\ntwo\n{page.END}\nrest\n"
