"""What to cite is this version."""

from __future__ import annotations

import yaml

import gpnde
from tests.checkout import ROOT


def test_the_citation_names_this_version_and_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == gpnde.__version__
    assert citation["license"] == "MIT"
