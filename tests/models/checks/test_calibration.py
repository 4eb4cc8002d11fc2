from __future__ import annotations

import pytest

from core.models.checks.base import Facts, words
from core.models.checks.calibration import Calibration
from core.models.metrics.base import Interval


@pytest.mark.parametrize(
    ("slope", "large", "severity", "word"),
    [
        (Interval(0.9, 0.6, 1.2), Interval(0.0, -0.2, 0.2), "passed", "Both hold"),
        (Interval(0.4, 0.2, 0.6), Interval(0.0, -0.2, 0.2), "amber", "too extreme"),
        (Interval(2.0, 1.5, 2.5), Interval(0.0, -0.2, 0.2), "amber", "too close together"),
        (Interval(1.0, 0.8, 1.2), Interval(0.5, 0.2, 0.8), "amber", "too low on average"),
        (Interval(1.0, 0.8, 1.2), Interval(-0.5, -0.8, -0.2), "amber", "too high on average"),
        (Interval(0.8, 0.6, 1.0), Interval(-0.2, -0.4, 0.0), "passed", "Both hold"),
        (Interval(1.2, 1.0, 1.4), Interval(0.2, 0.0, 0.4), "passed", "Both hold"),
    ],
)
def test_slope_and_average(slope: Interval, large: Interval, severity: str, word: str):
    found = Calibration().inspect(Facts(slope=slope, in_the_large=large))
    assert found.severity == severity
    assert word in found.explanation


def test_without_a_slope():
    assert Calibration().inspect(Facts()).severity == "not applicable"


def test_numbers_carry_a_true_minus_and_nothing_has_no_sign():
    assert words(Interval(-0.004, -0.26, 0.25)) == "0.00 (95 % interval −0.26 to 0.25)"
    assert words(Interval(-0.5, float("nan"), float("nan"))) == "−0.50"
