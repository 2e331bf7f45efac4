"""The context that every subsystem of a run receives, and the protocol that it obeys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from gpnde.engine.clock import Call, Phase, Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.recording.journal import Journal
from gpnde.numerics.draws import stream_key
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Integers
from gpnde.world.world import World

Part = TypeVar("Part", bound="Subsystem")

Columns = Mapping[str, Any]
"""The columns of a result table by name."""


@dataclass
class RunContext:
    """The world and the time of one run, its events and its components, and the other subsystems."""

    world: World
    timeline: Timeline
    journal: Journal
    hooks: HookCaller
    seed: int
    replication: int
    _parts: dict[type[Subsystem], Subsystem] = field(default_factory=dict)
    _by_name: dict[str, Subsystem] = field(default_factory=dict)

    def stream(self, owner: str, purpose: str) -> tuple[int, int]:
        """Return the key of the random stream for a purpose of a part of the engine."""
        return stream_key(self.seed, self.replication, owner, purpose)

    def add(self, part: Subsystem) -> None:
        """Add a subsystem."""
        self._parts[type(part)] = part
        self._by_name[part.name] = part

    def part(self, kind: type[Part]) -> Part:
        """Return the subsystem of a kind, which every run has or the scenario has rules for."""
        found = self.find(kind)
        if found is None:
            raise LookupError(f"subsystem {kind.name}: not in this run")
        return found

    def find(self, kind: type[Part]) -> Part | None:
        """Return the subsystem of a kind, or None where the scenario has no rules for it."""
        found = self._parts.get(kind)
        return found if isinstance(found, kind) else None

    @property
    def parts(self) -> Iterator[Subsystem]:
        """The subsystems of this run in their order."""
        return iter(self._parts.values())

    def carry_out(self, call: Call) -> None:
        """Do what was planned."""
        getattr(self._by_name[call.subsystem], call.method)(*call.arguments)

    def extend(self, rows: Integers) -> None:
        """Notify all subsystems of new lines."""
        for part in self.parts:
            part.extend(rows)

    def extend_sites(self, numbers: Integers) -> None:
        """Notify all subsystems of new sites."""
        for part in self.parts:
            part.extend_sites(numbers)


class Subsystem:
    """One part of a run.

    It receives the context and nothing else, keeps its state in the records of the world as far as it is one number per
    firm, site or line, and plans its work as calls of its own methods. `gpnde.engine.subsystems` lists all of them.
    """

    name: ClassVar[str]
    """What calls in the agenda name it by."""

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether a scenario has rules for this subsystem."""
        return True

    def __init__(self, context: RunContext) -> None:
        """Look up what the scenario says; nothing is planned yet, and later subsystems are not there."""
        self.context = context

    @property
    def world(self) -> World:
        """The world of the run."""
        return self.context.world

    @property
    def timeline(self) -> Timeline:
        """The clock of the run."""
        return self.context.timeline

    def start(self) -> None:
        """Begin on day 0: plan the first calls."""

    def step(self) -> None:
        """Do the regular work, for the period that ends now."""

    def finish(self) -> None:
        """Close the books at the horizon."""

    def extend(self, rows: Integers) -> None:
        """Take in new lines, whose records the world has already; *rows* are their numbers."""

    def extend_sites(self, numbers: Integers) -> None:
        """Take in new sites, whose records the world has already, without changing anything for the others."""

    def tables(self) -> Mapping[str, Columns]:
        """Return the columns of the result tables that this subsystem keeps, by the name of the table."""
        return {}

    def metrics(self) -> Mapping[str, float]:
        """Return the metrics that no table tells, by name."""
        return {}

    def balance(self) -> Mapping[str, float]:
        """Return the relative error of each balance that this subsystem keeps (0 for an exact one)."""
        return {}

    def plan(self, tick: int, phase: Phase, method: str, *arguments: Any) -> None:
        """Plan a call of a *method* of this subsystem at *tick*, in *phase* of that instant."""
        self.timeline.plan(Call(tick, phase, self.name, method, arguments))

    def plan_steps(self, days: float, phase: Phase, *, from_start: bool = False) -> None:
        """Plan a call of `step` every so many *days*, first one period from the start or at the start."""
        self.plan_every(self.timeline.period(days), phase, "step", from_start=from_start)

    def plan_every(self, period: int, phase: Phase, method: str, *arguments: Any, from_start: bool = False) -> None:
        """Plan a call of a *method* every *period* ticks."""
        self.timeline.plan(Call(0 if from_start else period, phase, self.name, method, arguments, period))
