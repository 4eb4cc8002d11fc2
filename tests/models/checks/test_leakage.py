from __future__ import annotations

import numpy as np
import pandas as pd

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


def of(permuted: list[float], *, centres: int = 0):
    each = pd.DataFrame({"case": [9] * centres, "control": [9] * centres})
    return CHECK.inspect(Facts(permuted=np.array(permuted), observed=0.9, centres=each))


def test_twenty_permutations_are_enough_and_nineteen_are_not():
    assert of([0.4, 0.6] * 10).severity != "not applicable"
    assert of([0.4, 0.6] * 9 + [0.5]).severity == "not applicable"


def test_a_spread_that_touches_chance_holds_it():
    assert of([0.5] * 99).severity == "passed"
    assert of([0.5] * 60 + [0.6] * 39).severity == "passed"
    assert of([0.5] * 60 + [0.4] * 39).severity == "passed"


def test_real_labels_are_better_where_at_most_one_in_twenty_is_as_good():
    others = [0.4, 0.6] * 18
    assert of([*others, 0.5, 0.5, 0.9]).severity == "passed"  # p = (1 + 1) / (1 + 39) = .05, a tie counted
    assert of([*others, 0.5, 0.9, 0.9]).severity == "amber"


def test_the_middle_is_ninety_five_percent():
    assert "was 0.02 to 0.78 (middle 95 %)" in of(np.linspace(0, 0.8, 101).tolist()).explanation


def test_within_what_labels_were_permuted_is_said():
    permuted = [0.4, 0.6] * 20
    assert "within each fold and centre, the" in of(permuted, centres=2).explanation
    assert "within each fold, the" in of(permuted, centres=1).explanation
