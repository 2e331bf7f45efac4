"""A measure that some or all runs do not define stops no command, and is said to be not defined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

Gpnde = Callable[..., Result]

SHARE = "policy.effort-subsidy.leakage_share"
STUDY = f"""\
scenario: small-open-economy
replications: 1
settings: {{clock.days: 56}}
arms:
  none:
  late: {{components: [{{use: policy.effort-subsidy, start_day: 100}}]}}
  soon: {{components: [{{use: policy.effort-subsidy, start_day: 0}}]}}
uncertainties: {{ordering.review_days: {{low: 7, high: 14}}}}
design: {{kind: sobol, samples: 2}}
measures: [{SHARE}, flow.fill_rate]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("undefined")


@pytest.fixture
def out(gpnde: Gpnde, place: Path) -> Path:
    folder = place / "out"
    if not folder.exists():
        (place / "study.yaml").write_text(STUDY)
        done = gpnde("batch", place / "study.yaml", "--out", folder, "--jobs", 1)
        assert done.exit_code == 0, done.output
    return folder


@pytest.mark.thorough
def test_batch_keeps_the_measure_without_a_value(out: Path) -> None:
    runs, outcomes = (pl.read_parquet(out / f"{name}.parquet") for name in ("runs", "outcomes"))
    values = runs.join(outcomes.filter(measure=SHARE), on="key")
    counts = {arm: values.filter(arm=arm)["value"].null_count() for arm in ("late", "soon")}
    assert counts == {"late": values.filter(arm="late").height, "soon": 0}
    assert values.filter(arm="none").is_empty()
    assert set(runs["status"]) == {"ok"}


@pytest.mark.thorough
def test_compare_says_that_it_is_not_defined(gpnde: Gpnde, out: Path) -> None:
    done = gpnde("compare", out)
    assert done.exit_code == 0
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith(SHARE)]
    assert len(rows) == 2
    late, soon = rows
    assert late == [SHARE, *"not defined not defined".split(), "-", "1", "not", "defined", "-", "-", "-"]
    assert soon[:4] == [SHARE, "not", "defined", "mean"]
    assert f"not defined: {SHARE} in " in done.stderr
    assert "fill_rate" in done.stdout


def test_sensitivity_leaves_it_out_and_says_so(gpnde: Gpnde, out: Path) -> None:
    done = gpnde("sensitivity", out)
    assert done.exit_code == 0
    assert f"arm late: {SHARE}: not defined in any run: left out" in done.stderr


@pytest.mark.parametrize("command", ["status", "report"])
def test_other_commands_take_it(gpnde: Gpnde, out: Path, command: str) -> None:
    done = gpnde(command, out)
    assert done.exit_code == 0, done.output


def test_report_says_that_it_is_not_defined(gpnde: Gpnde, out: Path) -> None:
    gpnde("report", out)
    assert "not defined" in (out / "report.html").read_text()


def test_charts_are_drawn_without_it(gpnde: Gpnde, out: Path, tmp_path: Path) -> None:
    done = gpnde("charts", out, "--out", tmp_path / "drawn")
    assert done.exit_code == 0, done.output


def test_rerun_is_identical_where_it_is_not_defined(gpnde: Gpnde, out: Path) -> None:
    key = pl.read_parquet(out / "runs.parquet").filter(arm="late")["key"][0]
    done = gpnde("rerun", out, key)
    assert (done.exit_code, done.stdout.partition(":")[0]) == (0, "identical")
