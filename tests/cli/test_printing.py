"""How commands speak."""

from __future__ import annotations

import json

import pytest

from gpnde.cli.printing import columns, note, print_json


def test_columns_line_up_and_lines_have_no_blanks_at_their_end() -> None:
    assert columns([("a", 1, "x"), ("long", 20, "")]) == "a      1  x\nlong  20"


def test_no_rows_are_no_lines() -> None:
    assert columns([]) == ""


def test_json_is_one_object_with_readable_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "São Paulo", "values": [1, None]})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"name": "São Paulo", "values": [1, None]}
    assert "São" in printed


def test_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        print_json({"value": float("nan")})


def test_notes_stay_off_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    note("by the way")
    assert capsys.readouterr() == ("", "by the way\n")
