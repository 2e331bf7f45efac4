"""Examples of docstrings as blocks of code: without a heading of their own, they would be read as quotations."""

from __future__ import annotations

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"(?:^>>> .*\n?(?:^(?!>>> )\S.*\n?|^    .*\n?)*)+", re.MULTILINE)


def fenced(text: str) -> str:
    """Return the text of a docstring with each run of examples in a fence.

    >>> fenced("Add.")
    'Add.'
    """
    return _EXAMPLE.sub(lambda match: f"```pycon\n{match[0].rstrip()}\n```\n", text)


class FencedExamples(griffe.Extension):
    """What mkdocstrings asks as it reads the code."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Fence the examples of one object."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
