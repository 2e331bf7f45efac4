from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde.scenario import Scenario, load_scenario
from gpnde.scenario.provenance import count_marks, mark_of_text, marks, numbers

Raw = dict[str, Any]
Load = Callable[..., Scenario]


def test_every_number_that_was_given_has_a_path(raw: Raw, load: Load) -> None:
    raw["clock"] = {"days": 28}
    raw["record"] = {"every_days": 14}
    raw["schema_version"] = 1
    raw["components"][0]["enabled"] = True
    raw["links"][0]["in_transit"] = [4, 5]
    raw["targets"] = [{"measure": "fill_rate", "value": 0.9}]
    assert dict(numbers(load(raw))) == {
        "products.drive.made_of.motor": 2,
        "firms.seagate.tier": 0,
        "sites.teparuk.capacity_per_day": 100,
        "links.teparuk<rangsit.lead_time.mean": 3,
        "links.teparuk<rangsit.lead_time.cv": 0.3,
        "links.teparuk<rangsit.in_transit[0]": 4,
        "links.teparuk<rangsit.in_transit[1]": 5,
        "markets.world.demand.law": 30,
        "components.disruption.site-outage.mean_up_days": 730,
        "targets[0].value": 0.9,
    }


def test_numbers_of_csv_rows_count_and_their_origin_does_not(raw: Raw, load: Load, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("buyer,supplier,commitment_days\nteparuk,rangsit,364\n", encoding="utf-8")
    (tmp_path / "days.csv").write_text("days\n3\n4\nx\n", encoding="utf-8")
    raw["links"] = "links.csv"
    raw["sites"]["teparuk"]["processing"] = {"law": "empirical", "file": "days.csv", "column": "days"}
    found = dict(numbers(load(raw)))
    assert found["links.teparuk<rangsit.commitment_days"] == 364
    assert [path for path in found if "processing" in path] == [
        "sites.teparuk.processing.values[0]",
        "sites.teparuk.processing.values[1]",
    ]


def test_numbers_of_a_shipped_profile_count_where_a_firm_cites_it(raw: Raw, load: Load) -> None:
    raw["profiles"] = {"closed-relational": {"strikes": 3}}
    raw["provenance"] = [{"path": "*", "mark": "chapter"}]
    assert count_marks(load(raw))["assumption"] == 0
    raw["firms"]["seagate"]["profile"] = "closed-relational"
    found = marks(load(raw))
    assert (found["profiles.closed-relational.strikes"], found["profiles.closed-relational.threshold"]) == (
        "chapter",
        "assumption",
    )


def _marked(raw: Raw, load: Load, *patterns: tuple[str, str], row: str | None = None) -> str:
    raw["sites"]["teparuk"]["employment"] = 9
    if row:
        raw["sites"]["teparuk"]["provenance"] = row
    raw["provenance"] = [{"path": path, "mark": mark} for path, mark in patterns]
    return marks(load(raw))["sites.teparuk.employment"]


def test_a_number_that_no_pattern_covers_is_unmarked(raw: Raw, load: Load) -> None:
    assert _marked(raw, load, ("sites.*.stock", "chapter"), ("sites.teparuk.employment.x", "chapter")) == "unmarked"


@pytest.mark.parametrize(
    "path", ["*", "sites", "sites.*", "s*s.tep*.emp*", "*.*.employment", "sites.teparuk.employment"]
)
def test_a_pattern_covers_what_it_names_and_all_below(raw: Raw, load: Load, path: str) -> None:
    assert _marked(raw, load, (path, "chapter")) == "chapter"


def test_the_most_specific_pattern_decides(raw: Raw, load: Load) -> None:
    patterns = [("sites.teparuk.employment", "chapter"), ("sites.*.employment", "derived"), ("*", "assumption")]
    assert _marked(raw, load, *patterns) == "chapter"
    assert _marked(raw, load, *patterns[1:]) == "derived"


def test_a_name_goes_before_a_longer_pattern_with_a_wildcard(raw: Raw, load: Load) -> None:
    assert _marked(raw, load, ("sites.teparuk", "chapter"), ("sites.*.employment", "derived")) == "chapter"


def test_seed_is_read_as_the_former_name_of_chapter(raw: Raw, load: Load) -> None:
    assert _marked(raw, load, ("sites", "seed")) == "chapter"
    assert _marked(raw, load, row="seed: section 4.1") == "chapter"
    raw["targets"] = [{"measure": "fill_rate", "value": 0.9, "mark": "seed"}]
    assert load(raw).targets[0].mark == "chapter"


def test_of_equal_patterns_the_later_decides(raw: Raw, load: Load) -> None:
    assert _marked(raw, load, ("sites.*", "chapter"), ("sites.t*", "derived")) == "derived"


def test_the_mark_of_a_row_covers_the_row(raw: Raw, load: Load) -> None:
    assert _marked(raw, load, ("sites.*.employment", "derived"), row="literature, Smith 2001") == "literature"
    assert _marked(raw, load, ("sites.teparuk.employment", "derived"), row="literature") == "derived"


def test_a_target_bears_its_own_mark(raw: Raw, load: Load) -> None:
    raw["targets"] = [{"measure": "fill_rate", "value": 0.9, "mark": "literature"}]
    raw["provenance"] = [{"path": "*", "mark": "assumption"}]
    assert marks(load(raw))["targets[0].value"] == "literature"


def test_parameters_of_components_are_marked_whatever_their_name(raw: Raw, load: Load) -> None:
    raw["provenance"] = [{"path": "components.*.mean_up_days", "mark": "assumption"}]
    assert marks(load(raw))["components.disruption.site-outage.mean_up_days"] == "assumption"


def test_marks_are_counted() -> None:
    assert count_marks(load_scenario("single-site")) == {
        "chapter": 0,
        "derived": 2,
        "literature": 0,
        "assumption": 7,
        "unmarked": 0,
    }


@pytest.mark.parametrize(
    ("text", "mark"), [("chapter", "chapter"), (" chapter: 4.1", "chapter"), ("derived (HHI)", "derived"), ("", "")]
)
def test_a_row_says_its_mark_first(text: str, mark: str) -> None:
    assert mark_of_text(text) == mark
