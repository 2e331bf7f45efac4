"""Laws that plugins add: they are listed, checked and drawn like those of gpnde, and missed in one line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

import gpnde
from gpnde.cli import commands
from gpnde.errors import ComponentError, GpndeError, ScenarioError
from gpnde.numerics.laws.catalogue import LAWS
from gpnde.plugin.host import forget_plugins, plugin_host
from gpnde.scenario import load_scenario
from gpnde.scenario.law import Law
from gpnde.study.runner import run_study
from gpnde.study.schema import Study
from gpnde.world.build import build_world

Install = Callable[..., None]

LAW = """
import numpy as np
from gpnde.plugin import Law, LawParameter, law, tabulated


def check(low, mode, high):
    if not low <= mode <= high or low == high:
        raise ValueError(f"mode {mode:g} of law 'triangular': must be from low {low:g} to a higher high {high:g}")


@law(
    "triangular",
    LawParameter("low", "Least value."),
    LawParameter("mode", "Most likely value.", ge=0),
    LawParameter("high", "Largest value."),
    source="Simpson, 1755",
    check=check,
)
def triangular(low, mode, high):
    '''Draw between two ends, most often near the mode.'''
    def quantile(chances):
        width, left = high - low, mode - low
        rising = low + np.sqrt(chances * width * left)
        return np.where(chances * width < left, rising, high - np.sqrt((1 - chances) * width * (high - mode)))
    return tabulated(quantile)


@hookimpl
def gpnde_laws():
    return [triangular]
"""
TEXT = "triangular(low=2, mode=3, high=10)"
LINK = {"buyer": "plant", "supplier": "motors", "lead_time": TEXT}

STRIKE = """
class Strike(Component):
    name = "disruption.strike"
    days: Law = param("triangular(low=1, mode=2, high=9)", unit="day", doc="Length of a strike.")

    @hookimpl
    def process(self, clock, act, view, streams):
        days = streams.draws(self.days, "length", view.names.sites)
        yield clock.until(7)
        act.disrupt_sites(view.site_numbers(), days)


@hookimpl
def gpnde_components():
    return [Strike]
