"""A good component, and one for each check that breaks this check and no other.

Another process loads this file by itself, so it imports nothing from its neighbours.
"""

from __future__ import annotations

import hashlib
import importlib
import itertools
import os
import random
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.random import default_rng
from pydantic import field_serializer, model_validator

from gpnde.engine.clock import Phase
from gpnde.errors import GpndeError
from gpnde.plugin import (
    Act,
    Clock,
    Component,
    KnowledgeView,
    Policy,
    Process,
    Programme,
    Sharing,
    Streams,
    Transfer,
    View,
    hookimpl,
    param,
)
from gpnde.plugin.policy import Group
from gpnde.results.register import metrics_table
from gpnde.world.layout import Floats

simulate: Any = importlib.import_module("gpnde.engine.simulate")


class Strikes(Component):
    """Every four weeks the workers of a site go on strike, for a few days more or less."""

    name = "disruption.strikes"

    days: float = param(5.0, gt=0, le=60, unit="day", vary=(1, 30), doc="Mean length of a strike.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process:
        """Start a strike at a site now and then."""
        while True:
            yield clock.wait(28)
            site, length = self.strike_draw(streams, clock.now)
            act.disrupt_sites(np.array([site % len(view.sites)]), self.days * self.factor(clock, view) * length)

    def strike_draw(self, streams: Streams, now: float) -> tuple[int, float]:
        """Return who strikes, and how long in mean lengths."""
        rng = streams.generator("strike", f"{now:g}")
        return int(rng.integers(100)), float(rng.exponential())

    def factor(self, clock: Clock, view: View) -> float:
        """Return how much longer strikes are than usual."""
        return 1.0


class Schools(Component):
    """Firms learn from those that they deliver to."""

    name = "diffusion.schools"

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        """Transfer knowledge to firms."""
        ties = knowledge.ties
        rate = 0.002 * ties.trust
        return Transfer(ties.learner, rate, 0.5 * rate, "informal", teacher=ties.teacher)


class Pensions(Policy):
    """Pays all firms a sum at every step, and lets none of a lower tier have it."""

    name = "policy.pensions"

    group: Group = param("all", doc="Target group: local, foreign, flagship or all.")
    sum: float = param(10.0, ge=0, unit="money", vary=(0, 100), doc="What a firm gets.")

    @hookimpl
    def tick(self, programme: Programme) -> None:
        """Pay."""
        programme.grant(programme.reached, self.sum)

    @hookimpl(wrapper=True)
    def targets(self, view: View) -> Generator[None, Floats, Floats]:
        """Leave out lower tiers."""
        targeted = yield
        return targeted * (view.firms["tier"] < 2)


class Levelling(Component):
    """Brings the shares of suppliers nearer to each other than they were decided."""

    name = "disruption.levelling"

    weight: float = param(1.0, ge=0, le=1, doc="Weight of equal shares.")

    @hookimpl(wrapper=True)
    def allocate(self, sharing: Sharing) -> Generator[None, Floats, Floats]:
        """Mix what was decided with equal shares."""
        decided = yield
        return (1.0 - self.weight) * decided + self.weight / len(sharing.lines)


class Unwritable(Strikes):
    """Writes its parameter down in another way than it reads it."""

    @field_serializer("days")
    def _in_words(self, days: float) -> str:
        return f"{days:g} days"


class WithoutUnit(Strikes):
    """Has a parameter that nothing is said about."""

    severity: float = 1.0


class UnknownHook(Strikes):
    """Fills a hook that does not exist."""

    @hookimpl
    def proces(self) -> None:
        """Do nothing."""


class WithoutMark(Strikes):
    """Has a method that is called like a hook, without its mark."""

    def capacity(self) -> float:
        """Halve all capacities, or so it seems."""
        return 0.5


class Hanging(Strikes):
    """Never comes back from a day on."""

    def factor(self, clock: Clock, view: View) -> float:
        """Wait for ever."""
        while clock.now > 50:
            time.sleep(0.01)
        return 1.0


class Exiting(Strikes):
    """Ends the process that it runs in."""

    def factor(self, clock: Clock, view: View) -> float:
        """End it without a word."""
        os._exit(7)


class WithoutHooks(Component):
    """Does nothing at all."""

    name = "disruption.nothing"


class DefaultOutOfBounds(Strikes):
    """Has a default that users may not give."""

    share: float = param(1.5, ge=0, le=1, doc="Share of workers.")


class RangeOutOfBounds(Strikes):
    """Has a range that experiments may not go through."""

    share: float = param(0.5, ge=0, le=1, vary=(0, 2), doc="Share of workers.")


class TwoPartError(GpndeError):
    """An error that pickling cannot put together again."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


class UnpicklableError(Strikes):
    """Raises an error that cannot be sent to another process."""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self:
        """Return the component, unless a parameter is unknown."""
        if parameters.keys() - cls.model_fields.keys():
            raise TwoPartError(cls.name, "unknown parameter")
        return super().of(parameters)


class Failing(Strikes):
    """Fails in the midst of a run."""

    def factor(self, clock: Clock, view: View) -> float:
        """Fail after half a year."""
        return 1.0 if clock.now < 182 else 1 / 0


class SharedLuck(Strikes):
    """Draws from the generator that all of Python shares, which it seeds first."""

    def strike_draw(self, streams: Streams, now: float) -> tuple[int, float]:
        """Return who strikes."""
        random.seed(now)
        return random.randrange(100), 1.0


class SharedNumpyLuck(Strikes):
    """Draws from the generator that all of numpy shares, which it seeds first."""

    def strike_draw(self, streams: Streams, now: float) -> tuple[int, float]:
        """Return who strikes."""
        np.random.seed(int(now))
        return int(np.random.randint(100)), 1.0


class LuckyParameters(Strikes):
    """Rolls dice when it is built, before anybody watches its hooks."""

    @model_validator(mode="after")
    def _roll(self) -> Self:
        random.random()
        return self


class OwnLuck(Strikes):
    """Makes a generator of its own, which no seed of the run reaches."""

    def strike_draw(self, streams: Streams, now: float) -> tuple[int, float]:
        """Return who strikes."""
        return int(default_rng(int(now)).integers(100)), 1.0


class Writing(Strikes):
    """Writes into a view."""

    def factor(self, clock: Clock, view: View) -> float:
        """Empty a store."""
        view.sites["on_hand"][0] = 0
        return 1.0


class WritingBehind(Strikes):
    """Writes into the state of the engine, around the view."""

    def factor(self, clock: Clock, view: View) -> float:
        """Raise the price of the first line."""
        view._world.state.lines["price"][0] *= 1.01  # type: ignore[attr-defined]
        return 1.0


class Unlocking(Strikes):
    """Unlocks an array before it writes into it."""

    def factor(self, clock: Clock, view: View) -> float:
        """Raise the price of the first line."""
        prices = view.lines["price"]
        prices.setflags(write=True)
        prices[0] *= 1.01
        return 1.0


class WritingScenario(Strikes):
    """Writes into the scenario."""

    def factor(self, clock: Clock, view: View) -> float:
        """Take an input out of a product, after it has been looked up."""
        view.scenario.products["set"].made_of["case"] = 1.0 + clock.now
        return 1.0


class Remembering(Strikes):
    """Keeps in its class what happened in a run."""

    seen: ClassVar[list[float]] = []

    def factor(self, clock: Clock, view: View) -> float:
        """Note the day."""
        self.seen.append(clock.now)
        return 1.0


class Conjuring(Strikes):
    """Has goods made from nothing by a call that it slips into the engine's plan."""

    def factor(self, clock: Clock, view: View) -> float:
        """Plan the miracle."""
        timeline = clock._timeline  # type: ignore[attr-defined]
        stock = view._world.state.sites["on_hand"]  # type: ignore[attr-defined]

        def conjure(_event: object) -> None:
            stock[0] += 100

        timeline.at(timeline.tick(clock.now + 1), Phase.SHOCKS).callbacks.append(conjure)
        return 1.0


class Counting(Strikes):
    """Strikes are the longer the more of them there were, in all runs together."""

    count: ClassVar[Iterator[int]] = itertools.count()

    def factor(self, clock: Clock, view: View) -> float:
        """Count on."""
        return 1.0 + next(self.count)


class Urandom(Strikes):
    """Draws from the operating system."""

    def strike_draw(self, streams: Streams, now: float) -> tuple[int, float]:
        """Return who strikes."""
        return os.urandom(1)[0], 1.0 + os.urandom(1)[0]


class Lasting(Strikes):
    """Changes the engine for good when it is used for the first time."""

    def factor(self, clock: Clock, view: View) -> float:
        """Remove a metric from the tables of this and every later run."""
        if simulate.metrics_table is metrics_table:
            simulate.metrics_table = lambda found: metrics_table(found[1:])
        return 1.0


class Second(Strikes):
    """Strikes are longer where another component is named before this one."""

    def factor(self, clock: Clock, view: View) -> float:
        """Look at the order."""
        return 1.0 + [use.use for use in view.scenario.components].index(self.name)


class Crowded(Strikes):
    """Strikes are longer where there are other components."""

    def factor(self, clock: Clock, view: View) -> float:
        """Count components."""
        return float(len(view.scenario.components))


class ByProcess(Strikes):
    """Strikes are as long as the number of the process says, each its own, so that no two processes agree by chance."""

    def factor(self, clock: Clock, view: View) -> float:
        """Look at the number."""
        return 1.0 + hashlib.sha256(f"{os.getpid()} {clock.now:g}".encode()).digest()[0] / 25.0


class ByOption(Strikes):
    """Strikes are longer in processes that were started in a certain way."""

    def factor(self, clock: Clock, view: View) -> float:
        """Look at the module that the process was started with."""
        started_with = getattr(sys.modules["__main__"].__spec__, "name", "")
        return 2.0 if started_with == "gpnde.testing.child" else 1.0


class ByHash(Strikes):
    """Strikes are as long as the hash of a text says."""

    def factor(self, clock: Clock, view: View) -> float:
        """Look at the hash."""
        return 1.0 + hash("strike") % 1000


class EarlyLuck(Schools):
    """Draws at a hook, before its answer, from a generator without a seed."""

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        """Draw how fast firms learn."""
        ties = knowledge.ties
        rate = 0.002 * ties.trust * random.random()
        return Transfer(ties.learner, rate, 0.5 * rate, "informal", teacher=ties.teacher)


class LateLuck(Schools):
    """Draws between its answers."""

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Iterator[Transfer]:  # type: ignore[override]
        """Draw how fast firms learn, a little later."""
        ties = knowledge.ties
        rate = 0.002 * ties.trust
        yield Transfer(ties.learner, rate, 0.5 * rate, "informal", teacher=ties.teacher)
        np.random.normal()


class WrappingLuck(Levelling):
    """Draws where it wraps a decision."""

    @hookimpl(wrapper=True)
    def allocate(self, sharing: Sharing) -> Generator[None, Floats, Floats]:
        """Draw how much is changed."""
        decided = yield
        return (1.0 - 0.1 * random.random()) * decided
