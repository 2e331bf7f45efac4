"""Settings give the scenario that they say, the Python that repeats it and the file that holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import gpnde
from gpnde.errors import GpndeError
from gpnde.lab.settings import Settings
from gpnde.plugin.host import plugin_host

SUBSIDY = "policy.effort-subsidy"


@pytest.fixture
def changed() -> Settings:
    settings = Settings("small-open-economy")
    settings.set("clock.days", 56.0)
    settings.set("ordering.review_days", 14.0)
    settings.switch(SUBSIDY, True)
    settings.set(f"{SUBSIDY}.rate", 0.5)
    return settings


def test_treatment_has_the_changes_and_the_baseline_only_the_horizon(changed: Settings) -> None:
    treatment, baseline = changed.scenario(), changed.baseline()
    assert (treatment.clock.days, treatment.ordering.review_days) == (56, 14)
    assert [use.parameters for use in treatment.components if use.use == SUBSIDY] == [{"rate": 0.5}]
    assert baseline.clock.days == 56
    assert baseline.ordering == changed.base.ordering
    assert baseline.components == changed.base.components


def test_python_gives_the_same_run(changed: Settings) -> None:
    changed.seed, changed.replication = 3, 2
    names: dict[str, Any] = {}
    exec(changed.python(), names)
    run = gpnde.simulate(changed.scenario(), seed=3, replication=2)
    assert names["run"].fingerprint == run.fingerprint


def test_saved_scenario_gives_the_same_run(changed: Settings, tmp_path: Path) -> None:
    changed.save(tmp_path / "mine.yaml")
    saved = gpnde.load_scenario(tmp_path / "mine.yaml")
    assert gpnde.simulate(saved).fingerprint == gpnde.simulate(changed.scenario()).fingerprint


def test_component_of_the_scenario_can_be_switched_off_and_on_again() -> None:
    settings = Settings("small-open-economy")
    name = settings.base.components[0].use
    assert settings.is_on(name) and settings.changes() == {}
    settings.switch(name, False)
    assert [use.enabled for use in settings.scenario().components if use.use == name] == [False]
    settings.switch(name, True)
    assert settings.changes() == {}


def test_parameter_of_what_is_off_is_no_change(changed: Settings) -> None:
    changed.switch(SUBSIDY, False)
    assert set(changed.changes()) == {"clock.days", "ordering.review_days"}


def test_value_that_the_scenario_has_anyway_is_no_change(changed: Settings) -> None:
    changed.set("clock.days", changed.base.clock.days)
    changed.set("ordering.review_days", changed.base.ordering.review_days)
    changed.set(f"{SUBSIDY}.rate", plugin_host().component(SUBSIDY).model_fields["rate"].default)
    assert set(changed.changes()) == {"components"}
    changed.switch(SUBSIDY, False)
    assert changed.changes() == {}


def test_reset_takes_all_changes_back(changed: Settings) -> None:
    changed.reset()
    assert changed.changes() == {}
    assert changed.scenario() == changed.base


def test_changes_that_contradict_the_scenario_are_one_line(changed: Settings) -> None:
    changed.set("ordering.review_days", -1.0)
    with pytest.raises(GpndeError, match="ordering.review_days: -1.0: must be") as caught:
        changed.scenario()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "said"),
    [("ordering.revew_days", "did you mean 'review_days'"), (f"{SUBSIDY}.rte", "did you mean 'rate'")],
)
def test_path_that_leads_nowhere_is_refused_with_the_nearest_name(changed: Settings, path: str, said: str) -> None:
    changed.set(path, 0.5)
    with pytest.raises(GpndeError, match=said) as caught:
        plugin_host().build(changed.scenario().components)
    assert "\n" not in str(caught.value)


def test_scenario_that_lies_in_no_file_is_to_be_saved_first() -> None:
    settings = Settings(gpnde.load_scenario("beer-game"))
    assert "Save the scenario as scenario.yaml first" in settings.python()


def test_python_names_only_what_differs() -> None:
    settings = Settings("small-open-economy")
    assert "load_scenario('small-open-economy')" in settings.python()
    settings.switch(settings.base.components[0].use, False)
    settings.switch(SUBSIDY, True)
    settings.set(f"{SUBSIDY}.rate", 0.4)
    said = settings.python()
    assert f"{{'{settings.base.components[0].use}.enabled': False}}" in said
    assert f"scenario.using('{SUBSIDY}', rate=0.4)" in said
    assert said.count(settings.base.components[1].use) == 0


def test_another_scenario_begins_without_changes(changed: Settings) -> None:
    changed.load("beer-game")
    assert changed.base.name == "beer-game" and changed.changes() == {}


def test_scenario_that_there_is_not_changes_nothing(changed: Settings) -> None:
    before = changed.base, changed.changes()
    with pytest.raises(GpndeError):
        changed.load("beer-gam")
    assert (changed.base, changed.changes()) == before


def test_python_names_rows_whatever_the_setting_did() -> None:
    settings = Settings("serial-chain")
    settings.set("links[0].order_delay_days", 3)
    settings.set("sites.*.stock", 9)
    assert "'links.retailer<wholesaler.order_delay_days': 3" in settings.python()
    assert "'sites.*.stock': 9" in settings.python()
    assert settings.scenario().links[0].order_delay_days == 3


def test_the_own_value_of_a_row_is_no_change() -> None:
    settings = Settings("serial-chain")
    settings.set("links.retailer<wholesaler.trust", settings.base.links[0].trust)
    settings.set("links.*.trust", settings.base.links[0].trust)
    assert settings.changes() == {}
