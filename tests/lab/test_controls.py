"""Controls change settings, refuse what is out of bounds in one line, and find what is searched for."""

from __future__ import annotations

import ipywidgets
import pytest

from gpnde.lab.controls import ControlPanel, FieldControl
from gpnde.lab.fields import Field
from gpnde.lab.settings import Settings

SUBSIDY = "policy.effort-subsidy"


@pytest.fixture
def changes() -> list[dict[str, object]]:
    return []


@pytest.fixture
def settings() -> Settings:
    return Settings("small-open-economy")


@pytest.fixture
def panel(settings: Settings, changes: list[dict[str, object]]) -> ControlPanel:
    return ControlPanel(settings, lambda settings: changes.append(settings.changes()))


def test_groups_are_those_of_the_model(panel: ControlPanel) -> None:
    assert list(panel.sections) == ["Run", "Firm behaviour", "Knowledge diffusion", "Policies", "Shocks"]


def test_titles_of_groups_say_who_turns_their_controls(panel: ControlPanel) -> None:
    assert panel.groups.titles[1] == "Firm behaviour: what managers decide"
    assert panel.groups.titles[3] == "Policies: what governments decide"


def test_scenario_without_knowledge_has_no_mechanisms_of_diffusion() -> None:
    assert "Knowledge diffusion" not in ControlPanel(Settings("beer-game"), lambda settings: None).sections


def test_typed_number_moves_the_slider_and_is_told_once(panel: ControlPanel, changes: list[dict[str, object]]) -> None:
    control = panel.control("selection.threshold")
    control.input.value = 0.25
    assert control.slider is not None and control.slider.value == 0.25
    assert changes == [{"selection.threshold": 0.25}]


def test_slider_moves_the_number_and_is_told_once(panel: ControlPanel, changes: list[dict[str, object]]) -> None:
    control = panel.control("selection.threshold")
    assert isinstance(control.slider, ipywidgets.FloatSlider)
    control.slider.value = 0.3
    assert control.input.value == 0.3
    assert changes == [{"selection.threshold": 0.3}]


def test_value_out_of_bounds_is_refused_in_one_line_and_taken_back(
    panel: ControlPanel, changes: list[dict[str, object]]
) -> None:
    control = panel.control("selection.threshold")
    before = control.input.value
    control.input.value = 7.0
    assert "selection.threshold: 7: must be at least 0 and at most 1" in panel.message.value
    assert control.input.value == before
    assert changes == []
    control.input.value = 0.5
    assert panel.message.value == ""


def test_policy_discloses_its_parameters_when_it_is_switched_on(
    panel: ControlPanel, changes: list[dict[str, object]]
) -> None:
    policy = panel.component(SUBSIDY)
    closed = list(policy.children)
    assert closed[0] is policy.switch
    policy.switch.value = True
    panel.control(f"{SUBSIDY}.rate").input.value = 0.4
    assert changes[-1][f"{SUBSIDY}.rate"] == 0.4
    assert any("In a scenario file also" in str(getattr(child, "value", "")) for child in policy.children)
    policy.switch.value = False
    assert list(policy.children) == closed
    assert changes[-1] == {}


def test_reset_shows_the_scenario_again(panel: ControlPanel, settings: Settings) -> None:
    panel.component(SUBSIDY).switch.value = True
    panel.control("selection.threshold").input.value = 0.25
    panel.reset()
    assert panel.component(SUBSIDY).switch.value is False
    assert settings.base.selection is not None
    assert panel.control("selection.threshold").input.value == settings.base.selection.threshold
    assert settings.changes() == {}


def test_search_leaves_what_it_finds_and_opens_its_group(panel: ControlPanel) -> None:
    panel.search.value = "effort subsidy"
    assert panel.component(SUBSIDY).layout.display is None
    assert panel.component("policy.logistics").layout.display == "none"
    assert panel.groups.titles[panel.groups.selected_index] == "Policies (1)"
    panel.search.value = ""
    assert panel.component("policy.logistics").layout.display is None


def test_every_control_has_words_for_screen_readers(panel: ControlPanel) -> None:
    for rows in panel.controls.values():
        for row in rows:
            control = row.input if hasattr(row, "input") else row.switch
            assert control.tooltip or control.description


def test_slider_that_a_page_moves_to_its_nearest_step_changes_nothing(
    panel: ControlPanel, changes: list[dict[str, object]]
) -> None:
    control = panel.control("selection.threshold")
    assert control.slider is not None
    control.input.value = 0.2537
    control.slider.value = 0.2537 + 0.4 * control.field.step
    assert control.input.value == 0.2537
    assert changes == [{"selection.threshold": 0.2537}]


def test_law_is_typed_as_text_and_a_wrong_one_is_taken_back() -> None:
    field = Field("disruption.strike.days", "Days", "Shocks", "law", "gamma(mean=3, cv=0.5)", doc="Length.")
    said: list[object] = []
    control = FieldControl(field, lambda path, value: said.append((path, value)), said.append)
    control.input.value = "gama(mean=3)"
    assert said == ["disruption.strike.days: unknown law 'gama'; did you mean 'gamma'?"]
    assert control.input.value == "gamma(mean=3, cv=0.5)"
    control.input.value = "5"
    assert said[1:] == ["", ("disruption.strike.days", "5")]


def test_widgets_of_a_group_are_made_when_it_is_opened(panel: ControlPanel) -> None:
    made = [group for group, section in panel.sections.items() if section.is_made]
    assert made == ["Run"]
    panel.groups.selected_index = 3
    assert panel.sections["Policies"].is_made and not panel.sections["Shocks"].is_made


def test_group_that_is_opened_late_shows_what_was_changed_before(settings: Settings) -> None:
    settings.switch(SUBSIDY, True)
    settings.set(f"{SUBSIDY}.rate", 0.35)
    settings.set("selection.threshold", 0.25)
    panel = ControlPanel(settings, lambda settings: None)
    assert panel.component(SUBSIDY).switch.value is True
    assert panel.control(f"{SUBSIDY}.rate").input.value == 0.35
    assert panel.control("selection.threshold").input.value == 0.25


def test_search_needs_no_widgets(panel: ControlPanel) -> None:
    panel.search.value = "no such thing"
    assert not panel.sections["Policies"].is_made
    assert all(title.endswith("(0)") for title in panel.groups.titles)


def test_every_control_of_a_scenario_is_explained_in_a_sentence(settings: Settings) -> None:
    for group, rows in ControlPanel(settings, lambda settings: None).controls.items():
        for row in rows:
            said = "".join(str(getattr(part, "value", "")) for part in row.children)
            assert "gpnde-about" in said, (group, row)


def test_controls_of_another_scenario_take_the_place_of_those_before(panel: ControlPanel, settings: Settings) -> None:
    settings.load("beer-game")
    panel.rebuild()
    assert "Knowledge diffusion" not in panel.sections
    assert panel.control("clock.days").input.value == 252.0
