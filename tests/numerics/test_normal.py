"""The normal distribution of arrays."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from gpnde.numerics.draws import normal_quantile
from gpnde.numerics.normal import normal_probability


def test_chances_are_those_of_the_error_function() -> None:
    quantiles = np.linspace(-8.0, 8.0, 33).reshape(3, 11)
    expected = [[0.5 * math.erfc(-each / math.sqrt(2.0)) for each in row] for row in quantiles.tolist()]
    assert normal_probability(quantiles) == pytest.approx(np.array(expected), rel=1e-12, abs=0.0)


def test_the_quantile_of_a_chance_is_where_it_came_from() -> None:
    assert normal_quantile(float(normal_probability(1.3))) == pytest.approx(1.3, rel=1e-14)


def test_the_engine_does_not_load_what_only_some_runs_need() -> None:
    code = "import sys, gpnde.engine.simulate; print('scipy.special' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
