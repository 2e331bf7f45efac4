"""The chart of the network says in words what it draws."""

from __future__ import annotations

from gpnde.charts.network import network_by_tier
from gpnde.results.run import Run


def test_the_description_counts_sites_tiers_and_links(run: Run) -> None:
    inside = run.links.filter(run.links["supplier"] != "outside")
    ended = (inside["status"] == "ended").sum()
    description = network_by_tier(run).to_dict()["description"]
    assert description == f"Network of 40 sites in 4 tiers with {inside.height} links, of which {ended} ended."


def test_a_group_is_called_a_group(run: Run, big_run: Run) -> None:
    assert network_by_tier(run).to_dict()["title"]["subtitle"].startswith("Each point is a site,")
    assert network_by_tier(big_run).to_dict()["title"]["subtitle"].startswith("Each point is all sites of a tier in a")
