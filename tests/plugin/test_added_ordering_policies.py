"""A plugin may offer an ordering policy, which is listed, checked, run and studied as those of gpnde are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from gpnde.cli import commands
from gpnde.engine import open_run, restore, simulate
from gpnde.errors import ComponentFailure, ScenarioError
from gpnde.lab.fields import scenario_fields
from gpnde.plugin.host import forget_plugins, plugin_host
from gpnde.scenario import Scenario, load_scenario, save_scenario
from gpnde.scenario.ordering import POLICIES, Ordering
from gpnde.study.ranges import declared_range
from gpnde.study.results import open_study

Install = Callable[..., None]

PLUGIN = """
from gpnde import OrderingPolicy

def cover(review, min_days):
    return min_days * review.demand_per_day

@hookimpl
def gpnde_ordering_policies():
    yield OrderingPolicy(
        "days-of-cover",
        doc="Up to so many days of recent demand.",
        source="definition",
        parameters={"min_days": param(3, ge=1, le=90, unit="day", vary=(2, 30), doc="Days to cover.")},
        levels=cover,
    )
    yield OrderingPolicy(
        "two-bin",
        doc="A bin of 60 whenever one is empty.",
        source="definition",
        rule="fixed-quantity",
        sets={"reorder_point": 60, "quantity": 60},
        opens_at=("reorder_point", "quantity"),
    )
"""

SHOP: dict[str, Any] = {
    "name": "shop",
    "clock": {"days": 28},
    "products": {"tea": {}},
    "firms": [{"name": "grocer", "tier": 0}],
    "sites": [{"name": "shop", "firm": "grocer", "product": "tea", "stock": 0}],
    "links": [{"buyer": "shop", "supplier": "outside", "product": "tea", "lead_time": 2}],
    "markets": [
        {"name": "town", "product": "tea", "served_by": ["shop"], "demand": {"law": 10, "every_days": 1}},
    ],
    "ordering": {"policy": "days-of-cover", "review_days": 1, "min_days": 5},
}

STUDY = """
name: cover
scenario: {scenario}
arms:
  usual: {{settings: {{"ordering": {{review_days: 1}}}}}}
  covered: {{}}
  more: {{settings: {{ordering.min_days: 12}}}}
measures: [flow.cover]
replications: 2
"""


@pytest.fixture
def covered(install: Install) -> None:
    """Install a plugin that offers two policies."""
    install("cover", PLUGIN)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return the file of a shop that follows a policy of the plugin."""
    path = tmp_path / "shop.yaml"
    path.write_text(yaml.safe_dump(SHOP), encoding="utf-8")
    return path


def gpnde(*words: object) -> Result:
    return CliRunner().invoke(commands, [str(word) for word in words])


def scenario(**ordering: Any) -> Scenario:
    return Scenario.model_validate({**SHOP, "ordering": {**SHOP["ordering"], **ordering}})


def ordered(run: Any) -> list[tuple[float, float]]:
    """Return day and quantity of the orders of a run."""
    rows = run.tables["orders"].sort("placed_day").select("placed_day", "quantity").rows()
    return [(float(day), float(quantity)) for day, quantity in rows]


@pytest.mark.usefixtures("covered")
def test_schema_takes_the_policies_and_parameters_that_plugins_offer() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(gpnde("schema").stdout))
    assert validator.is_valid(SHOP)
    assert validator.is_valid({**SHOP, "ordering": {"policy": "two-bin"}})
    for wrong in ({"policy": "days-of-covr"}, {"policy": "smoothed", "min_days": 3}, {"min_days": 3}):
        assert not validator.is_valid({**SHOP, "ordering": wrong})
    assert not validator.is_valid({**SHOP, "ordering": {"policy": "days-of-cover", "min_days": 0}})


