"""The `gpnde` command.

What a command needs is imported when it runs, so that asking for help is quick.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from gpnde import __version__
from gpnde.cli import (
    batch,
    charts,
    check,
    lab,
    listings,
    make,
    optimise,
    plugins,
    resilience,
    run,
    safety_stock,
    study,
)
from gpnde.cli.added import plugin_option
from gpnde.cli.shell import Commands

commands = Commands(
    "gpnde",
    help="Simulate global production networks. The first thing to try: gpnde run hdd-southeast-asia",
    params=[plugin_option()],
    commands=[
        batch.batch,
        charts.charts,
        check.check,
        check.doctor,
        lab.lab,
        listings.laws,
        listings.metrics,
        listings.scenarios,
        listings.schema,
        make.import_files,
        make.new,
        optimise.optimise,
        plugins.plugins,
        resilience.resilience,
        run.rerun,
        run.run,
        safety_stock.safety_stock,
        study.compare,
        study.report,
        study.sensitivity,
        study.status,
    ],
)
click.version_option(__version__, prog_name="gpnde", message="%(prog)s %(version)s")(commands)


def main() -> None:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that does not know a letter shows a question mark; the run goes on.
            stream.reconfigure(errors="replace")
    commands.main(prog_name="gpnde")
