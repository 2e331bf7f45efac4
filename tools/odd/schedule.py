"""The register of what happens when: phases of an instant, steps of the flow, steps of learning."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gpnde.engine.clock import Phase
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.scenario import rules
from tools.odd.markdown import code, table
from tools.odd.sources import attribute_docs, first_line


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
    """Return the steps of learning in the order in which `KnowledgeModel` takes them.

    >>> [step.method for step in learning_steps()][:3]
    ['steps.begin', 'effort.choose', 'learning.prepare']
    """
    return [step for part, method in _calls_of_parts(KnowledgeModel, "step") for step in _unfolded(part, method)]


def _calls_of_parts(owner: type, method: str) -> Iterator[tuple[type, str]]:
    """Yield the methods of its parts that a method calls, by itself or through further ones of its own."""
    parts = _parts(owner)
    for part, called in _calls(_body(owner, method)):
        if part:
            yield parts[part], called
        else:
            yield from _calls_of_parts(owner, called)


def _unfolded(owner: type, method: str) -> list[Step]:
    """Return the methods that a method merely calls one after another, or itself where it does anything else."""
    body = _body(owner, method)[1:]
    own = [called for part, called in _calls(body) if not part]
    return [_step(owner, called) for called in own] if len(own) == len(body) else [_step(owner, method)]


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
    """Return the classes of the attributes that a class makes of those of its module, or is given with a type."""
    module = importlib.import_module(owner.__module__)
    known = {name: kind for name, kind in vars(module).items() if isinstance(kind, type)}
    made: dict[str, type] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            called = (call.func for call in ast.walk(node.value) if isinstance(call, ast.Call))
            names = [function.id for function in called if isinstance(function, ast.Name) and function.id in known]
            made.update((node.targets[0].attr, known[name]) for name in names[:1])
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute):
            made.update((node.target.attr, known[name]) for name in [ast.unparse(node.annotation)] if name in known)
        elif isinstance(node, ast.FunctionDef) and node.returns is not None and node.decorator_list:
            made.update((node.name, known[name]) for name in [ast.unparse(node.returns)] if name in known)
    return made


def learning_steps_in_markdown() -> str:
    """Return the steps of learning as a numbered table."""
    rows = [(str(number), code(step.method), step.meaning) for number, step in enumerate(learning_steps(), start=1)]
    return table(("Order", "Step", "What it does"), rows)