@pytest.mark.usefixtures("covered")
def test_policies_are_listed_with_their_plugin() -> None:
    rows = {row["name"]: row for row in json.loads(gpnde("plugins", "--json").stdout)["plugins"]}
    assert rows["cover"]["ordering_policies"] == ["days-of-cover", "two-bin"]
    assert "ordering policy days-of-cover" in " ".join(gpnde("plugins").stdout.split())
    assert str(POLICIES.owner("two-bin")) == "plugin 'cover' (gpnde-cover 1.0)"


@pytest.mark.usefixtures("covered")
def test_orders_follow_the_levels_of_the_policy() -> None:
    found = ordered(simulate(scenario(min_days=5)))
    # Day 0 knows no demand yet: up to 10 a day over a lead time of 2 and a review of 1, with 10 owed already.
    # From day 1 on the level is 5 days of 10 units.
    assert found[:2] == [(0.0, 40.0), (1.0, 30.0)]
    assert {quantity for _, quantity in found[2:]} == {10.0}


@pytest.mark.usefixtures("covered")
@pytest.mark.parametrize("steps", [("receive", "demand", "supply", "order"), ("order", "receive", "demand", "supply")])
@pytest.mark.parametrize("days", [1, 3, 7])
def test_demand_per_day_is_that_of_the_market_whatever_the_review(days: int, steps: tuple[str, ...]) -> None:
    clock = {"days": 28, "steps": steps}
    run = open_run(
        Scenario.model_validate({**SHOP, "clock": clock, "ordering": {**SHOP["ordering"], "review_days": days}})
    )
    run.advance(27)
    assert run.simulation.world.state.sites["level"].tolist() == [50.0]


@pytest.mark.usefixtures("covered")
def test_policy_that_names_a_rule_with_fixed_numbers_is_that_rule() -> None:
    plain = {"policy": "r-Q", "reorder_point": 60, "quantity": 60, "review_days": 1}
    sites = [{**SHOP["sites"][0], "stock": None}]
    runs = [
        simulate(Scenario.model_validate({**SHOP, "sites": sites, "ordering": rule}))
        for rule in (plain, {"policy": "two-bin", "review_days": 1})
    ]
    assert ordered(runs[0]) == ordered(runs[1]) != []
    assert runs[0].metric("flow.fill_rate") == runs[1].metric("flow.fill_rate")


@pytest.mark.usefixtures("covered")
def test_sites_with_rules_of_their_own_have_their_own_numbers() -> None:
    firms = [*SHOP["firms"], {"name": "rival", "tier": 0}]
    own = {**SHOP["ordering"], "min_days": 20}
    sites = [*SHOP["sites"], {**SHOP["sites"][0], "name": "stall", "firm": "rival", "ordering": own}]
    links = [*SHOP["links"], {**SHOP["links"][0], "buyer": "stall"}]
    markets = [*SHOP["markets"], {**SHOP["markets"][0], "name": "fair", "served_by": ["stall"]}]
    given = {**SHOP, "firms": firms, "sites": sites, "links": links, "markets": markets}
    run = open_run(Scenario.model_validate(given))
    run.advance(20)
    assert run.simulation.world.state.sites["level"].tolist() == [50.0, 200.0]


@pytest.mark.usefixtures("covered")
def test_run_that_is_restored_goes_on_with_the_levels_that_it_had() -> None:
    run = open_run(scenario(review_days=5))
    run.advance(12)
    then = run.snapshot()
    assert restore(then).finish().fingerprint == run.finish().fingerprint


@pytest.mark.usefixtures("covered")
def test_component_decides_over_the_policy_and_hands_back(install: Install) -> None:
    install(
        "boss",
        """
import numpy
class Boss(Component):
    name = "policy.boss"
    @hookimpl
    def order_up_to(self, review, view):
        return 500.0 if view.day == 10 else numpy.nan
@hookimpl
def gpnde_components():
    return [Boss]
""",
    )
    given = {**SHOP, "components": [{"use": "policy.boss"}]}
    run = open_run(Scenario.model_validate(given))
    sites = run.simulation.world.state.sites
    levels = {}
    for day in (10, 11, 12):
        run.advance(day)
        levels[day] = float(sites["level"][0])
    assert levels == {10: 50.0, 11: 500.0, 12: 50.0}


