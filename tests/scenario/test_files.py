from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario, check_scenario, load_scenario, preset_names, save_scenario
from gpnde.scenario.as_data import as_data

Raw = dict[str, Any]
Load = Callable[..., Scenario]
Draw = Callable[[st.SearchStrategy[Any]], Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
NAMES = TEXTS.filter(lambda name: name != "outside")
AMOUNTS = st.one_of(st.integers(0, 10**6), st.floats(0, 1e18), st.sampled_from([1e-300, 0.1, 1 / 3, 1e16]))
POSITIVE = st.floats(1e-3, 1e6)
SPREADS = st.floats(1e-3, 1e3)
LAWS = st.one_of(
    AMOUNTS,
    st.builds("gamma(mean={!r}, cv={!r})".format, POSITIVE, SPREADS),
    st.builds("normal(mean={!r}, cv={!r}, truncated={})".format, POSITIVE, SPREADS, st.sampled_from(["true", "True"])),
    st.lists(AMOUNTS, min_size=1, max_size=12).map(lambda values: {"law": "series", "values": values}),
    st.lists(st.tuples(AMOUNTS, POSITIVE), min_size=1, max_size=3).map(
        lambda pairs: {"law": "discrete", "values": [v for v, _ in pairs], "weights": [w for _, w in pairs]}
    ),
    st.builds(
        lambda values, column: {
            "law": "empirical",
            "values": values,
            "origin": {"file": "x.csv", "column": column, "where": {"a": column}, "rows_used": 1, "rows_dropped": 2},
        },
        st.lists(AMOUNTS, min_size=1, max_size=3),
        TEXTS,
    ),
)
ORDERINGS: st.SearchStrategy[Raw] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"policy": st.just("base-stock"), "level": AMOUNTS}),
    st.fixed_dictionaries({}, optional={"review_days": POSITIVE, "forecast": st.just({"alpha": 0.3})}),
)
PARAMETERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("pqr", max_size=2), inner, max_size=3),
    max_leaves=5,
)
SITE_EXTRAS: dict[str, st.SearchStrategy[Any]] = {
    "capacity_per_day": AMOUNTS,
    "processing": LAWS,
    "servers": st.just(1),
    "unlimited": st.just(True),
    "rationing": st.sampled_from(["priority", "first-come"]),
    "closes_day": POSITIVE,
    "stock": AMOUNTS,
    "price": st.sampled_from([0, 0.1, 5]),
    "ordering": ORDERINGS,
    "provenance": st.sampled_from(["chapter", "derived: by hand", "literature, \r\n1999"]),
}
LINK_EXTRAS: dict[str, st.SearchStrategy[Any]] = {
    "contract": st.sampled_from(["OEM", "ODM"]),
    "order_delay_days": AMOUNTS,
    "lead_time": LAWS,
    "priority": st.integers(-5, 5),
    "in_transit": st.lists(AMOUNTS, max_size=3),
    "in_mail": st.lists(AMOUNTS, max_size=3),
}
SCENARIO_EXTRAS: dict[str, st.SearchStrategy[Any]] = {
    "title": st.text(max_size=30),
    "description": st.text(max_size=200),
    "clock": st.fixed_dictionaries({"days": st.floats(10, 1000)}, optional={"start": st.dates().map(str)}),
    "ordering": ORDERINGS,
    "selection": st.fixed_dictionaries({}, optional={"certification": LAWS, "quotation": st.just({"bidders": 3})}),
    "finance": st.just({}) | st.just({"insolvency": False}),
    "components": st.lists(
        st.builds(lambda use, more: {**more, "use": use}, TEXTS, st.dictionaries(st.text("abc"), PARAMETERS)),
        max_size=2,
    ),
    "record": st.just({"orders": False}),
    "provenance": st.lists(st.fixed_dictionaries({"path": TEXTS, "mark": st.just("chapter")}), max_size=2),
    "targets": st.lists(st.fixed_dictionaries({"measure": TEXTS, "value": AMOUNTS, "day": AMOUNTS}), max_size=2),
}


def _extras(draw: Draw, extras: dict[str, st.SearchStrategy[Any]]) -> Raw:
    fields: Raw = draw(st.fixed_dictionaries({}, optional=extras))
    return fields


