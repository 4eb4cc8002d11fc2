from __future__ import annotations

import pytest

from core.models.checks.base import Facts, digits, words
from core.models.checks.size import SampleSize
from core.models.metrics.base import Interval
from core.models.metrics.size import parameters_allowed


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


def test_the_limit_of_what_is_called_wide():
    below = SampleSize().inspect(facts(2000, 0.1 - 1e-9, 5))
    above = SampleSize().inspect(facts(2000, 0.1 + 1e-9, 5))
    assert (below.severity, above.severity) == ("passed", "amber")


def test_as_many_parameters_as_are_allowed_are_not_too_many():
    allowed = parameters_allowed(400, prevalence=0.5, c=0.7)
    assert SampleSize().inspect(facts(200, 0.05, allowed)).severity == "passed"
    assert SampleSize().inspect(facts(200, 0.05, allowed + 1)).severity == "note"


def test_a_patient_weighs_one_in_the_smaller_group():
    auc = {"genes": Interval(0.7, 0.65, 0.75)}
    for n_case, n_control in ((30, 90), (90, 30)):
        found = SampleSize().inspect(Facts(n_case=n_case, n_control=n_control, auc=auc, parameters=1))
        assert "each patient weighs 1 in 30" in found.explanation


@pytest.mark.parametrize(
    ("value", "taken"), [(0.4, 0.55), (0.54, 0.55), (0.55, 0.55), (0.95, 0.95), (0.999, 0.95)]
)
def test_the_area_that_riley_is_asked_about_stays_within_what_is_plausible(value: float, taken: float):
    auc = {"genes": Interval(value, value - 0.01, value + 0.01)}
    found = SampleSize().inspect(Facts(n_case=150, n_control=150, auc=auc, parameters=10_000))
    assert f"carries {parameters_allowed(300, prevalence=0.5, c=taken)} predictor" in found.explanation


def test_digits_have_a_true_minus_and_nothing_has_no_sign():
    assert [digits(value) for value in (-0.25, 0.25, -0.001, 0.0)] == ["−0.25", "0.25", "0.00", "0.00"]
    assert words(Interval(0.7, 0.61, 0.79)) == "0.70 (95 % interval 0.61 to 0.79)"
    assert words(Interval(0.7, float("nan"), float("nan"))) == "0.70"