@pytest.mark.usefixtures("covered")
@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ({"min_days": 0}, "ordering.min_days: 0: must be at least 1"),
        ({"min_days": "soon"}, "ordering.min_days: 'soon': must be a number"),
        ({"mindays": 3}, "ordering: unknown key 'mindays'; did you mean 'min_days'?"),
        ({"review_days": 0}, "policy 'days-of-cover' cannot review continuously: give review_days above 0"),
        ({"level": 9}, "level was given, but policy 'days-of-cover' does not use it"),
        ({"policy": "smoothed"}, "ordering: unknown key 'min_days'"),
        ({"policy": "days-of-covr"}, "unknown ordering policy 'days-of-covr'; did you mean 'days-of-cover'?"),
    ],
)
def test_numbers_that_do_not_fit_the_policy_are_refused(shop: Path, ordering: dict[str, Any], expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(shop, {"ordering": {**SHOP["ordering"], **ordering}})
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("covered")
def test_parameter_is_set_by_its_path_and_written_with_its_default(shop: Path, tmp_path: Path) -> None:
    assert load_scenario(shop, {"ordering.min_days": "9"}).ordering.own == {"min_days": 9.0}
    usual = Ordering.model_validate({"policy": "days-of-cover"})
    assert usual == Ordering.model_validate({"policy": "days-of-cover", "min_days": 3})
    save_scenario(load_scenario(shop), tmp_path / "saved.yaml")
    assert load_scenario(tmp_path / "saved.yaml") == load_scenario(shop)
    assert "min_days: 5" in (tmp_path / "saved.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("covered")
def test_lab_and_studies_know_the_parameter_and_its_range(shop: Path) -> None:
    fields = {field.path: field for field in scenario_fields(load_scenario(shop))}
    assert fields["ordering.min_days"].span == (2.0, 30.0)
    assert "two-bin" in fields["ordering.policy"].choices
    assert declared_range("ordering.min_days", []).high == 30.0


@pytest.mark.thorough
@pytest.mark.usefixtures("covered")
def test_study_of_worker_processes_follows_the_policy(shop: Path, tmp_path: Path) -> None:
    study, out = tmp_path / "study.yaml", tmp_path / "out"
    study.write_text(STUDY.format(scenario=shop), encoding="utf-8")
    done = gpnde("batch", study, "--out", out, "--jobs", 2)
    assert done.exit_code == 0, done.stderr
    metrics = open_study(out).values
    of_arm = {arm: rows["value"].unique().to_list() for (arm,), rows in metrics.group_by("arm")}
    here = {days: simulate(scenario(min_days=days)).metric("flow.cover") for days in (5, 12)}
    assert (of_arm["covered"], of_arm["more"]) == ([here[5]], [here[12]])
    assert here[5] < here[12]
    assert of_arm["usual"] != of_arm["covered"]


@pytest.mark.usefixtures("covered")
def test_scenario_is_refused_in_one_line_once_the_plugin_is_gone(shop: Path, tmp_path: Path) -> None:
    assert gpnde("check", shop).exit_code == 0
    for info in (tmp_path / "site-packages").glob("*.dist-info"):
        shutil.rmtree(info)
    forget_plugins()
    done = gpnde("run", shop)
    assert done.exit_code == 2
    assert "ordering.policy: unknown ordering policy 'days-of-cover': must be one of base-stock," in done.stderr
    assert "'two-bin'" not in done.stderr
    named = gpnde("run", shop, "--set", "ordering={policy: order-upto}")
    assert "unknown ordering policy 'order-upto'; did you mean 'order-up-to'?" in named.stderr


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import nothing_of_this_name", "plugin 'cover' (gpnde-cover 1.0) is broken: ModuleNotFoundError"),
        (PLUGIN.replace("levels=cover", "levels=3"), "days-of-cover: levels = 3: must be a function of a review"),
    ],
)
def test_scenario_names_the_cause_where_its_plugin_is_broken(
    install: Install, shop: Path, source: str, cause: str
) -> None:
    install("cover", source)
    with pytest.raises(ScenarioError, match="unknown ordering policy 'days-of-cover'") as caught:
        load_scenario(shop)
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)


