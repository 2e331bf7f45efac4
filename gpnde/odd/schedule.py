"""The register of what happens when: phases of an instant, steps of the flow, steps of learning."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gpnde.engine.knowledge.side import KnowledgeSide
from gpnde.engine.timeline import Phase
from gpnde.odd.markdown import code, table
from gpnde.odd.sources import attribute_docs, first_line
from gpnde.scenario import rules


class Step(NamedTuple):
    """A step of learning: the method that takes it, and what it does."""

    method: str
    meaning: str


def phases_in_markdown() -> str:
    """Return the table of phases in the order of an instant."""
    docs = attribute_docs(Phase)
    rows = [(str(phase.value), phase.name.lower(), docs[phase.name]) for phase in sorted(Phase)]
    return table(("Number", "Phase", "What happens"), rows)


def flow_steps_in_markdown() -> str:
    """Return the table of the steps of the flow, in their usual order."""
    said = dict(pair.split(": ") for pair in attribute_docs(rules)["Step"].rstrip(".").split("; "))
    usual = rules.Clock().steps
    return table(("Step", "What happens"), [(code(step), f"{said[step].capitalize()}.") for step in usual])


def learning_steps() -> list[Step]:
    """Return the steps of learning in the order in which `KnowledgeSide` takes them.

    A part whose method only calls further ones of its own is unfolded into these.
    """
    return list(_steps(KnowledgeSide, "_step"))


def _steps(owner: type, method: str) -> Iterator[Step]:
    parts = _parts(owner)
    for part, called in _calls(_body(owner, method)):
        kind = parts[part] if part else owner
        unfolds = part == "" or all(not inner for inner, _ in _calls(_body(kind, called)))
        below = list(_steps(kind, called)) if unfolds and _calls(_body(kind, called)) else []
        yield from below or [_step(kind, called)]


def _step(owner: type, method: str) -> Step:
    where = owner.__module__.removeprefix("gpnde.").split(".")[-1]
    return Step(f"{where}.{method.lstrip('_')}", first_line(getattr(owner, method)))


def _body(owner: type, method: str) -> list[ast.stmt]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(owner, method)))).body[0]
    return tree.body if isinstance(tree, ast.FunctionDef) else []


def _calls(body: Iterable[ast.stmt]) -> list[tuple[str, str]]:
    """Return the calls ``self.part.method(…)`` and, without a part, ``self.method(…)`` that are statements."""
    found = []
    for node in body:
        if isinstance(node, ast.If):
            found += _calls(node.body)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            names = ast.unparse(node.value.func).split(".")
            if names[0] == "self" and len(names) < 4:
                found.append((names[1] if len(names) == 3 else "", names[-1]))
    return found


def _parts(owner: type) -> dict[str, type]:
    """Return the classes of the attributes that a class makes from classes of its module."""
    module = importlib.import_module(owner.__module__)
    made: dict[str, type] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            names = [call.func.id for call in ast.walk(node.value) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)]
            classes = [getattr(module, name) for name in names if isinstance(getattr(module, name, None), type)]
            made.update({node.targets[0].attr: kind for kind in classes[:1]})
    return made


def learning_steps_in_markdown() -> str:
    """Return the steps of learning as a numbered table."""
    rows = [(str(number), code(step.method), step.meaning) for number, step in enumerate(learning_steps(), start=1)]
    return table(("Order", "Step", "What it does"), rows)
