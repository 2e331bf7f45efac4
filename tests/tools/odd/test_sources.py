from __future__ import annotations

from gpnde.engine.clock import Phase
from gpnde.world import layout
from tools.odd.sources import attribute_docs, sources


def test_what_stands_after_an_attribute_belongs_to_it_and_to_no_other() -> None:
    docs = attribute_docs(Phase)
    assert list(docs) == [phase.name for phase in sorted(Phase)]
    assert docs["SHOCKS"] == "Outages, sites that open and close, prices, and what processes of components do."


def test_attributes_of_modules_are_read_too_and_may_say_nothing() -> None:
    docs = attribute_docs(layout)
    assert docs["NEVER"] == "A tick that no run reaches."
    assert docs["Records"] == ""


def test_modules_are_read_in_the_order_of_their_names_and_packages_first() -> None:
    names = [source.name for source in sources("gpnde.engine.knowledge")]
    assert names == sorted(names)
    assert names[0] == "gpnde.engine.knowledge"
