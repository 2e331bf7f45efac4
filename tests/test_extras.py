"""The base needs nothing that only extras bring, and what needs an extra says so in one line."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gpnde
from tests.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]

WITHOUT = """
import sys
from importlib.machinery import PathFinder

LOADED = set(sys.modules)
find_any = PathFinder.find_spec

def find_present(name, path=None, target=None):
    return None if name.partition(".")[0] in ABSENT - LOADED else find_any(name, path, target)

PathFinder.find_spec = find_present
"""
"""What every Python of the test does first: it finds no module of ABSENT, but what start files have loaded already."""

Python = Callable[..., subprocess.CompletedProcess[str]]


def brought(requirements: Iterable[str]) -> set[str]:
    """Return the names of all distributions that come with some requirements."""
    found: set[str] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        asked = ["", *wanted.extras]
        new = [each for each in asked if f"{name}[{each}]" not in found]
        found |= {name, *(f"{name}[{each}]" for each in new)}
        waiting += [(Requirement(text), each) for each in new for text in needs(name, each)]
    return found


def needs(name: str, extra: str) -> list[str]:
    """Return what a distribution requires; of gpnde itself, what the project file of the checkout says."""
    if name == "gpnde":
        return EXTRAS[extra] if extra else []
    return importlib.metadata.requires(name) or []


def absent(extras: Iterable[str]) -> list[str]:
    """Return the modules that are here and would not be with the base and some extras alone."""
    there = brought([*PROJECT["dependencies"], *(text for extra in extras for text in EXTRAS[extra])])
    owners = importlib.metadata.packages_distributions()
    return sorted(
        module
        for module, names in owners.items()
        if not module.startswith(("gpnde", "_")) and not any(canonicalize_name(name) in there for name in names)
    )


@pytest.fixture
def python(tmp_path: Path) -> Python:
    """Return a function that runs Python with the base and some extras alone."""

    def run(*words: str, extras: Iterable[str] = ()) -> subprocess.CompletedProcess[str]:
        place = tmp_path / "without"
        place.mkdir(exist_ok=True)
        (place / "sitecustomize.py").write_text(f"ABSENT = set({absent(extras)!r})\n{WITHOUT}", encoding="utf-8")
        path = os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": path}
        return subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=environment, text=True, capture_output=True, check=False
        )

    return run


def test_what_extras_bring_is_absent_from_the_base() -> None:
    heavy = {"SALib", "pandas", "matplotlib", "dask", "ema_workbench", "jupyterlab", "voila", "vl_convert", "pyarrow"}
    assert heavy <= set(absent([]))
    assert not {"numpy", "numba", "polars", "altair", "ipywidgets", "simpy"} & set(absent([]))
    assert not {"SALib", "pandas", "pyarrow", "fsspec"} & set(absent(["study"]))


def test_a_run_prints_its_whole_report_from_the_base(python: Python) -> None:
    done = python("-m", "gpnde", "run", "hdd-southeast-asia", "--days", "182")
    assert done.returncode == 0, done.stderr
    run = gpnde.simulate(gpnde.load_scenario("hdd-southeast-asia", {"clock.days": 182}))
    report, _, time_spent = done.stdout.rpartition("\nTime: ")
    assert report == run.summary().rpartition("\nTime: ")[0]
    assert time_spent


@pytest.mark.thorough
def test_the_base_keeps_a_run_and_repeats_it(python: Python, tmp_path: Path) -> None:
    done = python("-m", "gpnde", "run", "single-site", "--days", "28", "--out", "kept")
    assert done.returncode == 0, done.stderr
    assert 'without report.html: pictures: vl_convert is not installed: pip install "gpnde[pictures]"' in done.stderr
    assert not (tmp_path / "kept" / "report.html").exists()
    assert python("-m", "gpnde", "rerun", "kept").stdout.startswith("identical")
    assert "pictures: vl_convert is not installed" in python("-m", "gpnde", "report", "kept").stderr


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("words", "extras", "line"),
    [
        ("charts beer-game --out drawn", (), 'pictures: vl_convert is not installed: pip install "gpnde[pictures]"'),
        ("lab beer-game", (), 'lab: anywidget is not installed: pip install "gpnde[lab]"'),
        ("batch study.yaml --out many", (), 'study: fsspec is not installed: pip install "gpnde[study]"'),
        ("batch sampled.yaml --out many", (), 'study: SALib is not installed: pip install "gpnde[study]"'),
        (
            "optimise searched.yaml --out best",
            ("study", "pictures"),
            'optimise: optuna is not installed: pip install "gpnde[optimise]"',
        ),
        (
            "safety-stock single-site --set sites.shop.holding_cost=1",
            ("study",),
            'safety-stock: stockpyl is not installed: pip install "gpnde[safety-stock]"',
        ),
        ("compare many", (), 'study: fsspec is not installed: pip install "gpnde[study]"'),
        ("status many", (), 'study: fsspec is not installed: pip install "gpnde[study]"'),
        ("sensitivity many", (), 'study: fsspec is not installed: pip install "gpnde[study]"'),
        ("report many", (), 'study: fsspec is not installed: pip install "gpnde[study]"'),
        (
            "batch study.yaml --out many --dask tcp://127.0.0.1:1",
            ("study",),
            'dask: distributed is not installed: pip install "gpnde[dask]"',
        ),
    ],
)
def test_a_command_says_which_extra_it_needs(
    words: str, extras: tuple[str, ...], line: str, python: Python, tmp_path: Path
) -> None:
    study = "name: {}\nscenario: beer-game\nmeasures: [flow.fill_rate]\nsettings: {{clock.days: 28}}\n"
    axis = "uncertainties: {ordering.safety_factor: {low: 1, high: 2}}\ndesign: {kind: sobol, samples: 2}\n"
    (tmp_path / "study.yaml").write_text(study.format("plain"), encoding="utf-8")
    search = "optimise: {settings: {ordering.review_days: {low: 7, high: 9}}, objectives: {tier_gap: minimise}}\n"
    (tmp_path / "searched.yaml").write_text(study.format("searched") + search, encoding="utf-8")
    (tmp_path / "sampled.yaml").write_text(study.format("sampled") + axis, encoding="utf-8")
    done = python("-m", "gpnde", *words.split(), extras=extras)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"gpnde {words.split()[0]}: {line}\n"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("call", "extra"),
    [
        ("run.to_arrow('sites')", "study"),
        ("run.to_pandas('sites')", "study"),
        ("ema_model('single-site', measures=['flow.fill_rate'])", "ema"),
        ("gpnde.lab('single-site')", "lab"),
        ("write_chart(service_over_time(run), 'service.svg')", "pictures"),
    ],
)
def test_a_function_raises_an_error_of_gpnde(call: str, extra: str, python: Python) -> None:
    code = f"""
