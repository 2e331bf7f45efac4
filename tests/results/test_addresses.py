"""Altair is imported without grammars of addresses, which are there as soon as an address is checked."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(find_spec("rfc3987_syntax") is None, reason="the grammars are not installed")

_LOADED = 'import sys; print("rfc3987_syntax.syntax_helpers" in sys.modules)\n'
_CHECK = "import jsonschema; print(*(jsonschema.FormatChecker().conforms(text, 'iri') for text in {}))\n"


def printed(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_charts_import_altair_without_grammars() -> None:
    assert printed("import gpnde.results.chart\nimport altair\n" + _LOADED) == ["False"]


@pytest.mark.thorough
def test_addresses_are_checked_as_without_gpnde() -> None:
    check = _CHECK.format(["http://a.example/ü", "no address"])
    assert printed("import gpnde.results.chart\n" + check * 2 + _LOADED) == [*["True", "False"] * 2, "True"]


@pytest.mark.thorough
def test_other_names_of_the_module_are_found() -> None:
    code = "import gpnde.results.chart, rfc3987_syntax\nprint(len(rfc3987_syntax.grammar) > 0)\n"
    assert printed(code + _LOADED) == ["True", "True"]
