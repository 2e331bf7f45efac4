from __future__ import annotations

from gpnde.engine.clock import Phase
from gpnde.scenario.rules import Clock
from tools.odd.schedule import flow_steps_in_markdown, learning_steps, phases_in_markdown


def test_steps_of_learning_come_in_the_order_of_the_engine() -> None:
    parts = list(dict.fromkeys(step.method.partition(".")[0] for step in learning_steps()))
    assert parts == ["steps", "effort", "learning", "upgrading", "specialisation", "entry", "coupling"]
    learning = [step.method for step in learning_steps() if step.method.startswith("learning.")]
    half = ["learning.forget", "learning.transfer", "learning.internalise"]
    assert learning == ["learning.prepare", *half, "learning.create", *reversed(half)]


def test_every_step_says_what_it_does() -> None:
    assert [step.method for step in learning_steps() if not step.meaning.endswith(".")] == []


def test_phases_come_in_the_order_of_an_instant() -> None:
    rows = phases_in_markdown().splitlines()[2:]
    assert [row.split(" | ")[1] for row in rows] == [phase.name.lower() for phase in sorted(Phase)]
    assert all(row.endswith(". |") for row in rows)


def test_steps_of_the_flow_come_in_their_usual_order() -> None:
    rows = flow_steps_in_markdown().splitlines()[2:]
    assert tuple(row.split("`")[1] for row in rows) == Clock().steps
