from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde.scenario import Scenario
from gpnde.scenario.network import Link, Site
from gpnde.scenario.tables import TABLES, read_table, write_table

Raw = dict[str, Any]
Load = Callable[..., Scenario]
Complaint = Callable[..., str]

SITES = """name,firm,product,cluster,capacity_per_day,unlimited,servers,processing,ordering
teparuk,seagate,drive,bangkok,100,,1,"gamma(mean=3, cv=0.3)","{""policy"": ""base-stock"", ""level"": 40}"

rangsit,nidec,motor,,,true,,2,
"""


@pytest.fixture
def with_sites(raw: Raw, tmp_path: Path) -> Callable[[str], Raw]:
    """Return a function that moves the sites of the small scenario into a CSV file of the given text."""

    def move(text: str) -> Raw:
        (tmp_path / "sites.csv").write_text(text, encoding="utf-8")
        return {**raw, "sites": "sites.csv"}

    return move


def test_a_csv_file_gives_the_same_rows_as_yaml(raw: Raw, load: Load, with_sites: Callable[[str], Raw]) -> None:
    raw["sites"]["teparuk"] |= {
        "servers": 1,
        "processing": {"law": "gamma", "mean": 3, "cv": 0.3},
        "ordering": {"policy": "base-stock", "level": 40},
    }
    raw["sites"]["rangsit"]["processing"] = 2
    assert load(with_sites(SITES)) == load(raw)


def test_a_list_and_a_mapping_give_the_same_rows(raw: Raw, load: Load) -> None:
    as_list = [{"name": name, **fields} for name, fields in raw["sites"].items()]
    assert load({**raw, "sites": as_list}) == load(raw)


def test_a_row_may_be_a_name_alone(raw: Raw, load: Load) -> None:
    assert load({**raw, "regions": {"asia": None}}).regions[0].name == "asia"


def test_windows_line_ends_and_byte_order_mark_are_no_matter(
    load: Load, with_sites: Callable[[str], Raw], tmp_path: Path
) -> None:
    plain = load(with_sites(SITES))
    (tmp_path / "sites.csv").write_bytes(b"\xef\xbb\xbf" + SITES.replace("\n", "\r\n").encode())
    assert load(with_sites("\ufeff" + SITES)) == plain


HEADER = "name,firm,product\n"
REFUSALS = {
    "unknown column": (
        "name,firm,product,capcity\n",
        "sites.csv: unknown column 'capcity'; did you mean 'capacity_per_day'?",
    ),
    "missing columns": (
        "name,stock\nx,1\n",
        "sites.csv: required column 'firm' is missing, required column 'product' is missing",
    ),
    "a column twice": (
        "name,firm,product,stock,stock\n",
        "sites.csv: column 'stock' stands twice: give every column a name of its own",
    ),
    "semicolons": (
        "name;firm;product\n",
        "sites.csv: 'name;firm;product': must be columns that are separated by commas",
    ),
    "empty file": ("", "sites.csv: empty: the first line must name the columns"),
    "no rows": (HEADER, "sites: []: must not be empty"),
    "a cell too many": (HEADER + "a,b,c,d\n", "sites.csv line 2: 4 cells: must be 3, one for each column"),
    "open quotes": (
        HEADER + '"a,b,c\n',
        "sites.csv line 2: unexpected end of data: fix the quotes or shorten the cell",
    ),
    "bad number": (
        "name,firm,product,stock\n\na,seagate,drive,-3\n",
        "sites.csv line 3, stock: '-3': must be at least 0",
    ),
    "NaN": (
        "name,firm,product,stock\na,seagate,drive,nan\n",
        "sites.csv line 2, stock: 'nan': must be a finite number, neither NaN nor infinite",
    ),
    "missing cell": (HEADER + "a,,drive\n", "sites.csv line 2, firm: missing: this key is required"),
    "bad JSON": (
        "name,firm,product,ordering\na,seagate,drive,base-stock\n",
        "sites.csv line 2, ordering: 'base-stock': must be JSON, such as [1, 2] or {\"key\": 1}",
    ),
    "bad nested number": (
        'name,firm,product,ordering\na,seagate,drive,"{""review_days"": -1}"\n',
        "sites.csv line 2, ordering.review_days: -1: must be at least 0",
    ),
    "bad law": (
        "name,firm,product,processing\na,seagate,drive,gama(mean=1)\n",
        "sites.csv line 2, processing: unknown law 'gama'; did you mean 'gamma'?",
    ),
    "unknown firm": (
        HEADER + "teparuk,seagate,drive\n\nrangsit,nidek,motor\n",
        "sites.csv line 4, firm: 'nidek': no such firm; did you mean 'nidec'?",
    ),
}


@pytest.mark.parametrize(("text", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_bad_csv_file_is_refused_in_one_line(
    with_sites: Callable[[str], Raw], complaint: Complaint, text: str, line: str
) -> None:
    assert complaint(with_sites(text)) == line


def test_a_missing_csv_file_is_refused_with_the_nearest(
    raw: Raw, complaint: Complaint, with_sites: Callable[[str], Raw], tmp_path: Path
) -> None:
    with_sites(SITES)
    line = f"sites: 'site.csv': no such file in {tmp_path}; did you mean 'sites.csv'?"
    assert complaint({**raw, "sites": "site.csv"}) == line


@pytest.mark.parametrize(
    ("table", "given", "line"),
    [
        ("sites", "sites.txt", "sites: 'sites.txt': must be a list, a mapping or the name of a CSV file"),
        ("sites", {"teparuk": 3}, "sites.teparuk: 3: must be a mapping of keys to values"),
        ("firms", {"seagate": {"name": "x"}}, "firms.seagate.name: 'x': leave it out, the key is the name"),
        ("links", {"x": {}}, "links: a mapping: links have no names; give a list or the name of a CSV file"),
    ],
)
def test_what_is_no_table_is_refused(raw: Raw, complaint: Complaint, table: str, given: object, line: str) -> None:
    assert complaint({**raw, table: given}) == line


@pytest.mark.parametrize("name", ["", " ", " a ", '"', '"a"', "a\r\nb", "\0", "007", "{", "a,b", "\u2028"])
def test_any_text_survives_a_cell(tmp_path: Path, name: str) -> None:
    row = {"name": name, "firm": "f", "product": "p", "provenance": name}
    (tmp_path / "sites.csv").write_text(write_table([row], Site), encoding="utf-8", newline="")
    assert read_table("sites", "sites.csv", tmp_path)[0] == [row]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)"])
def test_name_that_a_spreadsheet_takes_for_a_formula_stands_in_quotes_and_comes_back(tmp_path: Path, name: str) -> None:
    row = {"name": name, "firm": "f", "product": "p"}
    text = write_table([row], Site)
    assert text == f'name,firm,product\n"""{name}""",f,p\n'
    (tmp_path / "sites.csv").write_text(text, encoding="utf-8", newline="")
    assert read_table("sites", "sites.csv", tmp_path)[0] == [row]


def test_nested_values_stand_as_json_in_their_cells() -> None:
    rows = [{"buyer": "a", "supplier": "b", "in_transit": [4, 4]}]
    assert write_table(rows, Link) == 'buyer,supplier,in_transit\na,b,"[4, 4]"\n'


def test_every_table_is_a_part_of_the_scenario() -> None:
    assert set(TABLES) <= set(Scenario.model_fields)
