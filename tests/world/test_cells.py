from __future__ import annotations

import numpy as np
import pytest

from gpnde.cells import CELLS, cell_number
from gpnde.errors import ScenarioError
from gpnde.scenario.cells import CellTerms
from gpnde.testing import tiny_network
from gpnde.world.build import build_world
from gpnde.world.cells import cell_terms, differentiated
from gpnde.world.new_sites import NewSite

STATED_ONLY = "entry_years", "minimum_scale"
"""Terms that act only where a scenario states them."""


def test_without_the_block_all_cells_are_alike() -> None:
    assert len(np.unique(cell_terms(tiny_network()))) == 1


def test_cells_of_the_package_differ_in_every_term() -> None:
    terms = cell_terms(tiny_network(cells={}))
    for name in [each for each in CellTerms.model_fields if each not in STATED_ONLY]:
        assert len(np.unique(terms[name])) == len(CELLS)
    assert not any(terms[name].any() for name in STATED_ONLY)


def test_what_is_stated_replaces_that_and_nothing_else() -> None:
    usual = cell_terms(tiny_network(cells={}))
    stated = cell_terms(tiny_network(cells={"commodity-flexible": {"learning": 9}}))
    number = cell_number("commodity", "flexible")
    assert stated["learning"][number] == 9
    usual["learning"][number] = 9
    assert (stated == usual).all()


def test_sites_are_in_the_cell_of_their_product() -> None:
    world = build_world(tiny_network(**{"products.case.process": "flexible", "products.chip.type": "differentiated"}))
    cell = dict(zip(world.names.sites, world.plants["cell"].tolist(), strict=True))
    assert CELLS[cell["case-works"]].name == "commodity-flexible"
    assert CELLS[cell["chip-works"]].name == "differentiated-mass"
    assert CELLS[cell["park-plant"]].name == "commodity-mass"


def test_a_new_site_is_in_the_cell_of_the_one_that_it_is_like() -> None:
    world = build_world(tiny_network(**{"products.case.process": "flexible"}))
    like = world.names.sites.index("case-works")
    number = world.add_sites([NewSite("annex", like, int(world.state.sites["firm"][like]))], since=7)
    assert world.plants["cell"][number] == world.plants["cell"][like] == cell_number("commodity", "flexible")


def test_to_differentiate_keeps_the_process() -> None:
    for cell in CELLS:
        moved = CELLS[int(differentiated(np.array([cell_number(cell.type, cell.process)]))[0])]
        assert (moved.type, moved.process) == ("differentiated", cell.process)


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"commodity-bulk": {}}, "cells: 'commodity-bulk': must be 'commodity-mass', "),
        ({"commodity-mass": {"attainable": 2}}, "cells.commodity-mass.attainable: 2: must be at most 1"),
        ({"commodity-mass": {"lerning": 2}}, "cells.commodity-mass: unknown key 'lerning'; did you mean 'learning'?"),
    ],
)
def test_wrong_cells_are_refused_in_one_line(cells: dict[str, object], complaint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        tiny_network(cells=cells)
    assert str(caught.value).startswith(complaint) and "\n" not in str(caught.value)
