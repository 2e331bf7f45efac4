"""Start Voila behind a closed door, with the page template of gpnde, which loads nothing from the internet.

Voila by itself asks for no token, answers under any name and hands out files unasked. Voila looks for templates in the
folders of Jupyter only, so the one of gpnde is named before Voila is loaded.
"""

from __future__ import annotations

import html
import os
import webbrowser
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

_REDIRECT = '<!doctype html><meta http-equiv="refresh" content="0; url={address}"><a href="{address}">The lab</a>'


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the notebook that the command line names."""
    with as_file(files("gpnde.lab") / "jupyter") as folder:
        others = os.environ.get("JUPYTER_PATH", "")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), others]))
        page_server().launch_instance(arguments)


def page_server() -> Any:
    """Return the class of the server; it is made here because Voila is to be loaded late."""
    from traitlets import Bool
    from voila.app import Voila

    from gpnde.lab.door import guarded

    class PageServer(Voila):
        """Voila with a token of its own, that answers this machine and pages of its own only."""

        name = "gpnde-lab"
        auto_token = Bool(True, config=True, help="Make a token.")

        def init_settings(self) -> dict[str, Any]:
            """Return the settings of the server, which answers this machine only."""
            return {**super().init_settings(), "allow_remote_access": False}

        def init_handlers(self) -> list[Any]:
            """Return what answers which address, each behind the door."""
            return [guarded(route) for route in super().init_handlers()]

        def launch_browser(self) -> None:
            """Open a browser by way of a file that only the user can read: all can see the words of commands."""
            file = Path(self.connection_dir) / "open.html"
            file.write_text(_REDIRECT.format(address=html.escape(self.display_url)), encoding="utf-8")
            webbrowser.open(file.as_uri())

    return PageServer


if __name__ == "__main__":
    main()
