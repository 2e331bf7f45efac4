"""The detail says what a run knows of what was clicked, and shows its history."""

from __future__ import annotations

import polars as pl
import pytest

import gpnde
from gpnde.lab.detail import Detail, detail
from gpnde.results.run import Run


@pytest.fixture(scope="module")
def run() -> Run:
    return gpnde.simulate(gpnde.load_scenario("small-open-economy", {"clock.days": 182}))


def test_site_is_described_with_those_it_has_links_with(run: Run) -> None:
    buyer, supplier = run.links.filter(pl.col("supplier") != "outside").select("buyer", "supplier").row(0)
    words = detail(run, "baseline", {"site": buyer, "firm": "any"}, None)
    assert f"Site {buyer}, baseline" in words and supplier in words
    assert buyer in detail(run, "baseline", {"site": supplier}, None)


def test_firm_is_described_with_its_sites(run: Run) -> None:
    words = detail(run, "treatment", {"firm": "flagship-1"}, None)
    assert "Firm flagship-1, treatment" in words and "flagship-1-home" in words


def test_sites_of_a_cluster_are_added_up(run: Run) -> None:
    row = {"site": "", "firm": "", "cluster": "capital"}
    words = detail(run, "treatment", row, 91.0)
    sites = run.sites.filter((pl.col("cluster") == "capital") & (pl.col("day") == 91.0))
    assert sites.height > 1
    assert "Cluster capital" in words and f"<th scope='row'>Sites</th><td>{sites.height}</td>" in words
    assert "91 days" in words


def test_history_is_that_of_the_part_alone(run: Run) -> None:
    shown = Detail()
    assert shown.history.layout.display == "none"
    shown.show(run, "treatment", {"firm": "flagship-1"}, None)
    assert shown.history.layout.display is None
    assert "Firm flagship-1: orders" in shown.history.html()
    shown.show(run, "treatment", {"ratio": 1.0}, None)
    assert shown.history.layout.display == "none"
