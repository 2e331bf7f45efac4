"""Start Voila with the page template of gpnde, which loads nothing from the internet.

Voila looks for templates in the folders of Jupyter only, so the one of gpnde is named before Voila is loaded.
"""

from __future__ import annotations

import os
from importlib.resources import as_file, files


def main() -> None:
    """Serve the notebook that the command line names."""
    with as_file(files("gpnde.lab") / "jupyter") as folder:
        others = os.environ.get("JUPYTER_PATH", "")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), others]))
        from voila.app import main as serve

        serve()


if __name__ == "__main__":
    main()
