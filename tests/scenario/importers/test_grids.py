"""Tables are read with any separator, encoding and way to write numbers; what could be two numbers is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.grids import read_grid
from gpnde.scenario.importers.tables import import_tables


def cells(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[list[str]]:
    path = tmp_path / "grid.csv"
    path.write_bytes(text.encode(encoding))
    return [line.cells for line in read_grid(path)]


@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found(tmp_path: Path, separator: str, encoding: str) -> None:
    text = "name;size\nMünchen;1.5\n".replace(";", separator)
    assert cells(tmp_path, text, encoding) == [["name", "size"], ["München", "1.5"]]


NUMBERS = {
    "a;b\nx;1,5\ny;1.234,5\nz;1.234": ["1.5", "1234.5", "1234"],
    'a,b\nx,"1,200"\ny,1.5\nz,"1,234,567.25"': ["1200", "1.5", "1234567.25"],
    "a\tb\nx\t1 234,5\ny\t12\nz\t-0,5": ["1234.5", "12", "-0.5"],
    "a|b\nx|1'234.5\ny|1e-5\nz|.5": ["1234.5", "1e-5", ".5"],
    "a;b\nx;1,2e3\ny;3\nz;4,0": ["1.2e3", "3", "4.0"],
    'a,b\nx,"1,234,567"\ny,3\nz,"[1, 2]"': ["1234567", "3", "[1, 2]"],
    "a;b\nx;1.234\ny;007\nz;gamma(mean=10, cv=0.3)": ["1.234", "007", "gamma(mean=10, cv=0.3)"],
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_come_plain(tmp_path: Path, text: str) -> None:
    assert [line[1] for line in cells(tmp_path, text)[1:]] == NUMBERS[text]


@given(st.lists(st.floats(-1e9, 1e9).map(lambda value: round(value, 2)), min_size=1, max_size=5))
def test_both_ways_to_write_numbers_mean_the_same(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    folder = tmp_path_factory.mktemp("grids")
    english = [f"{value:,.2f}" for value in values]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    for texts in (english, german):
        found = cells(folder, "name;size\n" + "".join(f"x;{text}\n" for text in texts))
        assert [float(line[1]) for line in found[1:]] == values


def test_a_comma_that_could_be_both_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="line 3: '1,200': the comma can be of thousands or decimal: write all num"):
        cells(tmp_path, "a;b\nx;7\ny;1,200\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty: the first line must name the columns"),
        (b"a,b\n1\n", "grid.csv line 2: 1 cells: must be 2, one for each column"),
        (b'a,b\n"1,2\n', "fix the quotes"),
        (b"PK\x03\x04\x00\x00", "give a table as text, such as CSV"),
        (b"a,b\n\x81\x8d,2\n", "neither UTF-8 nor Windows text: save the file as UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "grid.csv").write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read_grid(tmp_path / "grid.csv")
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "grid.csv")
    with pytest.raises(ScenarioError, match="is a named pipe"):
        read_grid(tmp_path / "grid.csv")


def test_tables_of_a_spreadsheet_give_the_same_network(tmp_path: Path) -> None:
    plain = {
        "firms": "name,tier\nmüller,0\n",
        "sites": "name,firm,product,capacity_per_day\nwerk,müller,bolt,1234.5\n",
        "links": "buyer,supplier,product,lead_time\nwerk,outside,steel,2.5\n",
    }
    for folder, encoding in (("plain", "utf-8"), ("excel", "cp1252")):
        (tmp_path / folder / "net").mkdir(parents=True)
        for name, text in plain.items():
            if folder == "excel":
                text = text.replace(",", ";").replace("1234.5", "1.234,5").replace("2.5", "2,5").upper()
                text = text.replace("MÜLLER", "müller").replace("BOLT", "bolt").replace("STEEL", "steel")
                text = text.replace("WERK", "werk").replace("OUTSIDE", "outside")
            (tmp_path / folder / "net" / f"{name}.csv").write_text(text, encoding=encoding)
    assert import_tables([tmp_path / "plain" / "net"]) == import_tables([tmp_path / "excel" / "net"])
