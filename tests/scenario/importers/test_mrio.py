"""An input-output table keeps its flows and outputs when it becomes a network, and so does a run of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import gpnde
from gpnde.errors import ScenarioError
from gpnde.scenario.importers.mrio import IMPORTS, import_mrio
from gpnde.scenario.law import fixed
from gpnde.scenario.markets import Demand
from gpnde.scenario.rules import Clock, Record
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE, YEAR_DAYS

Matrix = NDArray[np.float64]
Key = tuple[str, str]

KEYS = [("north", "steel"), ("north", "power"), ("south", "steel"), ("south", "power")]
FLOWS = np.array([[5.0, 20, 8, 1], [30, 2, 0, 4], [1, 0, 10, 12], [2, 3, 25, 0]])
FINAL = np.array([[40.0, 6], [10, 0], [30, 5], [20, 1]])


def output_of(flows: Matrix, final: Matrix) -> Matrix:
    sales: Matrix = flows.sum(axis=1) + final.sum(axis=1)
    return sales


def write(folder: Path, keys: Sequence[Key], flows: Matrix, final: Matrix, output: Matrix | None = None) -> list[Path]:
    """Write Z, Y and x in the layout of pymrio's test table."""
    gross = output_of(flows, final) if output is None else output
    buyers = [("all", f"use {column}") for column in range(final.shape[1])]
    for name, columns, values in (("Z", list(keys), flows), ("Y", buyers, final)):
        rows = [["region", "", *(c[0] for c in columns)], ["sector", "", *(c[1] for c in columns)]]
        rows += [["region", "sector", *("" for _ in columns)]]
        rows += [[*key, *map(repr, line)] for key, line in zip(keys, values.tolist(), strict=True)]
        write_csv(folder / f"{name}.csv", rows)
    totals = [[*key, repr(value)] for key, value in zip(keys, gross.tolist(), strict=True)]
    write_csv(folder / "x.csv", [["region", "sector", "indout"], *totals])
    return [folder / "Z.csv", folder / "Y.csv", folder / "x.csv"]


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def read_real_flows(shared_data: Path) -> tuple[list[str], Matrix, Matrix]:
    """Return names, flows and gross output of the reference table, read without the importer."""
    folder = shared_data / "mrio_pymrio_test"
    with (folder / "Z.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))[3:]
    with (folder / "x.csv").open(encoding="utf-8", newline="") as stream:
        output = [float(row[2]) for row in list(csv.reader(stream))[1:]]
    return ["/".join(line[:2]) for line in lines], np.array([line[2:] for line in lines], float), np.array(output)


def coefficients(scenario: Scenario, names: Sequence[str]) -> Matrix:
    """Return the input coefficients that the bills of materials hold."""
    place = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for buyer in names:
        for part, units in scenario.products[buyer].made_of.items():
            if part in place:
                matrix[place[part], place[buyer]] = units
    return matrix


def outputs(scenario: Scenario) -> dict[str, float]:
    """Solve (I - A) x = y with the bills of materials and what markets buy, per year."""
    names = [site.name for site in scenario.sites]
    vector = np.zeros(len(names))
    for market in scenario.markets:
        vector[names.index(market.product)] += market.demand.law.lowest() * YEAR_DAYS
    output = np.linalg.solve(np.eye(len(names)) - coefficients(scenario, names), vector)
    return dict(zip(names, output.tolist(), strict=True))


def made_in_a_year(scenario: Scenario, demand: float) -> dict[str, float]:
    """Run two years with all final demand times *demand*, and return what each site made in the second."""
    markets = [
        market.model_copy(update={"demand": Demand(law=fixed(market.demand.law.lowest() * demand), every_days=1)})
        for market in scenario.markets
    ]
    clock = Clock(days=2 * YEAR_DAYS + 1)
    changes = {"markets": tuple(markets), "clock": clock, "record": Record(every_days=YEAR_DAYS)}
    run = gpnde.simulate(scenario.model_copy(update=changes))
    assert run.conservation["goods"] < 1e-9
    made = run.sites.filter(day=2 * YEAR_DAYS)
    return dict(zip(made["site"], made["produced"], strict=True))


def leontief(flows: Matrix, final: Matrix, demand: float) -> NDArray[np.float64]:
    """Return output less what sectors use of their own, when final demand is *demand* times that of the table."""
    own = np.diagonal(flows)
    gross = output_of(flows, final)
    output: NDArray[np.float64] = np.linalg.solve(np.eye(len(flows)) - flows / gross, demand * final.sum(axis=1))
    return output * (1 - own / gross)


@pytest.mark.parametrize("demand", [1.0, 0.9])
def test_two_countries_make_what_leontief_says(tmp_path: Path, demand: float) -> None:
    scenario = import_mrio(write(tmp_path, KEYS, FLOWS, FINAL)).scenario
    expected = dict(zip(map("/".join, KEYS), leontief(FLOWS, FINAL, demand), strict=True))
    assert made_in_a_year(scenario, demand) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("demand", [1.0, 0.9])
def test_48_sectors_make_what_leontief_says(shared_data: Path, demand: float) -> None:
    scenario = import_mrio([shared_data / "mrio_pymrio_test"]).scenario
    names, flows, gross = read_real_flows(shared_data)
    final = (gross - flows.sum(axis=1))[:, None]
    expected = dict(zip(names, leontief(flows, final, demand), strict=True))
    assert made_in_a_year(scenario, demand) == pytest.approx(expected, rel=1e-3)


def test_real_table_reproduces_its_output(shared_data: Path) -> None:
    """Both agree to 1e-4: a dropped flow is below 1e-6 of the seller's output, and a seller has 47 of them."""
    names, flows, gross = read_real_flows(shared_data)
    scenario = import_mrio([shared_data / "mrio_pymrio_test"]).scenario
    net = dict(zip(names, (gross - np.diagonal(flows)).tolist(), strict=True))
    assert outputs(scenario) == pytest.approx(net, rel=1e-4)


def test_real_table_keeps_every_flow_inside_or_outside(shared_data: Path) -> None:
    names, flows, gross = read_real_flows(shared_data)
    scenario = import_mrio([shared_data / "mrio_pymrio_test"]).scenario
    net = gross - np.diagonal(flows)
    kept = coefficients(scenario, names) * net[None, :]
    wanted = np.where(np.eye(len(names)) == 1, 0, flows)
    np.testing.assert_allclose(kept[kept > 0], wanted[kept > 0], rtol=1e-12)
    assert (wanted[kept == 0] <= 1e-6 * np.maximum(net[:, None], net[None, :])[kept == 0]).all()


def test_real_table_has_a_link_for_every_input(shared_data: Path) -> None:
    scenario = import_mrio([shared_data / "mrio_pymrio_test"]).scenario
    linked = {(link.buyer, link.product): link.supplier for link in scenario.links}
    inputs = {(site.name, part) for site in scenario.sites for part in scenario.products[site.product].made_of}
    assert set(linked) == inputs and len(scenario.links) == len(inputs)
    for (_, product), supplier in linked.items():
        assert supplier == product


def test_real_table_reports_what_was_dropped(shared_data: Path) -> None:
    scenario, notes = import_mrio([shared_data / "mrio_pymrio_test"])
    assert notes == (
        "mrio: 0.47 % of output, bought by sectors from themselves, is netted out",
        "mrio: 282 of 2256 flows, 0.0096 % of their value, dropped: negligible",
    )
    assert len(scenario.sites) == 48 and len(scenario.clusters) == 6


def test_sector_is_worth_one_unit_of_money_per_unit(tmp_path: Path) -> None:
    scenario = import_mrio(write(tmp_path, KEYS, FLOWS, FINAL)).scenario
    for site in scenario.sites:
        product = scenario.products[site.product]
        assert site.price == 1
        assert (product.value_added or 0) + sum(product.made_of.values()) == pytest.approx(1)


def test_purchases_from_itself_are_netted_out(tmp_path: Path) -> None:
    scenario, notes = import_mrio(write(tmp_path, KEYS[:1], np.array([[25.0]]), np.array([[75.0]])))
    assert scenario.products["north/steel"].made_of == {}
    assert outputs(scenario) == pytest.approx({"north/steel": 75})
    assert notes[0] == "mrio: 25 % of output, bought by sectors from themselves, is netted out"


def test_circle_is_kept(tmp_path: Path) -> None:
    flows = np.array([[0.0, 30], [10, 0]])
    scenario = import_mrio(write(tmp_path, KEYS[:2], flows, np.array([[60.0], [90.0]]))).scenario
    assert scenario.products["north/power"].made_of == pytest.approx({"north/steel": 0.3})
    assert scenario.products["north/steel"].made_of == pytest.approx({"north/power": 1 / 9})
    assert {(link.buyer, link.supplier) for link in scenario.links} == {
        ("north/power", "north/steel"),
        ("north/steel", "north/power"),
    }


def test_sector_without_output_is_left_out_and_its_goods_come_from_outside(tmp_path: Path) -> None:
    flows, final = FLOWS.copy(), FINAL.copy()
    flows[3], flows[:, 3], final[3] = 0, 0, 0
    flows[3, 0] = 7
    output = output_of(flows, final)
    output[3] = 0
    scenario, notes = import_mrio(write(tmp_path, KEYS, flows, final, output))
    assert [site.name for site in scenario.sites] == ["north/steel", "north/power", "south/steel"]
    assert "south/power" in scenario.products["north/steel"].made_of
    assert {link.supplier for link in scenario.links if link.product == "south/power"} == {OUTSIDE}
    assert {market.product for market in scenario.markets} <= {site.name for site in scenario.sites}
    assert notes[-1] == "mrio: 1 sectors without net output left out"


def test_negative_values_count_as_nothing(tmp_path: Path) -> None:
    flows, final = FLOWS.copy(), FINAL.copy()
    flows[0, 1], final[1] = -20, -1
    scenario, notes = import_mrio(write(tmp_path, KEYS, flows, final, output_of(FLOWS, FINAL)))
    assert not any(market.name == "final demand for north/power" for market in scenario.markets)
    assert "north/steel" not in scenario.products["north/power"].made_of
    assert "mrio: 1 flows and the final demand of 1 sectors are below 0: taken as 0" in notes


def test_output_that_is_not_the_sum_of_sales_is_noted(tmp_path: Path) -> None:
    output = output_of(FLOWS, FINAL) * [1, 1, 1, 1.25]
    _, notes = import_mrio(write(tmp_path, KEYS, FLOWS, FINAL, output))
    assert "mrio: output differs from sales by up to 0.2 of itself: sales are followed" in notes


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = write(tmp_path / "a", KEYS, FLOWS, FINAL)
    write(tmp_path / "b", KEYS[::-1], FLOWS[::-1, ::-1], FINAL[::-1])
    mixed = [files[0], tmp_path / "b" / "Y.csv", tmp_path / "b" / "x.csv"]
    assert import_mrio(mixed).scenario == import_mrio(files).scenario
    assert outputs(import_mrio([tmp_path / "b"]).scenario) == pytest.approx(outputs(import_mrio(files).scenario))


def test_inputs_from_other_regions_take_longer(tmp_path: Path) -> None:
    scenario = import_mrio(write(tmp_path, KEYS, FLOWS, FINAL)).scenario
    for link in scenario.links:
        same = link.buyer.split("/")[0] == str(link.product).split("/")[0]
        assert link.lead_time.value == (3 if same else 30)


@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_any_table_reproduces_its_output(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    size = data.draw(st.integers(1, 7))
    values = st.floats(0, 1000).map(lambda value: round(value, 3))
    flows = np.array(data.draw(st.lists(values, min_size=size * size, max_size=size * size))).reshape(size, size)
    final = np.array(data.draw(st.lists(st.floats(1, 1000), min_size=size, max_size=size))).reshape(size, 1)
    keys = [(f"r{number % 2}", f"s{number}") for number in range(size)]
    files = write(tmp_path_factory.mktemp("table"), keys, flows, final)
    scenario = import_mrio(files, smallest_share=0).scenario
    net = dict(zip(map("/".join, keys), (output_of(flows, final) - np.diagonal(flows)).tolist(), strict=True))
    assert outputs(scenario) == pytest.approx(net, rel=1e-6)


def as_pymrio_saves_it(folder: Path, ending: str, separator: str) -> Path:
    """Write the two-country table as ``save_all`` of pymrio 0.7 does: tables, accounts and parameters in folders."""
    folder.mkdir()
    for path in write(folder, KEYS, FLOWS, FINAL):
        text = path.read_text(encoding="utf-8").replace(",", separator)
        path.unlink()
        path.with_suffix(ending).write_text(text, encoding="utf-8")
    for name in ("A", "L", "unit", "population"):
        (folder / f"{name}{ending}").write_text(f"region{separator}sector{separator}unit\n", encoding="utf-8")
    (folder / "metadata.json").write_text("{}", encoding="utf-8")
    (folder / "emissions").mkdir()
    (folder / "emissions" / f"Y{ending}").write_text("no table of ours", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("ending", "separator"), [(".txt", "\t"), (".csv", "\t"), (".csv", ";"), (".CSV", ",")])
def test_what_pymrio_saves_is_read(tmp_path: Path, ending: str, separator: str) -> None:
    (tmp_path / "plain").mkdir()
    plain = import_mrio(write(tmp_path / "plain", KEYS, FLOWS, FINAL)).scenario
    scenario, notes = import_mrio([as_pymrio_saves_it(tmp_path / "saved", ending, separator)])
    assert scenario.sites == plain.sites and scenario.links == plain.links and scenario.markets == plain.markets
    names = ", ".join(f"{name}{ending}" for name in ("A", "L", "population", "unit"))
    assert f"mrio: {names} skipped: not among Z.csv, Y.csv, x.csv" in notes


def test_output_is_what_is_sold_where_x_is_not_given(tmp_path: Path) -> None:
    files = write(tmp_path, KEYS, FLOWS, FINAL)
    scenario, notes = import_mrio(files[:2])
    assert scenario.sites == import_mrio(files).scenario.sites
    assert "mrio: x.csv not given: output is what is sold" in notes


ONE_TABLE = """\
Sector;Steel;Power;Households;Capital formation;Exports;Total output
Steel;5,0;20,0;30,0;15,0;10,0;80,0
Power;30,0;2,0;40,0;;8,0;80,0
Imports;8,0;4,0;2,0;;;14,0
Wages;27,0;44,0;;;;
Taxes;10,0;10,0;;;;
Total output;80,0;80,0;;;;
"""


def test_one_table_gives_flows_final_demand_and_imports(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(ONE_TABLE, encoding="cp1252")
    scenario, notes = import_mrio([path])
    sold = {market.product: market.demand.law.lowest() * YEAR_DAYS for market in scenario.markets}
    assert sold == pytest.approx({"Steel": 55, "Power": 48})
    assert scenario.products["Steel"].made_of == pytest.approx({"Power": 30 / 75, IMPORTS: 8 / 75})
    assert scenario.products["Power"].made_of == pytest.approx({"Steel": 20 / 78, IMPORTS: 4 / 78})
    assert {link.buyer for link in scenario.links if link.supplier == OUTSIDE} == {"Steel", "Power"}
    assert notes[:5] == (
        "mrio: table.csv: 15 blank cells taken as 0",
        "mrio: columns Households, Capital formation, Exports taken as final demand",
        "mrio: column Total output taken as output",
        "mrio: rows Imports taken as inputs from outside",
        "mrio: rows Wages, Taxes, Total output skipped: value added is what inputs leave of 1",
    )
    assert made_in_a_year(scenario, 1.0) == pytest.approx({"Steel": 75, "Power": 78}, rel=1e-3)


def test_one_table_of_several_regions_is_the_three_in_one(tmp_path: Path) -> None:
    plain = import_mrio(write(tmp_path, KEYS, FLOWS, FINAL)).scenario
    heads = [*KEYS, ("north", "households"), ("south", "exports"), ("", "output")]
    values = np.hstack([FLOWS, FINAL, output_of(FLOWS, FINAL)[:, None]])
    rows = [["region", "", *(key[0] for key in heads)], ["sector", "", *(key[1] for key in heads)]]
    rows += [[*key, *map(repr, line)] for key, line in zip(KEYS, values.tolist(), strict=True)]
    (tmp_path / "one").mkdir()
    write_csv(tmp_path / "one" / "everything.csv", rows)
    scenario = import_mrio([tmp_path / "one"]).scenario
    assert scenario.sites == plain.sites and scenario.links == plain.links and scenario.markets == plain.markets


def test_a_table_without_sectors_in_both_places_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("sector,a,b\nc,1,2\nd,3,4\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no sector stands both as a row and as a column: give Z"):
        import_mrio([tmp_path / "table.csv"])


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("x.csv", "south,power", "south,gas", "x.csv: no row for 'south/power'"),
        ("Y.csv", "6.0", "six", "Y.csv: row north/steel: all/use 1: 'six': must be a number"),
        ("Z.csv", "20.0", "nan", "Z.csv: row north/steel: north/power: 'nan': must be a number"),
        ("Z.csv", "sector,,steel", "sector,,iron", "Z.csv: 4 rows and 4 columns: give the same sectors as both"),
        ("Z.csv", "south,power", "south,steel", "Z.csv: 'south/steel' is given twice"),
        ("x.csv", ",51.0", "", "x.csv line 5: 2 cells: must be 3"),
    ],
)
def test_wrong_tables_are_refused_in_one_line(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    files = write(tmp_path, KEYS, FLOWS, FINAL)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        import_mrio(files)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_region_without_a_name_is_refused(tmp_path: Path) -> None:
    files = write(tmp_path, [("", "steel"), ("", "power")], FLOWS[:2, :2], FINAL[:2])
    with pytest.raises(ScenarioError, match="mrio: name: '': must not be empty"):
        import_mrio(files)


def test_table_without_numbers_is_refused(tmp_path: Path) -> None:
    files = write(tmp_path, KEYS, FLOWS, FINAL)
    files[0].write_text("region,,north\nsector,,steel\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"Z\.csv: no numbers"):
        import_mrio(files)