import gpnde, gpnde.lab
from gpnde.charts import service_over_time
from gpnde.charts.export import write_chart
from gpnde.errors import GpndeError
from gpnde.study.ema import ema_model
run = gpnde.simulate(gpnde.load_scenario("single-site", {{"clock.days": 7}}))
try:
    {call}
except GpndeError as error:
    print(error)
"""
    done = python("-c", code)
    assert done.stdout.endswith(f'is not installed: pip install "gpnde[{extra}]"\n'), done.stderr


@pytest.mark.thorough
def test_a_notebook_shows_a_chart_in_words(python: Python) -> None:
    code = """
import gpnde
from gpnde.charts import service_over_time
run = gpnde.simulate(gpnde.load_scenario("single-site", {"clock.days": 7}))
print(service_over_time(run)._repr_mimebundle_(None, None)[0]["text/plain"])
"""
    done = python("-c", code)
    words, _, line = done.stdout.strip().rpartition("\n")
    assert "Lines of the share of demand" in words, done.stderr
    assert line == 'pictures: vl_convert is not installed: pip install "gpnde[pictures]"'


def test_all_names_every_extra_and_the_tests_take_them_all() -> None:
    everything = Requirement(EXTRAS["all"][0])
    assert everything.extras == {*EXTRAS} - {"all", "docs", "mutation", "safety-stock", "test"}
    assert "gpnde[all,docs,safety-stock]" in EXTRAS["test"]
