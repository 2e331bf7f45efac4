"""What changes about countries in a run: one record each, from what the scenario states for day 0."""

from __future__ import annotations

import numpy as np

from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Records

COUNTRY = np.dtype(
    [
        ("institutions", "f8"),  # help of the innovation system with learning, 0 to 1
        ("frontier", "f8"),  # highest knowledge that own research reaches, 0 to 1
        ("public_expertise", "f8"),  # expertise of the public sector, 0 to 1
        ("spent", "f8"),  # public budgets since day 0 (money)
    ]
)
"""A country."""


def country_records(scenario: Scenario) -> Records:
    """Return the countries that *scenario* lists as they are on day 0; shape (countries,).

    >>> from gpnde.scenario import load_scenario
    >>> country_records(load_scenario("single-site")).shape
    (0,)
    """
    rows = [(each.institutions, each.frontier, each.public_expertise, 0.0) for each in scenario.countries]
    return np.array(rows, dtype=COUNTRY)
