"""The sampler: which settings are tried next, given the trials that are known (Optuna, tree of Parzen estimators)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from gpnde.extras import require_extra
from gpnde.study.optimise.schema import Bounds, Search

_VIOLATIONS = "violations"
_SEEDS = 2**32
"""Optuna takes seeds below this."""


class Sampler:
    """Proposes settings by multivariate TPE with constraints (Bergstra et al., 2011; Watanabe and Hutter, 2022).

    Trials that are under way count as poor ones, so that several can be asked for before the first is known. Equal
    sequences of `ask` and `tell` give equal settings.
    """

    def __init__(self, search: Search, seed: int) -> None:
        """Begin a search without any trial.

        Raises
        ------
        MissingExtra
            The extra ``optimise`` is not installed.
        """
        require_extra("optimise", "optuna")
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._failed = optuna.trial.TrialState.FAIL
        self._space = {path: _distribution(each) for path, each in search.settings.items()}
        self._settings = search.settings
        with warnings.catch_warnings():
            # Optuna warns of options that are new, which says nothing about the results.
            warnings.simplefilter("ignore")
            sampler = optuna.samplers.TPESampler(
                seed=seed % _SEEDS,
                multivariate=True,
                constant_liar=True,
                constraints_func=_violations if search.constraints else None,
            )
        spelled = {"minimise": optuna.study.StudyDirection.MINIMIZE, "maximise": optuna.study.StudyDirection.MAXIMIZE}
        directions = [spelled[each] for each in search.objectives.values()]
        self._study = optuna.create_study(sampler=sampler, directions=directions)
        self._trials: list[Any] = []

    def ask(self) -> dict[str, Any]:
        """Return the settings of the next trial by path."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trial = self._study.ask(self._space)
        self._trials.append(trial)
        return {path: self._value(path, trial.params[path]) for path in self._space}

    def tell(self, number: int, objectives: Sequence[float], violations: Sequence[float]) -> None:
        """Enter the results of a trial; violations are above 0 where a constraint is not kept."""
        trial = self._trials[number]
        trial.set_user_attr(_VIOLATIONS, list(violations))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._study.tell(trial, list(objectives))

    def tell_failed(self, number: int) -> None:
        """Enter that a trial has no results."""
        self._study.tell(self._trials[number], state=self._failed)

    def _value(self, path: str, drawn: Any) -> Any:
        setting = self._settings[path]
        return drawn if isinstance(setting, Bounds) else setting.values[drawn]  # type: ignore[union-attr]


def _violations(trial: Any) -> Sequence[float]:
    found: Sequence[float] = trial.user_attrs[_VIOLATIONS]
    return found


def _distribution(setting: Any) -> Any:
    """Return the distribution of a setting; of a list, that of the places in it, which may hold anything."""
    from optuna import distributions

    if not isinstance(setting, Bounds):
        return distributions.CategoricalDistribution(range(len(setting.values)))
    if setting.integer:
        ends = int(setting.low), int(setting.high)
        return distributions.IntDistribution(*ends, log=setting.log, step=int(setting.step or 1))
    return distributions.FloatDistribution(setting.low, setting.high, log=setting.log, step=setting.step)


def ends_of(settings: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return two values of each setting: its ends, or the first and last of a list."""
    return {path: _ends(each) for path, each in settings.items()}


def _ends(setting: Any) -> tuple[Any, Any]:
    if not isinstance(setting, Bounds):
        return setting.values[0], setting.values[-1]
    return (int(setting.low), int(setting.high)) if setting.integer else (setting.low, setting.high)
