"""Tenders: buyers look for a successor of suppliers whose cost is above what rivals ask."""

from __future__ import annotations

from gpnde.engine.context import RunContext
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.quotations import Quotations
from gpnde.numerics.draws import uniforms
from gpnde.scenario.economy import Pricing
from gpnde.vocabulary import TENDER
from gpnde.world.columns import STAYS
from gpnde.world.layout import Floats, Integers
from gpnde.world.terms import or_else


class Tenders:
    """Holds a tender for some of the links whose supplier cannot make for what the buyer could pay elsewhere."""

    def __init__(self, context: RunContext, rules: Pricing) -> None:
        """Without rules for the selection of suppliers there are no tenders."""
        self._context, self._chance = context, rules.tender_share
        self._key = context.stream("bargaining", "tender")
        self._held = 0

    def hold(self, numbers: Integers, options: Floats) -> None:
        """Request quotations in place of some of the links *numbers*, given the outside *options* of their buyers."""
        self._held += 1
        quotations = self._context.find(Quotations)
        if quotations is None:
            return
        for number in self._put_out(numbers, options).tolist():
            self._context.part(Links).retire(number, TENDER, float(self._context.world.trade["score"][number]))
            quotations.request(number, float(self._context.world.state.lines["share"][number]), number)

    def _put_out(self, numbers: Integers, options: Floats) -> Integers:
        """Return the links that are put out to tender: chosen by chance where others would be cheaper.

        Links that only notice ends are not among them.
        """
        world = self._context.world
        dearer = options < world.plants["variable_cost"][world.state.lines["supplier"][numbers]]
        stays = world.trade["leaves"][numbers] == STAYS
        stays &= world.bonds_of(numbers).notice_days == 0.0
        chance = or_else(world.terms_of(numbers)["tender_share"], self._chance)
        drawn = uniforms(self._key, world.state.line_entity[numbers], self._held) < chance
        chosen: Integers = numbers[dearer & stays & drawn]
        return chosen
