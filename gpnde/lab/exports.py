"""Exports: the chart as a picture or page, tables, the scenario as a file, and the Python that repeats the run."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets

from gpnde.errors import GpndeError
from gpnde.lab.gallery import TREATMENT, Gallery
from gpnde.lab.settings import Settings
from gpnde.lab.wording import title_of
from gpnde.results.run import Run
from gpnde.results.sheets import for_spreadsheets
from gpnde.results.storage import write_table

_CHART_FORMATS = ("PNG", "SVG", "HTML")
_TABLE_FORMATS = ("CSV", "Parquet")
_NARROW: dict[str, Any] = {"layout": {"width": "auto"}, "style": {"description_width": "initial"}}


class Exports(ipywidgets.VBox):
    """Buttons that save what is shown: the browser keeps it, and the folder of the user the scenario as well."""

    def __init__(self, settings: Settings, gallery: Gallery, tell: Callable[[str], None]) -> None:
        """Take from *settings* and *gallery*, and *tell* in one line what was saved or why not."""
        self._settings, self._gallery, self._tell = settings, gallery, tell
        self.chart_format = ipywidgets.Dropdown(options=_CHART_FORMATS, description="Chart as", **_NARROW)
        self.save_chart = self._button("Save chart", self._save_chart)
        self.table = ipywidgets.Dropdown(description="Table", **_NARROW)
        self.table_format = ipywidgets.Dropdown(options=_TABLE_FORMATS, description="as", **_NARROW)
        self.save_table = self._button("Save table", self._save_table)
        self.file = ipywidgets.Text("my-scenario.yaml", description="Scenario", **_NARROW)
        self.save_scenario = self._button("Save scenario", self._save_scenario)
        self.replace = ipywidgets.Checkbox(
            description="Replace", tooltip="Whether a file of this name is replaced", indent=False, **_NARROW
        )
        self.show_python = ipywidgets.ToggleButton(
            description="Show Python", tooltip="The lines of Python that give the same run"
        )
        self.python = ipywidgets.Textarea(disabled=True, layout={"width": "auto", "height": "14em", "display": "none"})
        self.show_python.observe(lambda change: self.refresh(), "value")
        wrap = {"flex_flow": "row wrap"}
        super().__init__(
            [
                ipywidgets.HBox([self.chart_format, self.save_chart], layout=wrap),
                ipywidgets.HBox([self.table, self.table_format, self.save_table], layout=wrap),
                ipywidgets.HBox([self.file, self.save_scenario, self.replace, self.show_python], layout=wrap),
                self.python,
            ]
        )
        self.add_class("gpnde-exports")

    def refresh(self) -> None:
        """Show the Python of the present settings if it is wanted, and offer the tables that there are."""
        self.python.layout.display = None if self.show_python.value else "none"
        self.python.value = self._settings.python() if self.show_python.value else ""
        run = self._gallery.runs.get(TREATMENT)
        if run is not None:
            names = tuple(name for name, table in run.tables.items() if not table.is_empty())
            titles = tuple((title_of(name), name) for name in names)
            if titles != self.table.options:
                self.table.options = titles
                self.table.value = self.table.value or names[0]

    def _button(self, label: str, action: Callable[[], str]) -> ipywidgets.Button:
        button = ipywidgets.Button(description=label)
        button.on_click(lambda _: self._do(action))
        return button

    def _do(self, action: Callable[[], str]) -> None:
        try:
            self._tell(action())
        except GpndeError as error:
            self._tell(str(error))

    def _run(self) -> Run:
        run = self._gallery.runs.get(TREATMENT)
        if run is None:
            raise GpndeError(given="nothing to save yet", expected="run the scenario first")
        return run

    def _save_chart(self) -> str:
        name = f"{self._run().name}-{self._gallery.kind.name}.{self.chart_format.value.lower()}"
        view = self._gallery.views[TREATMENT]
        if self.chart_format.value == "HTML":
            view.download(name, view.html())
        else:
            view.export(self.chart_format.value.lower(), name)
        return f"saved {name}"

    def _save_table(self) -> str:
        run, table = self._run(), self.table.value
        if table is None:
            raise GpndeError(given="no table chosen yet", expected="run the scenario first")
        name = f"{run.name}-{table}.{self.table_format.value.lower()}"
        self._gallery.views[TREATMENT].download(name, _bytes_of(run, table, self.table_format.value))
        return f"saved {name}"

    def _save_scenario(self) -> str:
        target = place_in(Path.cwd(), self.file.value)
        if target.exists() and not self.replace.value:
            raise GpndeError(where=str(target), expected="is there already: give another name, or tick Replace")
        self._settings.save(target)
        if target.is_file():
            self._gallery.views[TREATMENT].download(target.name, target.read_bytes())
        return f"saved {target}"


def place_in(folder: Path, name: str) -> Path:
    """Return where a file of that name lies in *folder* or below it.

    Raises
    ------
    GpndeError
        It would lie elsewhere, links followed.

    >>> place_in(Path("/home/mina"), "../../etc/passwd")
    Traceback (most recent call last):
    gpnde.errors.GpndeError: '../../etc/passwd': is not a name in /home/mina: give one without '..', such as my.yaml
    """
    target = (folder / name).resolve()
    if target == folder.resolve() or not target.is_relative_to(folder.resolve()):
        raise GpndeError(
            given=repr(name), expected=f"is not a name in {folder}: give one without '..', such as my.yaml"
        )
    return target


def _bytes_of(run: Run, table: str, form: Any) -> bytes:
    if form == "CSV":
        return for_spreadsheets(run.table(table)).write_csv().encode()
    buffer = io.BytesIO()
    write_table(table, run.table(table), buffer)
    return buffer.getvalue()
