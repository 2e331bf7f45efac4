"""Controls: a widget for each field, in groups, with switches for mechanisms, policies and shocks."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets
from traitlets import Bunch

from gpnde.lab.fields import GROUPS, Field, Group, component_fields, component_groups, left_out, scenario_fields
from gpnde.lab.settings import Settings
from gpnde.plugin.host import plugin_host
from gpnde.scenario.law import wrong_law

OnChange = Callable[[Settings], None]
_Tell = Callable[[str], None]

_WIDE = {"width": "auto"}
_LABELS = {"description_width": "initial"}


class FieldControl(ipywidgets.VBox):
    """The control of one field: a slider with a number that can be typed, a dropdown, a text or a checkbox."""

    def __init__(self, field: Field, on_value: Callable[[str, Any], None], tell: _Tell) -> None:
        """Tell *on_value* of each new value, and *tell* what is wrong with one that was typed."""
        self.field = field
        self._on_value, self._tell = on_value, tell
        self._is_quiet = False
        self.slider = self._slider() if field.span else None
        self.input = _input(field)
        self.input.observe(self._typed, "value")
        super().__init__(self._parts())
        self.add_class("gpnde-field")

    @property
    def words(self) -> str:
        """What a search looks at."""
        return f"{self.field.path} {self.field.label} {self.field.doc}".lower()

    def reset(self) -> None:
        """Show the value that the scenario has, without notifying listeners."""
        self._show(self.field.value)

    def _parts(self) -> list[ipywidgets.Widget]:
        field = self.field
        if field.kind in ("flag", "choice"):
            return [self.input]
        unit = f" <small>({html.escape(field.unit)})</small>" if field.unit else ""
        title = f'<span title="{html.escape(field.doc)}">{html.escape(field.label)}{unit}</span>'
        row = ipywidgets.HBox([*([self.slider] if self.slider else []), self.input])
        return [ipywidgets.HTML(title), row]

    def _slider(self) -> ipywidgets.Widget:
        low, high = self.field.span or (0.0, 1.0)
        kind = ipywidgets.IntSlider if self.field.kind == "whole" else ipywidgets.FloatSlider
        number = int if self.field.kind == "whole" else float
        slider = kind(
            value=number(self.field.value), min=number(low), max=number(high), step=number(self.field.step),
            readout=False, tooltip=self.field.doc, layout={"flex": "1 1 auto", "min_width": "6em"},
        )  # fmt: skip
        slider.observe(self._slid, "value")
        return slider

    def _slid(self, change: Bunch) -> None:
        """Take what a hand has set; a page moves a slider to the nearest step by itself, which means nothing."""
        # The nearest step is half a step away at most, give or take rounding.
        if abs(change.new - self.input.value) > 0.501 * self.field.step:
            # Steps add up to numbers such as 1.9000000000000001.
            self._take(round(change.new, 9))

    def _typed(self, change: Bunch) -> None:
        if self._is_quiet:
            return
        wrong = _wrong(self.field, change.new)
        if wrong:
            self._tell(wrong)
            self._show(change.old)
            return
        self._tell("")
        self._take(change.new)

    def _take(self, value: Any) -> None:
        if not self._is_quiet:
            self._show(value)
            self._on_value(self.field.path, value)

    def _show(self, value: Any) -> None:
        self._is_quiet = True
        try:
            self.input.value = value
            if self.slider:
                # A number that is typed may lie beyond the ends of the slider.
                self.slider.value = min(max(value, self.slider.min), self.slider.max)
        finally:
            self._is_quiet = False


def _input(field: Field) -> ipywidgets.Widget:
    if field.kind == "flag":
        return ipywidgets.Checkbox(field.value, description=field.label, tooltip=field.doc, indent=False)
    if field.kind == "choice":
        return ipywidgets.Dropdown(
            options=field.choices, value=field.value, description=field.label, tooltip=field.doc, style=_LABELS
        )
    about = f"{field.label}: {field.doc}"
    if field.kind == "law":
        return ipywidgets.Text(field.value, continuous_update=False, tooltip=about, layout={"width": "16em"})
    if field.kind == "whole":
        return ipywidgets.IntText(field.value, tooltip=about, layout={"width": "6em"})
    return ipywidgets.FloatText(field.value, tooltip=about, layout={"width": "6em"})


def _wrong(field: Field, value: Any) -> str:
    if field.kind == "law":
        wrong = wrong_law(value)
        return f"{field.path}: {wrong}" if wrong else ""
    if field.kind in ("flag", "choice") or field.low <= value <= field.high:
        return ""
    unit = f" {field.unit}" if field.unit else ""
    ends = [("at least", field.low), ("at most", field.high)]
    right = " and ".join(f"{word} {end:,.10g}{unit}" for word, end in ends if abs(end) != float("inf"))
    return f"{field.path}: {value:g}: must be {right}"


class ComponentControl(ipywidgets.VBox):
    """The switch of a component, and the controls of its parameters while it is on."""

    def __init__(self, name: str, settings: Settings, on_change: OnChange, tell: _Tell) -> None:
        """Show whether the component is on; its parameters are made when it is switched on first."""
        self.name, self._settings, self._on_change, self._tell = name, settings, on_change, tell
        component = plugin_host().component(name)
        self._about = next(iter((component.__doc__ or "").strip().splitlines()), "")
        label = _label(name.partition(".")[2])
        self.switch = ipywidgets.Checkbox(
            settings.is_on(name), description=label, tooltip=self._about, indent=False, layout=_WIDE
        )
        self.fields: list[FieldControl] = []
        self._is_quiet = False
        self.switch.observe(self._switched, "value")
        super().__init__([self.switch])
        self.add_class("gpnde-component")
        self._disclose()

    @property
    def words(self) -> str:
        """What a search looks at."""
        return f"{self.name} {self.switch.description} {self._about}".lower()

    def reset(self) -> None:
        """Show the component as the scenario has it."""
        self._is_quiet = True
        self.switch.value = self._settings.is_on(self.name)
        self._is_quiet = False
        for field in self.fields:
            field.reset()
        self._disclose()

    def _switched(self, change: Bunch) -> None:
        if self._is_quiet:
            return
        self._settings.switch(self.name, change.new)
        self._disclose()
        self._on_change(self._settings)

    def _set(self, path: str, value: Any) -> None:
        self._settings.set(path, value)
        self._on_change(self._settings)

    def _disclose(self) -> None:
        if not self.switch.value:
            self.children = [self.switch]
            return
        component = plugin_host().component(self.name)
        if not self.fields:
            found = component_fields(component, self._settings.given(self.name))
            self.fields = [FieldControl(field, self._set, self._tell) for field in found]
        others = html.escape(", ".join(left_out(component)))
        note = [ipywidgets.HTML(f"<small>In a scenario file also: {others}.</small>")] if others else []
        self.children = [self.switch, *self.fields, *note]


_CAPITALS = {"Fdi": "FDI", "Rfq": "RFQ"}


def _label(name: str) -> str:
    """Return the name of a component as it is read.

    >>> _label("site-outage"), _label("fdi-attraction")
    ('Site outage', 'FDI attraction')
    """
    first, _, rest = name.replace("-", " ").capitalize().partition(" ")
    return f"{_CAPITALS.get(first, first)} {rest}".rstrip()


class ControlPanel(ipywidgets.VBox):
    """All controls of a scenario, in groups that open and close, with a search above and what is wrong below it."""

    def __init__(self, settings: Settings, on_change: OnChange) -> None:
        """Make the controls; *on_change* is called after each change of *settings*."""
        self._settings, self._on_change = settings, on_change
        self.search = ipywidgets.Text(placeholder="Search settings", tooltip="Search settings", layout=_WIDE)
        self.message = ipywidgets.HTML()
        self.message.add_class("gpnde-message")
        self.controls = self._controls()
        self.groups = ipywidgets.Accordion([_page(rows) for rows in self.controls.values()], selected_index=0)
        self.groups.titles = tuple(self.controls)
        self.search.observe(self._search, "value")
        super().__init__([self.search, self.message, self.groups])
        self.add_class("gpnde-controls")

    def reset(self) -> None:
        """Take all changes back."""
        self._settings.reset()
        self._tell("")
        for row in self._rows():
            row.reset()

    def control(self, path: str) -> FieldControl:
        """Return the control of the field at a path, whose component must be on."""
        fields = [row for row in self._rows() if isinstance(row, FieldControl)]
        fields += [field for row in self._rows() if isinstance(row, ComponentControl) for field in row.fields]
        return next(field for field in fields if field.field.path == path)

    def component(self, name: str) -> ComponentControl:
        """Return the control of a component."""
        return next(row for row in self._rows() if isinstance(row, ComponentControl) and row.name == name)

    def _rows(self) -> list[FieldControl | ComponentControl]:
        return [row for rows in self.controls.values() for row in rows]

    def _controls(self) -> dict[Group, list[FieldControl | ComponentControl]]:
        components = component_groups(plugin_host().components)
        fields = scenario_fields(self._settings.base)
        found: dict[Group, list[FieldControl | ComponentControl]] = {}
        for group in GROUPS:
            own = [FieldControl(field, self._set, self._tell) for field in fields if field.group == group]
            switches = [
                ComponentControl(name, self._settings, self._on_change, self._tell)
                for name in components.get(group, ())
                if group != "Knowledge diffusion" or self._settings.base.learns
            ]
            if own or switches:
                found[group] = [*own, *switches]
        return found

    def _set(self, path: str, value: Any) -> None:
        self._settings.set(path, value)
        self._on_change(self._settings)

    def _tell(self, text: str) -> None:
        self.message.value = f'<span role="alert">{html.escape(text)}</span>' if text else ""

    def _search(self, change: Bunch) -> None:
        wanted = change.new.strip().lower()
        for row in self._rows():
            row.layout.display = None if wanted in row.words else "none"
        counts = [sum(wanted in row.words for row in rows) for rows in self.controls.values()]
        self.groups.titles = tuple(
            f"{group} ({count})" if wanted else group for group, count in zip(self.controls, counts, strict=True)
        )
        if wanted and any(counts):
            self.groups.selected_index = counts.index(max(counts))


def _page(rows: list[FieldControl | ComponentControl]) -> ipywidgets.VBox:
    """Return the controls of a group, each block of the scenario under its name."""
    found: list[ipywidgets.Widget] = []
    before = ""
    for row in rows:
        block = row.field.path.rpartition(".")[0] if isinstance(row, FieldControl) else ""
        if block not in ("", "clock", before):
            found.append(ipywidgets.HTML(f"<b>{html.escape(block.replace('.', ', ').capitalize())}</b>"))
        before = block
        found.append(row)
    return ipywidgets.VBox(found)
