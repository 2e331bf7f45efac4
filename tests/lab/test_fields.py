"""Fields come from declarations, with bounds, units and words; plugins appear by themselves."""

from __future__ import annotations

import pytest

from gpnde.lab.fields import component_fields, component_groups, left_out, scenario_fields
from gpnde.plugin.component import Component
from gpnde.plugin.host import host_of, plugin_host
from gpnde.plugin.parameters import param
from gpnde.scenario import load_scenario
from gpnde.scenario.law import Law
from gpnde.scenario.presets import preset_names


class Levy(Component):
    """Levy something."""

    name = "policy.levy"
    rate: float = param(0.2, ge=0, le=1, unit="1/year", vary=(0.1, 0.5), doc="What is levied.")
    firms_at_once: int = param(3, ge=1, doc="Firms.")
    is_secret: bool = param(False, doc="Whether it is secret.")
    whom: tuple[str, ...] = param((), doc="Whom.")


def test_parameter_of_a_component_becomes_a_field_with_its_range_unit_and_words() -> None:
    rate, firms, secret = component_fields(Levy, {"firms_at_once": 5})
    assert (rate.path, rate.label, rate.kind, rate.value) == ("policy.levy.rate", "Rate", "number", 0.2)
    assert (rate.low, rate.high, rate.span, rate.unit, rate.doc) == (0, 1, (0.1, 0.5), "1/year", "What is levied.")
    assert (firms.kind, firms.value, firms.span, firms.low) == ("whole", 5, None, 1)
    assert (secret.kind, secret.value) == ("flag", False)
    assert left_out(Levy) == ["whom"]


def test_slider_holds_a_value_outside_the_range_to_vary() -> None:
    assert component_fields(Levy, {"rate": 0.9})[0].span == (0.1, 0.9)


def test_components_of_any_plugin_are_grouped_by_family() -> None:
    with host_of([Levy]):
        assert component_groups(plugin_host().components) == {"Policies": ["policy.levy"]}


@pytest.mark.parametrize("preset", preset_names())
def test_each_field_of_a_scenario_holds_its_value_within_its_ends(preset: str) -> None:
    fields = scenario_fields(load_scenario(preset))
    assert len({field.path for field in fields}) == len(fields)
    assert {"clock.days", "ordering.policy", "ordering.review_days"} <= {field.path for field in fields}
    for field in fields:
        if field.kind in ("number", "whole"):
            assert field.low <= field.value <= field.high
            assert field.span is None or field.span[0] <= field.value <= field.span[1]
        if field.kind == "choice":
            assert field.value in field.choices


def test_blocks_that_a_scenario_lacks_have_no_fields() -> None:
    paths = [field.path for field in scenario_fields(load_scenario("beer-game"))]
    assert not any(path.startswith("knowledge.") for path in paths)
    assert any(field.path.startswith("knowledge.") for field in scenario_fields(load_scenario("hdd-southeast-asia")))


@pytest.mark.parametrize("preset", preset_names())
def test_each_slider_can_stand_on_its_value(preset: str) -> None:
    scenario = load_scenario(preset)
    fields = scenario_fields(scenario)
    for use in scenario.components:
        if use.use.partition(".")[0] in ("diffusion", "policy", "disruption"):
            fields += component_fields(plugin_host().component(use.use), use.parameters)
    for field in (each for each in fields if each.span):
        assert field.span is not None
        steps = (field.value - field.span[0]) / field.step
        assert steps == pytest.approx(round(steps), abs=1e-6)


class Strike(Component):
    """Work stops."""

    name = "disruption.strike"

    days: Law = param("gamma(mean=3, cv=0.5)", unit="day", doc="Length of a strike.")


def test_law_of_a_component_becomes_a_field_with_its_text() -> None:
    (field,) = component_fields(Strike, {})
    assert (field.kind, field.value, field.unit) == ("law", "gamma(mean=3, cv=0.5)", "day")
    assert component_fields(Strike, {"days": 7})[0].value == "7"
    assert left_out(Strike) == []
