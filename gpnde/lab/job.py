"""A job of live runs: its scenarios, its results so far, and its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gpnde.errors import one_line, short
from gpnde.plugin.host import Host
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario


class Ended(Exception):
    """A job is to end before its runs are done."""


@dataclass
class Job:
    """Scenarios to be run one after the other; two jobs are equal if they ask for the same runs."""

    scenarios: dict[str, Scenario]
    seed: int
    replication: int
    host: Host
    """The plugin host of the job; another one after plugins were added or changed."""
    runs: dict[str, Run] = field(default_factory=dict, compare=False)
    """What is known of each run so far."""
    ending: Literal["", "stopped", "replaced"] = field(default="", compare=False)
    """Why the job is to end; empty while it may go on."""
    fault: str = field(default="", compare=False)
    """What made a run fail, in one line."""
    frame_fault: str = field(default="", compare=False)
    """What went wrong in showing a frame, in one line."""
    hanging: str = field(default="", compare=False)
    """Which plugin does not return, so that the worker was left behind."""

    @property
    def outcome(self) -> Literal["done", "stopped", "failed"]:
        """How the job has ended."""
        if self.fault:
            return "failed"
        return "stopped" if self.ending else "done"

    def identity(self, name: str) -> tuple[object, ...]:
        """Return what decides the results of a run, code of components included.

        Raises
        ------
        GpndeError
            The scenario names a component that there is not, or gives it what it cannot take.
        """
        scenario = self.scenarios[name]
        built = self.host.build(scenario.components, scenario.requires)
        return scenario, self.seed, self.replication, tuple(type(component) for component in built)


def told(error: BaseException) -> str:
    """Return in one line what went wrong.

    >>> told(KeyError("cash"))
    "KeyError: 'cash'"
    """
    return short(one_line(error), 600)
