"""The register of mechanisms: what the components of first-party plugins do, by which hooks, with which parameters."""

from __future__ import annotations

import inspect
import re
import sys

from gpnde.errors import ComponentError
from gpnde.plugin.component import Component
from gpnde.plugin.description import hooks_filled
from gpnde.plugin.hooks import PROJECT
from gpnde.plugin.host import Plugin, plugin_host
from gpnde.plugin.spec import hook_declared, hook_names
from tools.odd.markdown import code, codes, section, table
from tools.odd.parameters import parameters_in_markdown
from tools.odd.sources import first_line, prose

_WHEN = re.compile(r"^When: (.*?)(?=\n(?:Arguments|Returns): |\n\n|\Z)", re.DOTALL | re.MULTILINE)


def first_party() -> list[Plugin]:
    """Return the plugins that come with gpnde; one that is broken stops the page."""
    found = [plugin for plugin in plugin_host().plugins if plugin.distribution == PROJECT]
    for problem in (problem for plugin in found for problem in plugin.problems):
        raise ComponentError(f"plugin {problem.name!r}: {problem.cause}: fix it before its page is written")
    return found


def hooks_in_markdown() -> str:
    """Return the table of hooks: what each is for, when it is called, and which mechanisms fill it."""
    return table(("Hook", "What it does", "When", "Filled by"), [_hook(name) for name in hook_names()])


def _hook(name: str) -> tuple[str, str, str, str]:
    declared = hook_declared(name)
    when = _WHEN.search(prose(inspect.getdoc(declared) or ""))
    filled = [each for plugin in first_party() for each, kind in plugin.offers.items() if name in hooks_filled(kind)]
    return code(name), first_line(declared), _sentence(when[1] if when else ""), codes(sorted(filled))


def _sentence(text: str) -> str:
    """Return the first sentence of a text as one that stands for itself.

    >>> _sentence("once per run, before day 0. Then it waits.")
    'Once per run, before day 0.'
    """
    said = " ".join(text.split()).partition(". ")[0].rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def mechanisms_in_markdown() -> str:
    """Return a section for each plugin, and in it one for each of its components."""
    return "\n\n".join(_plugin(plugin) for plugin in first_party())


def _plugin(plugin: Plugin) -> str:
    parts = [_component(plugin.offers[name]) for name in sorted(plugin.offers)]
    return section(4, f"Plugin {code(plugin.name)}", first_line(sys.modules[plugin.module]), *parts)


def _component(component: type[Component]) -> str:
    needs = f"Needs {codes(component.requires)}." if component.requires else ""
    filled = f"Hooks: {codes(hooks_filled(component))}."
    said = prose(component.__doc__ or "")
    return section(5, code(component.name), said, filled, needs, parameters_in_markdown(component))
