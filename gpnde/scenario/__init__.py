"""What a user writes: scenarios, their files, their presets and their checks."""

from gpnde.scenario.check import check_scenario
from gpnde.scenario.files import load_scenario, save_scenario
from gpnde.scenario.json_schema import scenario_schema
from gpnde.scenario.presets import preset_names
from gpnde.scenario.schema import Scenario

__all__ = ["Scenario", "check_scenario", "load_scenario", "preset_names", "save_scenario", "scenario_schema"]
