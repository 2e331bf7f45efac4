"""What decides where the drive maker of the preset has its plants in 1995: a small screening (Morris, 1991).

Run ``python -m studies.places`` from the root of a checkout; it runs ``studies/places.yaml`` and writes
``docs/studies/places.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import gpnde
from gpnde.study.sensitivity import sensitivity
from studies.page import FOLDER, markdown_table, write_tables

FILE = Path(__file__).with_name("places.yaml")
PAGE = FOLDER / "places.md"
MEASURES = {
    "space.share.capacity.asia": "Asia's capacity",
    "space.share.employment.asia": "Asia's employment",
    "space.share.capacity.bangkok.asia": "Bangkok's capacity",
    "space.share.capacity.singapore.asia": "Singapore's capacity",
    "space.share.employment.bangkok.asia": "Bangkok's employment",
    "flow.fill_rate": "Fill rate",
}
"""What stands at the head of each column, by measure."""

UNKNOWN = "–"
"""Stands where a measure is not defined at all points."""


def run_study(samples: int | None = None, days: float | None = None) -> pl.DataFrame:
    """Run the study file and return elementary effects, one row per measure, setting and index.

    *samples* are trajectories, those of the file if left out; *days* shorten the runs.
    """
    study = gpnde.load_study(FILE, {} if days is None else {"clock.days": days})
    if samples is not None and study.design is not None:
        study = study.model_copy(update={"design": study.design.model_copy(update={"samples": samples})})
    with TemporaryDirectory() as folder:
        status = study.run(Path(folder) / "runs")
        if status.ok < status.planned:
            raise RuntimeError(f"{FILE.stem}: {status.text()}: all runs must be ok")
        return sensitivity(gpnde.open_study(Path(folder) / "runs")).indices


def table(indices: pl.DataFrame) -> str:
    """Return the table of mean effects, and mean absolute effects in brackets, over the whole range of each setting."""
    settings = indices["setting"].unique(maintain_order=True).to_list()
    header = ("Over the range of", *MEASURES.values())
    return markdown_table(
        header, [[f"`{name}`", *(_cell(indices, each, name) for each in MEASURES)] for name in settings]
    )


def _cell(indices: pl.DataFrame, measure: str, setting: str) -> str:
    found = indices.filter((pl.col("measure") == measure) & (pl.col("setting") == setting))
    values = dict(found.select("index", "value").iter_rows())
    return f"{values['mu']:+.2f} ({values['mu_star']:.2f})" if {"mu", "mu_star"} <= values.keys() else UNKNOWN


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the screening on all cores and write its page."""
    parser = argparse.ArgumentParser(prog="python -m studies.places", description=__doc__)
    parser.add_argument("--samples", type=int, help="trajectories, at least 2; left out: as the study file says")
    write_tables(PAGE, [table(run_study(parser.parse_args(arguments).samples))])


if __name__ == "__main__":
    main()