def _links(draw: Draw, buyer: Raw, products: dict[str, Raw], sites: list[Raw]) -> list[Raw]:
    """Return links for every input of a site, from two suppliers each, with or without shares."""
    links = []
    needs = [] if buyer.get("unlimited") else products[buyer["product"]]["made_of"]
    for part in needs:
        makers = [site["name"] for site in sites if site["product"] == part]
        shares = draw(st.sampled_from([(None, None), (0.5, 0.5), (0.1, 0.9)]))
        for supplier, share in zip((draw(st.sampled_from(makers)), "outside"), shares, strict=True):
            named = {"product": part} if supplier == "outside" else {}
            links.append({"buyer": buyer["name"], "supplier": supplier, "share": share, **named})
    return [link | _extras(draw, LINK_EXTRAS) for link in links]


@st.composite
def scenarios(draw: Draw) -> Scenario:
    """Draw a scenario whose parts fit together and whose names and numbers are as odd as may be."""
    goods = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    products = {
        name: {"made_of": {part: draw(POSITIVE) for part in goods[i + 1 :] if draw(st.booleans())}}
        for i, name in enumerate(goods)
    }
    firms = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    clusters = draw(st.lists(TEXTS, max_size=2, unique=True))
    names = draw(st.lists(NAMES, min_size=len(goods) + 1, max_size=len(goods) + 4, unique=True))
    sites = [
        {"name": name, "firm": draw(st.sampled_from(firms)), "product": goods[i % len(goods)]}
        | ({"cluster": draw(st.sampled_from(clusters))} if clusters and draw(st.booleans()) else {})
        | _extras(draw, SITE_EXTRAS)
        for i, name in enumerate(names[:-1])
    ]
    market = {"name": names[-1], "product": goods[0], "served_by": [sites[0]["name"]], "demand": {"law": draw(LAWS)}}
    return Scenario.model_validate(
        {
            "name": draw(TEXTS),
            "products": products,
            "firms": [{"name": name, "tier": i} for i, name in enumerate(firms)],
            "clusters": [{"name": name, "country": name} for name in clusters],
            "sites": sites,
            "links": [link for site in sites for link in _links(draw, site, products, sites)],
            "markets": [market],
            **_extras(draw, SCENARIO_EXTRAS),
        }
    )


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(scenarios())
def test_a_saved_scenario_loads_as_the_same_in_both_forms(scenario: Scenario) -> None:
    check_scenario(scenario)
    with TemporaryDirectory() as name:
        folder = Path(name)
        save_scenario(scenario, folder / "one.yaml")
        save_scenario(scenario, folder / "many")
        assert load_scenario(folder / "one.yaml") == scenario
        assert load_scenario(folder / "many") == scenario
        save_scenario(load_scenario(folder / "many"), folder / "again.yaml")
        assert (folder / "again.yaml").read_bytes() == (folder / "one.yaml").read_bytes()


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_survives_saving(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    save_scenario(scenario, tmp_path / "one.yaml")
    save_scenario(scenario, tmp_path / "many")
    assert load_scenario(tmp_path / "one.yaml") == scenario == load_scenario(tmp_path / "many")


def test_a_folder_holds_the_big_tables_as_csv_files(raw: Raw, load: Load, tmp_path: Path) -> None:
    save_scenario(load(raw), tmp_path / "deep" / "er")
    folder = tmp_path / "deep" / "er"
    assert sorted(path.name for path in folder.iterdir()) == [
        "clusters.csv",
        "firms.csv",
        "links.csv",
        "scenario.yaml",
        "sites.csv",
    ]
    assert (folder / "links.csv").read_text() == 'buyer,supplier,lead_time\nteparuk,rangsit,"gamma(mean=3, cv=0.3)"\n'


def test_what_is_at_its_default_is_left_out(raw: Raw, load: Load) -> None:
    raw["clock"] = {"days": 28, "tick_days": 1}
    assert as_data(load(raw))["clock"] == {"days": 28}


def test_a_table_with_very_long_laws_stays_in_the_yaml(raw: Raw, load: Load, tmp_path: Path) -> None:
    raw["links"][0]["lead_time"] = {"law": "empirical", "values": list(range(1001))}
    scenario = load(raw)
    save_scenario(scenario, tmp_path / "many")
    assert not (tmp_path / "many" / "links.csv").exists()
    assert load_scenario(tmp_path / "many") == scenario


def test_saving_leaves_nothing_but_what_was_asked_for(raw: Raw, load: Load, tmp_path: Path) -> None:
    scenario = load(raw)
    target = tmp_path / "out"
    target.mkdir()
    save_scenario(scenario, target / "one.yaml")
    save_scenario(scenario, target / "many")
    assert sorted(path.name for path in target.iterdir()) == ["many", "one.yaml"]


def test_an_empty_folder_is_filled(raw: Raw, load: Load, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    save_scenario(load(raw), tmp_path / "many")
    assert (tmp_path / "many" / "scenario.yaml").is_file()


def test_a_folder_that_is_not_empty_is_refused(raw: Raw, load: Load, tmp_path: Path) -> None:
    scenario = load(raw)
    with pytest.raises(ScenarioError) as caught:
        save_scenario(scenario, tmp_path)
    assert str(caught.value) == f"{tmp_path}: exists and is not an empty folder: give another name"


@pytest.mark.parametrize("name", ["one.yaml", "many"])
def test_a_place_that_cannot_be_written_is_refused(raw: Raw, load: Load, tmp_path: Path, name: str) -> None:
    scenario = load(raw)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ScenarioError, match=f"{name}: .*: give a (file|folder) that can be written"):
        save_scenario(scenario, tmp_path / "scenario.yaml" / name)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_while_writing_leaves_no_folder(raw: Raw, load: Load, tmp_path: Path) -> None:
    scenario = load(raw)
    odd = scenario.model_copy(update={"components": (scenario.components[0].model_copy(update={"x": 3j}),)})
    with pytest.raises(ScenarioError, match="3j: cannot be written as YAML"):
        save_scenario(odd, tmp_path / "many")
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.yaml"]


def test_a_folder_and_its_yaml_file_are_the_same_scenario(raw: Raw, load: Load, tmp_path: Path) -> None:
    assert load(raw) == load_scenario(tmp_path) == load_scenario(str(tmp_path / "scenario.yaml"))


def test_a_preset_goes_before_a_folder_of_its_name(
    raw: Raw, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_scenario(load(raw), tmp_path / "beer-game")
    monkeypatch.chdir(tmp_path)
    assert load_scenario("beer-game").name == "beer-game"
    assert load_scenario("./beer-game").name == load_scenario(Path("beer-game")).name == "small"


KNOWN = ", ".join(preset_names())


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("nowhere", "'nowhere': no such scenario: give a YAML file, a folder that holds scenario.yaml, or one of {}"),
        ("beer-gam", "'beer-gam': no such scenario: give a YAML file, a folder that holds scenario.yaml, or one of {}"
         "; did you mean 'beer-game'?"),
        ("a\0b", "'a\\x00b': no such scenario: give a YAML file, a folder that holds scenario.yaml, or one of {}"),
    ],
)  # fmt: skip
def test_a_missing_scenario_is_refused_with_the_nearest_preset(source: str, line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(source)
    assert str(caught.value) == line.format(KNOWN)


def test_a_folder_without_a_scenario_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path)
    assert str(caught.value) == f"{tmp_path}: a folder without scenario.yaml: give the folder of a scenario"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "scenario.yaml: is an empty file: give one that holds something"),
        ("- 3", "scenario.yaml: [3]: must be a mapping with name, products, firms, sites and markets"),
        ("name: [x", "scenario.yaml line 2, column 1: did not find expected ',' or ']': fix the YAML there"),
        ("name: x\nname: y", "scenario.yaml line 2, column 1: key 'name' is given twice: fix the YAML there"),
        (
            "a: &a {b: *a}",
            "scenario.yaml line 1, column 11: *a is a part that contains itself: write it out without the alias",
        ),
        ("name: x", "products: missing: this key is required (and 3 more)"),
    ],
)
def test_a_file_that_holds_no_scenario_is_refused(complaint: Callable[..., str], text: str, line: str) -> None:
    assert complaint(text) == line


def test_numbers_read_back_exactly(raw: Raw, load: Load, tmp_path: Path) -> None:
    raw["sites"]["teparuk"]["price"] = math.nextafter(0.1, 1)
    scenario = load(raw)
    save_scenario(scenario, tmp_path / "many")
    assert load_scenario(tmp_path / "many").sites[0].price == math.nextafter(0.1, 1)
