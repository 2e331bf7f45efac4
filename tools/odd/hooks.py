"""The reference of hooks: a page that is written from their declarations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from gpnde.plugin.hooks import HostHooks
from gpnde.plugin.spec import HOOK_KINDS
from tools.odd.contract import contract_in_markdown
from tools.odd.door import door_in_markdown
from tools.odd.markdown import section
from tools.odd.sources import first_line

_INTRODUCTION = """\
# Hooks

What plugins may fill, written from the declarations in `gpnde/plugin/hooks.py` and `gpnde/plugin/spec`. A component
takes part by methods with these names, marked with `gpnde.hookimpl`. A method may leave out arguments that it does not
use, and must not rename them. What the arguments hold, and what the records that are returned hold, stands below, field
by field, and at the end what else plugins may import. How to begin: [plugins.md](plugins.md).
"""


def hooks_page() -> str:
    """Return the reference: each hook with its example, the fields of all records, and what else there is."""
    parts = [section(2, _title(kind), _about(kind), *map(_hook, declared(kind))) for kind in (*HOOK_KINDS, HostHooks)]
    return "\n\n".join([_INTRODUCTION.rstrip(), *parts, contract_in_markdown(), door_in_markdown()]) + "\n"


def declared(kind: type) -> Iterator[Any]:
    """Yield the declarations of a kind of hooks, in their order."""
    return (value for value in vars(kind).values() if inspect.isfunction(value))


def _title(kind: type) -> str:
    """Return the name of a kind in words.

    >>> _title(HostHooks)
    'Host hooks'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()


def _about(kind: type) -> str:
    """Return what is said of a kind; that of the hooks of a run stands in their modules."""
    of_module = "" if kind is HostHooks else inspect.getdoc(inspect.getmodule(kind)) or ""
    return re.sub(r"``", "`", of_module or inspect.getdoc(kind) or "")


def _hook(hook: Any) -> str:
    said, _, example = (inspect.getdoc(hook) or "").partition("\nExamples\n--------\n")
    points = re.split(r"^(?=(?:When|Arguments|Returns): )", said.partition("\n")[2].strip(), flags=re.MULTILINE)
    listed = "\n".join(f"- {' '.join(point.split())}" for point in points if point.strip())
    return section(
        3,
        f"`{hook.__name__}`",
        first_line(hook),
        _fenced("text", _signature(hook)),
        listed,
        _fenced("python", _plain(example)),
    )


def _signature(hook: Any) -> str:
    signature = inspect.signature(hook)
    asked = [f"{value.name}: {value.annotation}" for value in signature.parameters.values() if value.name != "self"]
    return f"{hook.__name__}({', '.join(asked)}) -> {signature.return_annotation}"


def _plain(example: str) -> str:
    r"""Return an example of a docstring without its prompts, and with two blank lines before what stands at the top.

    >>> print(_plain(">>> class A:\n...     pass"))
    class A:
        pass
    """
    text = "\n".join(re.sub(r"^(>>>|\.\.\.) ?", "", line) for line in example.strip().splitlines())
    text = re.sub(r"(?m)^( +import .*\n)(?! +import )", r"\1\n", text)
    text = re.sub(r"(?<=\n)(class |def |@)(?!@)", r"\n\n\1", text).replace("'''", '"""')
    return re.sub(r"(?m)^(@.*|\))\n\n\n(?=def )", r"\1\n", text)


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"
