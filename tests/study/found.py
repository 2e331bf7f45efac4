"""Results of studies that are made up, so that what is made of them is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from gpnde.study.results import StudyResults
from gpnde.study.schema import Study

Found = Callable[[int, int], Mapping[str, float | None]]
"""What runs at a point in a replication give, by measure."""

_RUNS = {"key": pl.String, "arm": pl.String, "point": pl.Int64, "replication": pl.Int64, "seed": pl.Int64}


def made_up(
    values: Mapping[str, Found],
    points: int = 1,
    replications: int = 4,
    status: Callable[..., str] | None = None,
    **study: Any,
) -> StudyResults:
    """Return what a study would have found if each arm gave what its function in *values* says.

    *status* is asked with arm, point and replication; runs that are not ok give nothing.
    """
    runs, outcomes = [], []
    for arm, found in values.items():
        for point in range(points):
            for replication in range(replications):
                state = status(arm, point, replication) if status else "ok"
                key = f"{arm}-{point}-{replication}"
                runs.append((key, arm, point, replication, 1, float(point), state, None))
                measured = found(point, replication) if state == "ok" else {}
                outcomes += [(key, name, value, "1") for name, value in measured.items() if value is not None]
    given = {"name": "made-up", "scenario": "beer-game", "measures": ["*"], "replications": replications}
    made = Study.model_validate({**given, "arms": {arm: {} for arm in values}, **study})
    table = pl.DataFrame(
        runs, schema={**_RUNS, "clock.days": pl.Float64, "status": pl.String, "fingerprint": pl.String}, orient="row"
    )
    columns = {"key": pl.String, "measure": pl.String, "value": pl.Float64, "unit": pl.String}
    return StudyResults(made, table, pl.DataFrame(outcomes, schema=columns, orient="row"))
