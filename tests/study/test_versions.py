"""Workers with other versions are refused in a line that says what to install."""

from __future__ import annotations

import pytest

from gpnde.errors import StudyError
from gpnde.study.versions import check_versions, expected_versions

QUOTA = {"distribution": "gpnde-quota", "version": "1.0", "results_version": 2}


def refusal(here: dict[str, object], there: dict[str, dict[str, object]]) -> str:
    with pytest.raises(StudyError) as caught:
        check_versions(expected_versions({"policy.quota": here}), there)
    return str(caught.value)


def test_equal_versions_are_accepted() -> None:
    check_versions(expected_versions({"policy.quota": QUOTA}), {"policy.quota": QUOTA})


def test_component_that_is_missing_is_named_with_what_to_install() -> None:
    line = "policy.quota: missing at a worker: install gpnde-quota==1.0 for the workers"
    assert refusal(QUOTA, {}) == line


def test_other_version_is_named_with_both() -> None:
    line = "policy.quota: gpnde-quota 1.1 at a worker and 1.0 here: install gpnde-quota==1.0 for the workers"
    assert refusal(QUOTA, {"policy.quota": {**QUOTA, "version": "1.1"}}) == line


def test_other_version_of_results_is_named() -> None:
    line = refusal(QUOTA, {"policy.quota": {**QUOTA, "results_version": 3}})
    assert line.startswith("policy.quota: gpnde-quota 1.0 with results of version 3 at a worker and 2 here: ")


def test_component_of_a_file_is_to_be_given_to_the_workers() -> None:
    file = {"distribution": "(file)", "version": "0", "results_version": 1}
    assert refusal(file, {}) == "policy.quota: missing at a worker: give the workers the same file"


def test_other_gpnde_is_refused() -> None:
    with pytest.raises(StudyError, match=r"^gpnde: gpnde .* at a worker and 0\.0 here: install gpnde==0\.0"):
        check_versions({"gpnde": {"distribution": "gpnde", "version": "0.0"}}, {})
