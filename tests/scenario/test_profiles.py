"""Governance profiles: those of the package, what a scenario states over them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario, load_scenario, save_scenario
from gpnde.scenario.profiles import Profile, governance, profile_names, shipped_profiles
from gpnde.scenario.rules import Governance, Selection
from gpnde.scenario.schema import Mark

Raw = dict[str, Any]


def test_every_shipped_profile_states_numbers_and_where_they_come_from() -> None:
    for shipped in shipped_profiles().values():
        assert shipped.profile != Profile()
        assert shipped.doc.endswith(".")
        assert shipped.mark in get_args(Mark)


def test_a_profile_can_state_all_that_the_block_states_within_the_same_bounds() -> None:
    assert list(Profile.model_fields) == list(Governance.model_fields)
    for name, field in Profile.model_fields.items():
        assert field.metadata == Governance.model_fields[name].metadata


def test_a_firm_without_a_profile_follows_the_block() -> None:
    rules = Selection(threshold=0.7)
    assert governance(rules, {"strict": Profile(threshold=0.9)}, None) == rules


def test_what_a_profile_leaves_out_is_as_in_the_block() -> None:
    rules = Selection(threshold=0.7, weights={"delivery": 3})
    found = governance(rules, {"dear": Profile(strikes=4, weights={"price": 2})}, "dear")
    assert (found.threshold, found.strikes) == (0.7, 4)
    assert (found.weights.delivery, found.weights.price, found.weights.quality) == (3, 2, 0.3)


def test_a_scenario_may_state_a_shipped_profile_otherwise() -> None:
    shipped = shipped_profiles()["closed-relational"].profile
    found = governance(Selection(), {"closed-relational": Profile(strikes=7)}, "closed-relational")
    assert found.strikes == 7 != shipped.strikes
    assert (found.threshold, found.openness) == (shipped.threshold, shipped.openness)


def test_names_stand_once_though_a_shipped_profile_is_stated_otherwise() -> None:
    names = profile_names({"open-modular": Profile(), "mine": Profile()})
    assert sorted(names) == ["closed-relational", "mine", "open-modular"]


REFUSALS: dict[str, tuple[Raw, str]] = {
    "nobody's profile": (
        {"firms.seagate.profile": "strickt", "profiles": {"strict": {}}},
        "firms.seagate.profile: 'strickt': no such profile; did you mean 'strict'?",
    ),
    "misspelt shipped profile": (
        {"firms.seagate.profile": "open-modulr"},
        "firms.seagate.profile: 'open-modulr': no such profile; did you mean 'open-modular'?",
    ),
    "threshold above 1": (
        {"profiles": {"strict": {"threshold": 2}}},
        "profiles.strict.threshold: 2: must be at most 1",
    ),
    "no strike": ({"profiles": {"strict": {"strikes": 0}}}, "profiles.strict.strikes: 0: must be at least 1"),
    "lock above 1": (
        {"profiles": {"strict": {"incumbent_lock": 1.5}}},
        "profiles.strict.incumbent_lock: 1.5: must be at most 1",
    ),
    "unknown rule": (
        {"profiles": {"strict": {"rule": "relativ"}}},
        "profiles.strict.rule: 'relativ': must be 'absolute' or 'relative'; did you mean 'relative'?",
    ),
    "unknown key": (
        {"profiles": {"strict": {"openess": 1}}},
        "profiles.strict: unknown key 'openess'; did you mean 'openness'?",
    ),
    "no weight left": (
        {
            "selection": {"weights": {"delivery": 1, "quality": 0, "price": 0, "response": 0}},
            "profiles": {"idle": {"weights": {"delivery": 0}}},
        },
        "profiles.idle.weights: all weights are 0: give at least one above 0",
    ),
}


@pytest.mark.parametrize(("settings", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_wrong_profile_is_refused_in_one_line(
    raw: Raw, load: Callable[..., Scenario], settings: Raw, line: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(raw, settings)
    assert str(caught.value) == line


def test_a_profile_that_nobody_cites_may_stay(raw: Raw, load: Callable[..., Scenario]) -> None:
    assert load(raw | {"profiles": {"strict": {"strikes": 1}}}).profiles["strict"].strikes == 1


def test_profiles_are_saved_and_read_again(raw: Raw, load: Callable[..., Scenario], tmp_path: Path) -> None:
    given = {"profiles": {"strict": {"strikes": 2, "weights": {"delivery": 0.35}}}, "firms.seagate.profile": "strict"}
    scenario = load(raw, {"selection": {"strikes": 5, "weights": {"delivery": 1}}, **given})
    save_scenario(scenario, tmp_path / "saved")
    assert load_scenario(tmp_path / "saved") == scenario


def test_the_page_of_the_model_shows_the_shipped_profiles_as_they_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")
    columns = ("rule", "threshold", "strikes", "commitment_days", "openness", "incumbent_lock", "teaching")
    assert f"| Profile | {' | '.join(f'`{name}`' for name in columns)} |" in page
    for name, shipped in shipped_profiles().items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        shown = [cell.strip() for cell in row.split("|")[2:-1]]
        stated = shipped.profile.model_dump(include=set(columns))
        assert [shown[0], *map(float, shown[1:])] == [stated[name] for name in columns]