"""


@pytest.fixture
def triangular(install: Install) -> None:
    install("shapes", LAW)


def command(*words: str) -> str:
    done = CliRunner().invoke(commands, list(words))
    return done.stdout + done.stderr


def uninstall(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "site-packages")
    forget_plugins()


def network() -> dict[str, Any]:
    return {
        "name": "two",
        "clock": {"days": 364, "tick_days": 0.01},
        "products": {"drive": {"made_of": {"motor": 1}}, "motor": {}},
        "firms": [{"name": "brand"}, {"name": "maker"}],
        "sites": [
            {"name": "plant", "firm": "brand", "product": "drive"},
            {"name": "motors", "firm": "maker", "product": "motor"},
        ],
        "links": [LINK],
        "markets": [{"name": "shops", "product": "drive", "served_by": ["plant"], "demand": {"law": 5}}],
    }


@pytest.mark.usefixtures("triangular")
def test_law_is_read_and_written_like_others() -> None:
    law = Law.model_validate(TEXT)
    assert law.text() == TEXT
    assert law == Law.model_validate({"law": "triangular", "high": 10, "low": 2, "mode": 3})
    assert Law.model_validate(law.model_dump(mode="json")) == law
    assert (law.lowest(), law.highest(), law.is_above_zero()) == (2.0, 10.0, True)


@pytest.mark.usefixtures("triangular")
@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("triangular(low=2, high=3)", "law 'triangular' was given high, low: it takes low, mode, high"),
        ("triangular(low=-3, mode=-1, high=3)", "mode -1 of law 'triangular': must be at least 0"),
        ("triangular(low=2, mode=1, high=3)", "mode 1 of law 'triangular': must be from low 2 to a higher high 3"),
        ({"law": "triangular", "mode": "x"}, "mode='x': must be a number"),
        ({"law": "triangular", "mdoe": 1}, "unknown key 'mdoe'; did you mean 'mode'?"),
        ({"law": "gamma", "mode": 1}, "unknown key 'mode'"),
        ("gamma(mode=1)", "unknown parameter 'mode' of a law"),
    ],
)
def test_wrong_parameters_are_one_line(given: Any, line: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Law.model_validate(given)
    (error,) = caught.value.errors()
    assert error["msg"].startswith(f"Value error, {line}")


@pytest.mark.usefixtures("triangular")
def test_schema_and_listings_have_the_law_and_its_parameters() -> None:
    schema = json.loads(command("schema"))
    form = schema["$defs"]["Law"]["anyOf"][-1]
    assert form["properties"]["mode"] == {
        "type": "number",
        "maximum": 1e30,
        "minimum": 0,
        "description": "Most likely value.",
    }
    given = {"law": "triangular", "low": 2, "mode": 3, "high": 10}
    assert jsonschema.Draft202012Validator(schema).is_valid({**network(), "links": [{**LINK, "lead_time": given}]})
    assert "law triangular" in " ".join(command("plugins").split())
    (row,) = json.loads(command("laws", "triangular", "--json"))["laws"]
    assert (row["doc"], row["owner"]) == (
        "Between two ends, most often near the mode.",
        "plugin 'shapes' (gpnde-shapes 1.0)",
    )


@pytest.mark.usefixtures("triangular")
def test_run_has_the_mean_lead_time_of_the_law(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(json.dumps(network()), encoding="utf-8")
    scenario = load_scenario(path)
    state = build_world(scenario).state
    assert state.laws.mean[state.lines[0].lead_time] == pytest.approx(5.0, rel=1e-4)
    orders = gpnde.simulate(scenario).tables["orders"]
    taken = (orders["received_day"] - orders["shipped_day"]).drop_nulls().to_numpy()
    taken = taken[taken > 1.0]
    assert len(taken) > 40
    assert taken.min() >= 2.0 and taken.max() <= 10.01
    assert taken.mean() == pytest.approx(5.0, abs=4 * taken.std() / len(taken) ** 0.5)


@pytest.mark.thorough
@pytest.mark.usefixtures("triangular")
def test_study_draws_the_law_in_worker_processes(tmp_path: Path) -> None:
    study = Study.model_validate(
        {
            "name": "lags",
            "scenario": "serial-chain",
            "settings": {"clock.days": 28, "links.0.lead_time": TEXT},
            "measures": ["flow.fill_rate"],
            "replications": 4,
        }
    )
    status = run_study(study, tmp_path / "out", jobs=2)
    assert (status.simulated, status.failed) == (4, 0)


def test_law_without_its_plugin_is_one_line(install: Install, tmp_path: Path) -> None:
    install("shapes", LAW)
    assert load_scenario("serial-chain", {"links.0.lead_time": TEXT}).links[0].lead_time.given()["mode"] == 3.0
    uninstall(tmp_path)
    with pytest.raises(ScenarioError, match=r"lead_time.*: unknown law 'triangular'$"):
        load_scenario("serial-chain", {"links.0.lead_time": TEXT})


def test_law_of_a_broken_plugin_is_missed_with_the_cause(install: Install) -> None:
    install("shapes", "import nowhere_at_all\n" + LAW)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("serial-chain", {"links.0.lead_time": TEXT})
    text = str(caught.value)
    assert "unknown law 'triangular'; plugin 'shapes' (gpnde-shapes 1.0) is broken: " in text
    assert "No module named 'nowhere_at_all'" in text


def test_law_that_two_plugins_offer_names_both(install: Install) -> None:
    install("shapes", LAW)
    install("forms", LAW)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("serial-chain", {"links.0.lead_time": TEXT})
    for owner in ("plugin 'forms' (gpnde-forms 1.0)", "plugin 'shapes' (gpnde-shapes 1.0)"):
        assert owner in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('"triangular",', '"gamma",', "law gamma is offered by gpnde itself and plugin 'shapes'"),
        ('"triangular",', '"Tri angular",', "law 'Tri angular': must be small letters, digits and hyphens"),
        ('"mode"', '"row"', "law triangular: parameter 'row': must be small letters"),
        ('"mode", "Most likely value."', '"values", ""', "law triangular: parameter values: is a list in laws"),
        ("return [triangular]", "return [3]", "gpnde_laws gave 3: must be functions under @gpnde.law(...)"),
    ],
)
def test_offer_that_is_no_law_is_refused(install: Install, old: str, new: str, cause: str) -> None:
    install("shapes", LAW.replace(old, new))
    causes = [problem.cause for problem in plugin_host().problems]
    assert any(each.startswith(cause) for each in causes), causes
    assert plugin_host().laws == {}


def test_plugin_is_not_imported_where_all_laws_are_known(install: Install, tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    install("shapes", f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n{LAW}")
    load_scenario("serial-chain", {"links.0.lead_time": "gamma(mean=3, cv=0.5)"})
    assert not mark.exists()
    assert LAWS.added() == ()


def test_component_takes_a_law_as_parameter(install: Install) -> None:
    install("shapes", LAW + STRIKE)
    strike = plugin_host().component("disruption.strike")
    assert strike.of({}).days == Law.model_validate("triangular(low=1, mode=2, high=9)")  # type: ignore[attr-defined]
    with pytest.raises(ComponentError) as caught:
        strike.of({"days": "gama(mean=3, cv=0.5)"})
    assert str(caught.value).startswith("disruption.strike.days = 'gama(mean=3, cv=0.5)' (day): unknown law 'gama'")
    scenario = load_scenario("serial-chain", {"components": [{"use": "disruption.strike"}], "clock.days": 56})
    lengths = {}
    for text in (TEXT, "gamma(mean=3,cv=0.5)", "5"):
        changed = load_scenario(
            "serial-chain",
            {"components": [{"use": "disruption.strike"}], "clock.days": 56, "disruption.strike.days": text},
        )
        lengths[text] = gpnde.simulate(changed).fingerprint
    assert len({*lengths.values(), gpnde.simulate(scenario).fingerprint}) == 4


def test_parameter_of_a_component_may_be_a_law_in_the_schema(install: Install) -> None:
    install("shapes", LAW + STRIKE)
    validator = jsonschema.Draft202012Validator(json.loads(command("schema")))
    for days, fits in ((TEXT, True), (3, True), ({"law": "gamma", "mean": 3, "cv": 1}, True), ({"law": "gama"}, False)):
        given = {**network(), "components": [{"use": "disruption.strike", "days": days}]}
        assert validator.is_valid(given) == fits


def test_law_that_fails_is_named_with_its_owner(install: Install) -> None:
    install("shapes", LAW.replace("return tabulated(quantile)", "return 1 // 0"))
    with pytest.raises(GpndeError) as caught:
        load_scenario("serial-chain", {"links.0.lead_time": TEXT})
    assert "law 'triangular' of plugin 'shapes' (gpnde-shapes 1.0): ZeroDivisionError" in str(caught.value)
