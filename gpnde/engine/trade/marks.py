"""Marks of suppliers (E9): what buyers make of yields, times to answer and prices."""

from __future__ import annotations

import numpy as np

from gpnde.mechanics import scorecard
from gpnde.scenario.rules import Selection
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World


class Marks:
    """Marks suppliers of links between 0 and 1, as they are or as they would be."""

    def __init__(self, world: World, rules: Selection) -> None:
        """Mark by the *rules* of a scenario and the profiles of its firms."""
        self._world, self._rules = world, rules

    def quality(self, sites: Integers, yields: Floats) -> Floats:
        """Return the mark of yields of *sites* on the scales of their products."""
        plants = self._world.plants
        return scorecard.quality_mark(yields, plants["lowest_yield"][sites], plants["highest_yield"][sites])

    def response(self, numbers: Integers, usual_hours: Floats) -> Floats:
        """Return the mark of median times to answer (hours) of the suppliers of links."""
        reference = self._world.governance_of(numbers)["reference_hours"]
        return scorecard.response_mark(usual_hours, reference, self._rules.quotation.response_sigma)

    def price(self, numbers: Integers, landed: Floats) -> Floats:
        """Return the mark of *landed* prices of links, against others for the same input and rivals with room."""
        lines = self._world.state.lines
        lowest = np.full(len(self._world.state.inputs), np.inf)
        np.minimum.at(lowest, lines["input"][numbers], self._world.landed[numbers])
        best = np.minimum(lowest[lines["input"][numbers]], self._world.trade["alternative"][numbers])
        return scorecard.price_mark(landed, best)

    def score(self, numbers: Integers, delivery: Floats, quality: Floats, price: Floats, response: Floats) -> Floats:
        """Return the mean of the four marks of links, weighted as their buyers do."""
        rules = self._world.governance_of(numbers)
        order = [rules[name] for name in ("delivery", "quality", "price", "response")]
        return scorecard.weighted_score(delivery, quality, price, response, order)
