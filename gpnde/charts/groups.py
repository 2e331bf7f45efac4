"""Groups of sites and firms by which flows are drawn: tiers, countries or clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from gpnde.charts.parts import MOST_TIERS
from gpnde.errors import ResultsError, nearest
from gpnde.results.metric import firms_of
from gpnde.results.metrics.space import countries_of_clusters
from gpnde.vocabulary import Grouping

if TYPE_CHECKING:
    from gpnde.results.run import Run

NOWHERE = "no place"
"""The group of what lies in no cluster, or in one without a country."""


def check_grouping(by: str) -> None:
    """Refuse what nothing can be grouped by.

    Raises
    ------
    ResultsError
        It is not one of `Grouping`.

    >>> check_grouping("tier")
    """
    if by not in get_args(Grouping):
        known = get_args(Grouping)
        raise ResultsError(where=f"by {by!r}", expected=f"unknown{nearest(by, known)}: one of {', '.join(known)}")


def groups_of_sites(run: Run, by: Grouping) -> dict[str, str]:
    """Return the group of each site."""
    firms, places = firms_of(run.network), _places(run, by)
    return {
        site["name"]: tier_name(int(firms[site["firm"]].get("tier", 1)))
        if by == "tier"
        else places.get(site.get("cluster") or "", NOWHERE)
        for site in run.network["sites"]
    }


def groups_of_firms(run: Run, by: Grouping) -> dict[str, str]:
    """Return the group of each firm: where it has a home, that of its home, else that of its first site."""
    firms, groups = firms_of(run.network), groups_of_sites(run, by)
    first: dict[str, str] = {}
    for site in run.network["sites"]:
        first.setdefault(site["firm"], groups[site["name"]])
    return {name: _of_firm(firm, by, first.get(name, NOWHERE), _places(run, by)) for name, firm in firms.items()}


def _of_firm(firm: Mapping[str, Any], by: Grouping, first: str, places: Mapping[str, str]) -> str:
    if by == "tier":
        return tier_name(int(firm.get("tier", 1)))
    return places.get(firm.get("home") or "", first)


def _places(run: Run, by: Grouping) -> dict[str, str]:
    """Return the country or the name of each cluster."""
    countries = countries_of_clusters(run.network)
    return {name: (name if by == "cluster" else country) or NOWHERE for name, country in countries.items()}


def tier_name(tier: int) -> str:
    """Return what a tier is called; from the last one that is told apart on, all are one.

    >>> tier_name(2), tier_name(9)
    ('tier 2', 'tier 7 and up')
    """
    last = MOST_TIERS - 1
    return f"tier {tier}" if tier < last else f"tier {last} and up"


def several(groups: Iterable[str]) -> bool:
    """Return whether there is more than one group, so that flows between them say anything."""
    return len(set(groups)) > 1
