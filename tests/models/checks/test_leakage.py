from __future__ import annotations

import numpy as np

from core.models.checks.base import Facts
from core.models.checks.leakage import PermutedLabels

CHECK = PermutedLabels()


def inspect(middle: float, observed: float, n: int = 100):
    return CHECK.inspect(Facts(permuted=np.linspace(middle - 0.05, middle + 0.05, n), observed=observed))


def test_permuted_labels_on_both_sides_of_chance_pass():
    found = inspect(0.5, 0.7)
    assert found.severity == "passed"
    assert "0.70 (p = 0.0099)" in found.explanation


def test_meaningless_labels_predicted_better_or_worse_than_chance_is_red():
    assert inspect(0.6, 0.7).severity == "red"
    assert "better" in inspect(0.6, 0.7).explanation
    assert "worse" in inspect(0.4, 0.7).explanation


def test_real_labels_that_do_no_better_are_said_so():
    assert inspect(0.5, 0.51).severity == "amber"
    assert inspect(0.5, float("nan")).severity == "amber"


def test_too_few_permutations():
    found = inspect(0.5, 0.7, n=10)
    assert found.severity == "not applicable"
    assert "10 times" in found.not_applicable_because
