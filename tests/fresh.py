"""A fresh virtual environment for tests of what people install: it has what this Python has, and needs no network."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

_COMMANDS = ("gpnde", "mypy", "pip", "pytest")
_OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_NO_INDEX": "1",
}
"""What makes ``pip install`` take the build tool that is there; pip reads the 0 as the option without a value."""


class Fresh(NamedTuple):
    """An environment of its own: what is installed there is seen nowhere else."""

    folder: Path

    @property
    def bin(self) -> Path:
        """Where its commands are."""
        return self.folder / "bin"

    def variables(self, **more: str) -> dict[str, str]:
        """Return the variables of a shell in which the environment is active."""
        path = os.pathsep.join([str(self.bin), str(Path(sys.executable).parent), os.environ["PATH"]])
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GPNDE_PLUGINS", "PIP_"))}
        return {**kept, **_OFFLINE, "PATH": path, "VIRTUAL_ENV": str(self.folder), **more}

    def run(self, command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command line in a folder and return what it printed, the two streams apart."""
        variables = self.variables(**more)
        return subprocess.run(command, shell=True, cwd=folder, env=variables, text=True, capture_output=True)


def fresh_environment(folder: Path) -> Fresh:
    """Make an environment in a new folder, in which nothing of a plugin's author is installed yet."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    made = Fresh(folder)
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    for number, path in enumerate(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))):
        # Lines that begin with import are carried out; a bare path would leave editable installations out.
        (packages / f"zz_this_python_{number}.pth").write_text(f"import site; site.addsitedir({path!r})\n")
    for entry in importlib.metadata.entry_points(group="console_scripts"):
        if entry.name in _COMMANDS:
            _write_command(made.bin, entry)
    return made


def _write_command(folder: Path, entry: importlib.metadata.EntryPoint) -> None:
    script = folder / entry.name
    lines = [f"#!{folder / 'python'}", "import sys", f"from {entry.module} import {entry.attr}", f"sys.exit({entry.attr}())"]
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    script.chmod(0o755)
