"""Where sites stand, for policies that end at a border."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gpnde.plugin import View
from gpnde.world.layout import Flags


def site_country_names(view: View) -> npt.NDArray[np.str_]:
    """Return the name of the country of each site, empty for none; shape (sites,)."""
    names = np.array([cluster.country or "" for cluster in view.scenario.clusters] + [""])
    return np.asarray(names[view.sites["cluster"]])


def sites_within(view: View, countries: Sequence[str]) -> Flags:
    """Return which sites stand in one of *countries*, or in any known one where none is given; shape (sites,)."""
    names = site_country_names(view)
    return np.asarray(np.isin(names, countries) if countries else names != "")


def firms_within(view: View, countries: Sequence[str]) -> Flags:
    """Return which firms have a site in one of *countries*; shape (firms,)."""
    sites = sites_within(view, countries)
    return np.asarray(np.bincount(view.sites["firm"], sites, len(view.firms)) > 0)
