"""The page of the model lists the laws that there are."""

from __future__ import annotations

import re
from pathlib import Path

from gpnde.numerics.laws.catalogue import LAWS

MODEL = Path(__file__).parents[2] / "docs" / "model.md"


def test_page_of_the_model_lists_every_law_with_its_parameters() -> None:
    section = MODEL.read_text(encoding="utf-8").partition("\n## Laws\n")[2].partition("\n## ")[0]
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if re.match(r"\| `", line)
    ]
    own = [law for law in LAWS if LAWS.is_own(law.name)]
    ways = [" or ".join(", ".join(f"`{name}`" for name in names) for names in law.sets) for law in own]
    assert found == [[f"`{law.name}`", way, law.doc] for law, way in zip(own, ways, strict=True)]
