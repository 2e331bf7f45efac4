"""Small studies for tests, and what they leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gpnde.study.schema import Study

TROUBLE = """
import os
import pathlib
import signal
import time


class Trouble(Component):
    name = "metric.trouble"
    how: str = param("nothing", doc="What happens: nothing, fail, kill or wait.")
    share: float = param(1.0, doc="Share of the replications in which it happens.")
    once: str = param("", doc="Path of a mark after which it does not happen again.")

    @hookimpl
    def process(self, clock, streams):
        if streams.generator("luck").random() < self.share and self.is_first():
            if self.how == "fail":
                raise ValueError("there is no luck in this one")
            if self.how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.how == "wait":
                time.sleep(20)
        yield clock.wait(1)

    def is_first(self):
        if self.once:
            try:
                pathlib.Path(self.once).touch(exist_ok=False)
            except FileExistsError:
                return False
        return True


@hookimpl
def gpnde_components():
    return [Trouble]
"""
"""A component that lets runs fail, kills the process that it is in, or makes it wait."""


def small_study(**changes: Any) -> Study:
    """Return a study of runs that take a few milliseconds each."""
    given: dict[str, Any] = {
        "name": "small",
        "scenario": "single-site",
        "seed": 1,
        "replications": 6,
        "settings": {"clock.days": 14},
        "measures": ["flow.fill_rate"],
    }
    return Study.model_validate(given | changes)


def tables_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the tables that a study has left."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}
