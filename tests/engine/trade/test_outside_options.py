"""Outside options: each buyer looks at rivals by itself, however many links are looked at together."""

from __future__ import annotations

import numpy as np

from gpnde.engine.trade.offers import Offers
from gpnde.engine.trade.outside_options import OutsideOptions
from gpnde.scenario.economy import Pricing
from gpnde.scenario.generate import generate
from gpnde.world.expectations import line_flows

from ..conftest import Start


def test_options_of_many_links_are_those_of_each_alone(start: Start) -> None:
    rules = Pricing(rule="bargaining")
    simulation = start(generate("many", firms=800).model_copy(update={"pricing": rules}))
    context, world = simulation.context, simulation.world
    options = OutsideOptions(context, rules, Offers(context, rules))
    volume = line_flows(world.state, world.plants["mean_demand"])
    numbers = np.arange(len(world.scenario.links))
    together = options.of(numbers, volume)
    assert len(np.unique(together)) > 100
    some = numbers[::50]
    alone = [float(options.of(np.array([number]), volume)[0]) for number in some]
    assert together[some].tolist() == alone
