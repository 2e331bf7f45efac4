"""A report passes where every check does, and tells the others apart in words, as data and as an error."""

from __future__ import annotations

import json
import pickle

import pytest

from gpnde.testing import Check, ConformanceError, Report

GOOD, BAD = Check("run", True, "252 days"), Check("streams", False, "gives other tables: sites")


def test_report_without_failures_passes() -> None:
    report = Report("policy.quota", (GOOD,))
    report.raise_if_failed()
    assert report.passed


def test_failures_are_raised_one_line_each() -> None:
    report = Report("policy.quota", (BAD, GOOD, Check("order", False, "gives other tables: firms")))
    with pytest.raises(ConformanceError) as caught:
        report.raise_if_failed()
    assert str(caught.value).splitlines() == [
        "policy.quota: streams: gives other tables: sites",
        "policy.quota: order: gives other tables: firms",
    ]
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_text_has_one_line_per_check_in_columns() -> None:
    lines = str(Report("policy.quota", (GOOD, BAD))).splitlines()
    assert lines == ["policy.quota", "  ok      run      252 days", "  failed  streams  gives other tables: sites"]


def test_data_is_json_with_all_checks() -> None:
    data = json.loads(json.dumps(Report("policy.quota", (GOOD, BAD), ("sites",)).to_json()))
    assert (data["component"], data["passed"], data["changes"]) == ("policy.quota", False, ["sites"])
    assert data["checks"][1] == {"name": "streams", "passed": False, "reason": "gives other tables: sites"}
