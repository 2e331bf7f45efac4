"""Lists of dated events are read with every mistake named."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from gpnde_disruptions.dated_list import Event, read_events

from gpnde.errors import GpndeError

Read = Callable[[str], list[Event]]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads a list from its text, out of the working directory."""
    monkeypatch.chdir(tmp_path)

    def from_text(text: str, file: str = "floods.csv", needed: tuple[str, ...] = ()) -> list[Event]:
        Path("floods.csv").write_text(text, encoding="utf-8")
        return read_events("disruption.dated-outages.file", file, "magnitude", "damage_class", needed)

    return from_text


def test_date_may_be_one_column_or_three(read: Read) -> None:
    (one,) = read("date,cluster\n2011-10-08,bangkok\n")
    (three,) = read("year,month,day,cluster\n2011,10.0,8,bangkok\n")
    assert one == three
    assert (one.date, one.kind, one.place) == (datetime.date(2011, 10, 8), "cluster", "bangkok")


def test_date_without_month_or_day_is_unknown(read: Read) -> None:
    assert read("year,month,day,country\n2011,,,THAILAND\n")[0].date is None
    assert read("date,country\n,THAILAND\n")[0].date is None


def test_narrowest_place_counts(read: Read) -> None:
    events = read("date,country,cluster,site\n2011-10-08,THAILAND,bangkok,teparuk\n2011-10-09,THAILAND,,\n")
    assert [(event.kind, event.place) for event in events] == [("site", "teparuk"), ("country", "THAILAND")]


def test_numbers_may_be_absent(read: Read) -> None:
    event, other = read("date,country,duration_days,magnitude\n2011-10-08,THAILAND,5,6.1\n2011-10-08,JAPAN,,\n")
    assert (event.days, event.magnitude, event.damage) == (5.0, 6.1, None)
    assert (other.days, other.magnitude, other.damage) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("date,cluster\n2011-13-08,bangkok\n", "floods.csv line 2: '2011-13-08': must be a date such as 1997-03-31"),
        ("year,month,day,site\n2011,2,30,x\n", "floods.csv line 2: '2011 2 30': must be a date such as 1997-03-31"),
        ("date,site,duration_days\n2011-01-01,x,long\n", "floods.csv line 2, duration_days: 'long': must be a number"),
        ("date,site,duration_days\n2011-01-01,x,-1\n", "floods.csv line 2, duration_days: -1: must be above 0"),
        ("date,site,magnitude\n2011-01-01,x,nan\n", "floods.csv line 2, magnitude: 'nan': must be a number"),
        ("dat,site\n2011-01-01,x\n", "floods.csv: no column 'date'; did you mean 'dat'?"),
        ("year,month,site\n2011,1,x\n", "floods.csv: no column 'day'; there are year, month, site"),
        (
            "date,site,date\n2011-01-01,x,y\n",
            "floods.csv: column 'date' stands twice: give every column a name of its own",
        ),
        ("date,place\n2011-01-01,x\n", "floods.csv: no column site, cluster or country: one of them must say where"),
    ],
)
def test_mistake_is_one_line_with_file_and_line(read: Read, text: str, complaint: str) -> None:
    with pytest.raises(GpndeError) as caught:
        read(text)
    assert str(caught.value) == complaint


def test_missing_file_names_the_working_directory(read: Callable[..., list[Event]], tmp_path: Path) -> None:
    with pytest.raises(GpndeError) as caught:
        read("date,site\n", file="flood.csv")
    where = f"no such file from the working directory {tmp_path}"
    assert str(caught.value) == f"disruption.dated-outages.file = 'flood.csv': {where}; did you mean 'floods.csv'?"


def test_needed_column_is_asked_for(read: Callable[..., list[Event]]) -> None:
    with pytest.raises(GpndeError, match="no column 'magnitude'; did you mean 'magnitud'?"):
        read("date,site,magnitud\n", needed=("magnitude",))
