"""What may be asked of a resilience report, and what of a scenario can be taken out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gpnde.errors import StudyError
from gpnde.scenario import Scenario, load_scenario
from gpnde.study.resilience.design import outage_study
from gpnde.study.resilience.options import Options, window_of
from gpnde.study.resilience.things import KINDS, Outage, Thing, ThingKind, closure, things_of
from gpnde.vocabulary import OUTSIDE


@pytest.fixture(scope="module")
def preset() -> Scenario:
    """Return a preset with clusters and countries."""
    return load_scenario("small-open-economy")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kinds": ["sites"]}, "did you mean 'site'"),
        ({"kinds": []}, "at least 1"),
        ({"outage_days": -1}, "greater than or equal to 0"),
        ({"hold_days": 50, "watch_days": 20}, "hold_days 50 is above watch_days 20: watch for longer"),
        ({"hazards": [{"use": "disruption.site-outage"}], "risk_runs": 0}, "risk_runs 0 samples none"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"tolerance": 1}, "less than 1"),
        ({"outage_day": 3}, "did you mean 'outage_days'"),
    ],
)
def test_wrong_options_are_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Options.model_validate(given)


def test_outages_begin_after_the_warm_up_on_a_whole_record() -> None:
    scenario = load_scenario("single-site", {"clock.warm_up_days": 30.5})
    assert window_of(scenario, Options(outage_days=7, watch_days=21)).day == 31


def test_a_run_ends_at_the_horizon_at_the_latest() -> None:
    scenario = load_scenario("single-site", {"clock.days": 150})
    window = window_of(scenario, Options(from_day=100, outage_days=20))
    assert (window.day, window.end) == (100, 150)
    with pytest.raises(StudyError, match="must end by day 150"):
        window_of(scenario, Options(from_day=120, outage_days=20))


def test_each_thing_is_found_once(preset: Scenario) -> None:
    things = things_of(preset, KINDS.names())
    assert len(things) == len({thing.arm for thing in things})
    counts = {kind: sum(thing.kind == kind for thing in things) for kind in KINDS.names()}
    assert counts["site"] == len(preset.sites)
    assert counts["link"] == sum(link.supplier != OUTSIDE for link in preset.links)
    used = {site.cluster for site in preset.sites}
    assert counts["cluster"] == sum(cluster.name in used for cluster in preset.clusters)


def test_a_kind_that_is_asked_for_twice_counts_once(preset: Scenario) -> None:
    assert things_of(preset, ["site", "site"]) == things_of(preset, ["site"])


def test_a_further_kind_is_one_record(preset: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    flagship = preset.firms[0].name
    monkeypatch.setattr(KINDS, "_own", dict(KINDS._own))
    KINDS.register(
        ThingKind(
            "flagship",
            lambda scenario: [Thing("flagship", flagship)],
            lambda thing, outage: closure(Thing("site", preset.sites[0].name), outage),
        )
    )
    options = Options(kinds=("flagship",))
    things = things_of(preset, options.kinds)
    study = outage_study(preset, things, window_of(preset, options), options)
    assert list(study.arms) == ["baseline", f"flagship {flagship}"]


def test_an_arm_takes_out_one_thing_for_the_days_asked_for() -> None:
    use = closure(Thing("link", "a > b"), Outage(91.0, 7.0, "lose"))
    assert use.use == "disruption.dated-events"
    (event,) = use.parameters["events"]
    assert (event["what"], event["target"], event["name"]) == ("close", "link", "a > b")
    assert (event["start"], event["days"], event["in_transit"]) == (91.0, 7.0, "lose")


def test_links_of_a_pair_are_one_thing_and_hubs_are_those_that_links_name() -> None:
    laptops = load_scenario("laptops")
    links = things_of(laptops, ["link"])
    assert len({thing.name for thing in links}) == len(links) == sum(link.supplier != OUTSIDE for link in laptops.links)
    assert [thing.name for thing in things_of(laptops, ["hub"])] == ["Yangshan"]
