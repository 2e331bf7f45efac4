"""What `gpnde doctor --steady` says: after how many days one run is steady, and what it comes to from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gpnde.cli.printing import columns, note
from gpnde.vocabulary import COMPILING

if TYPE_CHECKING:
    from gpnde.scenario import Scenario
    from gpnde.study.steady import Steadiness


def steady_answer(scenario: Scenario) -> dict[str, Any]:
    """Run a scenario once; return when its series are steady, and the warm-up that leaves all of that out."""
    from gpnde.engine.simulate import simulate
    from gpnde.results.warm_up import measured_from
    from gpnde.study.steady import FEWEST, until_steady

    run = simulate(scenario, on_compile=lambda: note(COMPILING))
    found = until_steady(run)
    days = [each.days for each in found if each.days is not None]
    return {
        "series": [_as_data(each) for each in found],
        "warm_up_days": max(days, default=None),
        "given_warm_up_days": measured_from(run.scenario),
        "fewest_rows": FEWEST,
    }


def _as_data(found: Steadiness) -> dict[str, Any]:
    after, unit = found.after, {"series": found.series, "unit": found.unit, "days": found.days}
    if after is None:
        return {**unit, "mean": None, "low": None, "high": None, "correlation": None}
    correlation = None if after.correlation != after.correlation else after.correlation
    return {**unit, **after.interval._asdict(), "correlation": correlation}


def described_steadiness(answer: dict[str, Any] | None) -> list[str]:
    """Return the lines that tell of the answer; none without it."""
    if answer is None:
        return []
    if not answer["series"]:
        advice = f"give more clock.days, or a shorter record.every_days: at least {answer['fewest_rows']} rows"
        return [f"days until steady: the run has too few rows to say: {advice}"]
    rows = [(f"  {each['series']}", _days(each), _mean(each)) for each in answer["series"]]
    head = "days until steady in one run (MSER-5), and mean and 95 % interval after it"
    return [head, columns(rows), f"  {_advice(answer)}"]


def _days(each: dict[str, Any]) -> str:
    return "not in half the run" if each["days"] is None else f"{each['days']:g} days"


def _mean(each: dict[str, Any]) -> str:
    """Return a mean with its interval, and a warning where batches are too short for it."""
    if each["mean"] is None:
        return "too few rows for an interval" if each["days"] is not None else ""
    correlation = each["correlation"]
    doubt = " (batches still go together: give more days)" if correlation is not None and correlation > 0.4 else ""
    return f"{each['mean']:.4g} [{each['low']:.4g}, {each['high']:.4g}] {each['unit']}{doubt}"


def _advice(answer: dict[str, Any]) -> str:
    wanted, given = answer["warm_up_days"], answer["given_warm_up_days"]
    if any(each["days"] is None for each in answer["series"]):
        return "some series is not steady: give more clock.days, or look for what drifts"
    if wanted == 0:
        return "steady from the start: no warm-up is needed"
    if given >= wanted:
        return f"clock.warm_up_days, {given:g}, leaves all of that out"
    return f"clock.warm_up_days: {wanted:g} would leave all of that out; it is {given:g}"