def offered(arguments: str) -> str:
    """Return the source of a plugin that offers one policy."""
    return f"from gpnde import OrderingPolicy\n@hookimpl\ndef gpnde_ordering_policies():\n    return [{arguments}]\n"


def policy(more: str, name: str = "odd") -> str:
    return f"OrderingPolicy({name!r}, doc='', source='', {more})"


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ("len", "gpnde_ordering_policies gave <built-in function len>: must be gpnde.OrderingPolicy"),
        (policy("", "Odd"), "ordering policy Odd: must be small letters, digits and hyphens"),
        (policy("", "smoothed"), "ordering policy smoothed is offered by gpnde itself and plugin 'odd'"),
        (policy("rule='push'"), "odd: rule 'push': must be one of order-up-to, smoothed"),
        (policy("needs=('levl',)"), "odd: 'levl': no such field of ordering; did you mean 'level'?"),
        (policy("sets={'review_days': 3}"), "odd: 'review_days': no number of a rule: must be one of level"),
        (policy("parameters={'share': param(1, doc='')}"), "odd: parameters without levels: give levels"),
        (policy("levels=len, rule='smoothed'"), "odd: levels: go with the rule order-up-to and without a forecast"),
        (policy("levels=len, uses=('forecast',)"), "odd: levels: go with the rule order-up-to and without a forecast"),
        (policy("levels=len, parameters={'share': 1}"), "odd: parameter 'share': must be what gpnde.param"),
        (policy("levels=len, parameters={'level': param(1, doc='')}"), "odd: parameter 'level': must be a name"),
        (f"*[{policy('')}] * 2", "ordering policy odd is offered twice by plugin 'odd'"),
    ],
)
def test_offer_that_cannot_be_used_is_listed_with_its_cause(install: Install, offer: str, expected: str) -> None:
    install("odd", offered(offer))
    row = next(row for row in plugin_host().listing() if row["name"] == "odd")
    assert expected in row["cause"]
    assert (row["ordering_policies"], row["status"]) == ([], "broken")


def test_policy_that_two_plugins_offer_is_refused_with_both_names(install: Install) -> None:
    install("odd", offered(policy("")))
    install("even", offered(policy("")))
    assert plugin_host().ordering_policies == {}
    assert all("plugin 'even'" in str(problem) and "plugin 'odd'" in str(problem) for problem in plugin_host().problems)


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        ("lambda review: review.stock", "AttributeError"),
        ("lambda review: [1.0, 2.0, 3.0]", "level of shape (3,): must have shape (1,)"),
        ("lambda review: float('inf')", "level inf: must be finite"),
    ],
)
def test_function_that_fails_is_named_with_plugin_and_day(install: Install, function: str, problem: str) -> None:
    install("odd", offered(policy(f"levels={function}")))
    with pytest.raises(ComponentFailure) as caught:
        simulate(Scenario.model_validate({**SHOP, "ordering": {"policy": "odd"}}))
    where = "ordering policy odd of plugin 'odd' (gpnde-odd 1.0) failed in levels on day 0: "
    assert str(caught.value).startswith(where)
    assert problem in str(caught.value)


def test_level_is_left_as_it_is_where_none_is_given(install: Install) -> None:
    install("odd", offered(policy("levels=lambda review: float('nan'), needs=('level',)")))
    given = {**SHOP, "sites": [{**SHOP["sites"][0], "stock": None}]}
    plain = {"policy": "base-stock", "level": 44, "review_days": 3}
    rules = [plain, {**plain, "policy": "odd"}]
    base, odd = (ordered(simulate(Scenario.model_validate({**given, "ordering": rule}))) for rule in rules)
    assert base == odd != []
