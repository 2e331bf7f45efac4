"""What is asked of a resilience report: which things are taken out, for how long, and how a loss is measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, field_validator, model_validator

from gpnde.errors import ScenarioError, StudyError
from gpnde.numerics.seeds import LARGEST_SEED
from gpnde.scenario.model import Block
from gpnde.scenario.schema import ComponentUse
from gpnde.study.resilience.things import KINDS, Outage

if TYPE_CHECKING:
    from gpnde.scenario.schema import Scenario

RankBy = Literal["revenue", "units", "time-to-recover", "time-to-survive"]
"""What things can be ranked by: revenue or units lost or late, most first; slowest to recover; first to be short."""

_DEFAULT_DAY = 91.0
"""Day of the outage where the scenario has no warm-up (days); a quarter of the horizon where that is shorter."""


class Options(Block):
    """What is asked.

    >>> Options(outage_days=14).kinds
    ('site', 'link', 'hub', 'cluster', 'country')
    """

    kinds: tuple[str, ...] = Field(("site", "link", "hub", "cluster", "country"), min_length=1)
    outage_days: float = Field(28, ge=0, description="Length of each outage (days).")
    from_day: float | None = Field(None, ge=0, description="Day of the outages; left out: after warm-up (days).")
    watch_days: float = Field(182, gt=0, description="Time after the end of an outage that is watched (days).")
    seeds: int = Field(5, ge=1, le=100_000, description="Pairs of runs of each outage.")
    seed: int = Field(1, ge=0, le=LARGEST_SEED)
    tolerance: float = Field(0.01, ge=0, lt=1, description="Share of demand by which service may differ (1).")
    hold_days: float = Field(14, gt=0, description="Time for which service must be back to count as recovered (days).")
    in_transit: Literal["none", "delay", "lose"] = "none"
    metric: RankBy = "revenue"
    risk_runs: int | None = Field(
        None, ge=0, le=1_000_000, description="Pairs of runs with sampled disruptions; left out: 100, or 0 without any."
    )
    hazards: tuple[ComponentUse, ...] = Field((), description="Disruptions that are sampled; left out: the scenario's.")

    @field_validator("kinds")
    @classmethod
    def _kinds_are_known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for kind in given:
            try:
                KINDS.get(kind)
            except ScenarioError as error:
                raise ValueError(f"{error}; there are {', '.join(KINDS.names())}") from None
        return given

    @model_validator(mode="after")
    def _recovery_can_be_seen(self) -> Self:
        if self.hold_days > self.watch_days:
            raise ValueError(f"hold_days {self.hold_days:g} is above watch_days {self.watch_days:g}: watch for longer")
        return self

    @model_validator(mode="after")
    def _something_is_sampled(self) -> Self:
        if self.hazards and self.risk_runs == 0:
            raise ValueError("hazards were given, but risk_runs 0 samples none: give more risk_runs, or no hazards")
        return self


class Window(Block):
    """When the outages are, and until when they are watched (days)."""

    day: float
    end: float
    every: float
    """Length of a record."""

    def outage(self, options: Options) -> Outage:
        """Return the outage of each thing."""
        return Outage(self.day, options.outage_days, options.in_transit)


def window_of(scenario: Scenario, options: Options) -> Window:
    """Return when outages are: on a whole record after the warm-up, and watched up to the horizon at most.

    >>> from gpnde.scenario import load_scenario
    >>> window_of(load_scenario("single-site"), Options(outage_days=7, watch_days=21))
    Window(day=91.0, end=119.0, every=1.0)

    Raises
    ------
    StudyError
        The run ends before service could be seen to recover.
    """
    clock = scenario.clock
    every = max(clock.tick_days, 1.0)
    wanted = options.from_day
    if wanted is None:
        wanted = clock.warm_up_days or min(_DEFAULT_DAY, clock.days / 4)
    day = math.ceil(wanted / every - 1e-9) * every
    seen = day + options.outage_days + options.hold_days
    if seen > clock.days:
        raise StudyError(
            where="outage_days",
            given=f"{options.outage_days:g} from day {day:g}, and hold_days {options.hold_days:g} after it",
            expected=f"must end by day {clock.days:g}, the end of the run: give fewer, or more clock.days",
        )
    return Window(day=day, end=min(clock.days, day + options.outage_days + options.watch_days), every=every)
