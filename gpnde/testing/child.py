"""The other process of the kit: it reads requests, one JSON object per line, makes runs and answers likewise."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from gpnde.errors import GpndeError
from gpnde.plugin.lookout import LOOKOUT, VARIABLE, Call
from gpnde.scenario.schema import Scenario
from gpnde.testing.references import Reference
from gpnde.testing.runs import outcome
from gpnde.testing.transport import packed


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the fingerprints of the run that is asked for, or the error that ended it."""
    sys.path[:] = request["path"]
    os.chdir(request["folder"])
    try:
        classes = [Reference(*each).load() for each in request["components"]]
        return {"tables": outcome(Scenario.model_validate(request["scenario"]), classes).tables}
    except (Exception, SystemExit) as error:
        # A component that calls sys.exit must not end the process, which serves further requests.
        return {"error": packed(error)}


def main() -> None:
    """Answer requests until there are no more; what components print goes to stderr."""
    with _own_output() as output:
        LOOKOUT.tell = lambda call: _give_up(call, output)
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), file=output, flush=True)


def _give_up(call: Call, output: TextIO) -> None:
    """Answer that a component does not return, and end this process, which nothing else can stop."""
    error = GpndeError(f"{call}: raise {VARIABLE} if it needs more", origin=call.origin)
    print(json.dumps({"lost": packed(error)}), file=output, flush=True)
    os._exit(1)


def _own_output() -> TextIO:
    """Return the standard output, and lead all that is printed to the standard error instead."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # By descriptor, so that what compiled code prints is led away, too.
    os.dup2(2, 1)
    return output


if __name__ == "__main__":
    main()
