from __future__ import annotations

from core.models.checks.base import Facts
from core.models.checks.size import SampleSize
from core.models.metrics.base import Interval


def facts(n: int, half: float, parameters: int) -> Facts:
    auc = {"genes": Interval(0.7, 0.7 - half, 0.7 + half)}
    return Facts(n_case=n, n_control=n, auc=auc, parameters=parameters)


def test_a_wide_interval_is_explained():
    found = SampleSize().inspect(facts(21, 0.16, 5000))
    assert found.severity == "amber"
    assert "±0.16, because each patient weighs 1 in 21" in found.explanation


def test_more_predictors_than_the_sample_carries_are_told():
    found = SampleSize().inspect(facts(147, 0.06, 5000))
    assert found.severity == "note"
    assert "carries 4 predictor parameters" in found.explanation


def test_enough():
    assert SampleSize().inspect(facts(2000, 0.01, 5)).severity == "passed"


def test_without_a_model():
    assert SampleSize().inspect(Facts()).severity == "not applicable"
