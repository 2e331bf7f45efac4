"""The `gpnde` command.

What a command needs is imported when it runs, so that asking for help is quick.
"""

from __future__ import annotations

import click

from gpnde import __version__
from gpnde.cli import check, listings, make, run
from gpnde.cli.shell import Commands

commands = Commands(
    "gpnde",
    help="Simulate global production networks. The first thing to try: gpnde run hdd-southeast-asia",
    commands=[
        check.check,
        check.doctor,
        listings.plugins,
        listings.scenarios,
        listings.schema,
        make.import_files,
        make.new,
        run.rerun,
        run.run,
    ],
)
click.version_option(__version__, prog_name="gpnde", message="%(prog)s %(version)s")(commands)


def main() -> None:
    """Run the command line of this process."""
    commands.main(prog_name="gpnde")
