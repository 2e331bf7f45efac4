"""Where sites stand, for policies that end at a border."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.plugin import View
from gpnde.world.layout import Flags


def sites_within(view: View, countries: Sequence[str]) -> Flags:
    """Return which sites stand in one of *countries*, or in any known one where none is given; shape (sites,)."""
    if not countries:
        return np.asarray(view.site_country >= 0)
    return np.asarray(np.isin(view.site_country, [view.country_names.index(name) for name in countries]))


def firms_within(view: View, countries: Sequence[str]) -> Flags:
    """Return which firms have a site in one of *countries*; shape (firms,)."""
    sites = sites_within(view, countries)
    return np.asarray(np.bincount(view.sites["firm"], sites, len(view.firms)) > 0)
