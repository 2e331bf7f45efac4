"""Outages on given dates."""

from __future__ import annotations

import csv
import datetime
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gpnde_disruptions.dated_outages import DatedOutages

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario, load_scenario

Deeds = Callable[..., list[Any]]

START = datetime.date(2000, 1, 1)


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes lines to a CSV file and returns its path."""

    def write(*lines: str) -> str:
        (tmp_path / "list.csv").write_text("\n".join(lines), encoding="utf-8")
        return str(tmp_path / "list.csv")

    return write


def members(network: Scenario, **fields: str) -> list[int]:
    """Return the numbers of the sites whose cluster has that name or country."""
    names = [c.name for c in network.clusters if all(getattr(c, key) == value for key, value in fields.items())]
    return [number for number, site in enumerate(network.sites) if site.cluster in names]


def test_country_cluster_and_site_are_hit_on_their_days(
    deeds: Deeds, network: Scenario, listed: Callable[..., str]
) -> None:
    cluster, site = network.clusters[0], network.sites[5].name
    file = listed(
        "date,country,cluster,site,duration_days",
        f"2000-03-01,,,{site},3",
        f"2000-02-01,,{cluster.name},,",
        f"2000-01-01,{str(cluster.country).upper()},,,40",
    )
    done = deeds(DatedOutages(file=file, duration_days=9, in_transit="delay"))
    assert [(deed.day, deed.values[0]) for deed in done] == [(0, 40), (31, 9), (60, 3)]
    assert done[0].numbers == members(network, country=str(cluster.country))
    assert done[1].numbers == members(network, name=cluster.name)
    assert done[2].numbers == [5]
    assert {deed.in_transit for deed in done} == {"delay"}
    assert done[2].detail == f"{site}, 2000-03-01"


def test_rows_outside_the_run_are_left_out_and_counted(
    deeds: Deeds, network: Scenario, listed: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    last = START + datetime.timedelta(days=3640)
    site = network.sites[0].name
    rows = [f"{date},{site}," for date in ("1999-12-31", last, last + datetime.timedelta(days=1), "")]
    file = listed("date,site,country", *rows, "2001-01-01,,ATLANTIS")
    with caplog.at_level(logging.INFO):
        done = deeds(DatedOutages(file=file))
    assert [deed.day for deed in done] == [3640]
    reasons = "1 after the end, 1 before the start, 1 where there is no site, 1 without a full date"
    assert f"1 outages from {file}; rows left out: {reasons}" in caplog.text


def test_list_that_hits_nothing_is_a_warning(
    deeds: Deeds, listed: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    assert deeds(DatedOutages(file=listed("date,country", "2001-01-01,ATLANTIS"))) == []
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_weak_events_are_left_out_and_strong_ones_last_longer(
    deeds: Deeds, network: Scenario, listed: Callable[..., str]
) -> None:
    site = network.sites[0].name
    rows = [f"2000-01-0{i},{site},{size}" for i, size in ((2, "5.9"), (3, "6"), (4, "7.5"), (5, ""))]
    file = listed("date,site,magnitude", *rows)
    done = deeds(DatedOutages(file=file, minimum_magnitude=6, duration_days=10, days_per_magnitude=8))
    assert [(deed.day, deed.values) for deed in done] == [(2, [10]), (3, [22])]


def test_damage_class_may_have_another_name(deeds: Deeds, network: Scenario, listed: Callable[..., str]) -> None:
    site = network.sites[0].name
    file = listed("date,site,harm", f"2000-01-02,{site},1", f"2000-01-03,{site},3", f"2000-01-04,{site},")
    done = deeds(DatedOutages(file=file, damage_column="harm", minimum_damage_class=2))
    assert [deed.day for deed in done] == [2]


def test_unknown_site_or_cluster_is_refused_with_its_line(
    deeds: Deeds, network: Scenario, listed: Callable[..., str]
) -> None:
    name = network.clusters[0].name
    with pytest.raises(ComponentError) as caught:
        deeds(DatedOutages(file=listed("date,cluster", f"2001-01-01,{name}x")))
    assert f"list.csv line 2, cluster: {name + 'x'!r}: not in the scenario; did you mean {name!r}?" in str(caught.value)


def test_two_events_of_one_day_are_two_outages(deeds: Deeds, network: Scenario, listed: Callable[..., str]) -> None:
    site = network.sites[0].name
    file = listed("date,site,duration_days", f"2000-01-05,{site},3", f"2000-01-05,{site},7")
    assert [(deed.day, deed.values) for deed in deeds(DatedOutages(file=file))] == [(4, [3]), (4, [7])]


def test_catalogue_of_earthquakes_hits_the_countries_of_the_network(deeds: Deeds, shared_data: Path) -> None:
    scenario = load_scenario("hdd-southeast-asia")
    clock = scenario.clock.model_copy(update={"start": datetime.date(1990, 1, 1), "days": 3640.0})
    network = scenario.model_copy(update={"clock": clock})
    path = shared_data / "noaa_earthquakes" / "significant_earthquakes.csv"
    done = deeds(DatedOutages(file=str(path), minimum_magnitude=6.5, minimum_damage_class=3), network)
    settled = {site.cluster for site in network.sites}
    there = {str(cluster.country).upper() for cluster in network.clusters if cluster.name in settled}
    assert len(done) == sum(
        is_strong(row, there) for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    )
    kobe = (datetime.date(1995, 1, 16) - clock.start).days
    assert members(network, country="Japan") in [deed.numbers for deed in done if deed.day == kobe]


def is_strong(row: dict[str, str], countries: set[str]) -> bool:
    """Return whether a row of the catalogue is a strong event of the 3640 days from 1990 in one of the countries."""
    if not (row["month"] and row["day"] and row["country"] in countries):
        return False
    date = datetime.date(*(int(float(row[name])) for name in ("year", "month", "day")))
    is_within = 0 <= (date - datetime.date(1990, 1, 1)).days < 3640
    return is_within and float(row["magnitude"] or 0) >= 6.5 and float(row["damage_class"] or 0) >= 3
