"""A bill of materials becomes a network with a site for each item."""

from __future__ import annotations

from pathlib import Path

import pytest

import gpnde
from gpnde.errors import ScenarioError
from gpnde.scenario.importers.bom import import_bom

BOM = "Parent;Child;Quantity\nbike;wheel;2\nbike;frame;1\nwheel;spoke;36\nwheel;rim;1\nframe;tube;3,5\nbike;spoke;0,5\n"


def write(folder: Path, text: str) -> list[Path]:
    path = folder / "bike.csv"
    path.write_text(text, encoding="utf-8")
    return [path]


def test_items_are_made_of_their_children(tmp_path: Path) -> None:
    scenario, notes = import_bom(write(tmp_path, BOM))
    assert {name: product.made_of for name, product in scenario.products.items()} == {
        "bike": {"wheel": 2, "frame": 1, "spoke": 0.5},
        "wheel": {"spoke": 36, "rim": 1},
        "frame": {"tube": 3.5},
        **{name: {} for name in ("spoke", "rim", "tube")},
    }
    assert {(link.buyer, link.supplier) for link in scenario.links} == {
        *(("bike", part) for part in ("wheel", "frame", "spoke")),
        *(("wheel", part) for part in ("spoke", "rim")),
        ("frame", "tube"),
    }
    assert {firm.name: firm.tier for firm in scenario.firms} == {
        **{"bike": 0, "wheel": 1, "frame": 1, "spoke": 1},
        **{"rim": 2, "tube": 2},
    }
    assert notes == ("bom: 1 items that go into no other are sold, 100 a day each; each link takes 7 days",)


def test_a_network_of_a_bill_of_materials_runs(tmp_path: Path) -> None:
    scenario = import_bom(write(tmp_path, BOM)).scenario
    clock = scenario.clock.model_copy(update={"days": 56.0})
    run = gpnde.simulate(scenario.model_copy(update={"clock": clock}))
    assert run.conservation["goods"] < 1e-9


def test_rows_that_repeat_a_pair_add_up(tmp_path: Path) -> None:
    scenario = import_bom(write(tmp_path, "parent,child,quantity\na,b,1\na,b,2\n")).scenario
    assert scenario.products["a"].made_of == {"b": 3} and len(scenario.links) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parent,child\na,b\n", "no column 'quantity'"),
        ("parent,child,quantity\n", "no rows: give one row for each child of a parent"),
        ("parent,child,quantity\na,,1\n", "row 1: child is blank: name both"),
        ("parent,child,quantity\na,b,two\n", "row 1: quantity: 'two': must be a number"),
        ("parent,child,quantity\na,b,0\n", "row 1: quantity: '0': must be above 0"),
        ("parent,child,quantity\na,b,1\nb,a,1\n", "every item goes into another"),
        ("parent,child,quantity\nc,a,1\na,b,1\nb,a,1\n", "a product cannot be made of itself"),
        ("parent,child,quantity\nc,a,1\na,a,1\n", "a product cannot be made of itself"),
    ],
)
def test_wrong_lists_are_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        import_bom(write(tmp_path, text))
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_exactly_one_file_is_taken(tmp_path: Path) -> None:
    files = write(tmp_path, BOM)
    with pytest.raises(ScenarioError, match="bom: 2 files: give one CSV with parent, child, quantity"):
        import_bom([*files, *files])
