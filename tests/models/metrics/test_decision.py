"""Decisions at a cut-off, against R and against counting."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.errors import InputError
from core.models.metrics.base import shift_prevalence
from core.models.metrics.decision import confusion, net_benefit
from tests.models.metrics.test_base import reference, well_calibrated

Y = np.array([1, 1, 1, 1, 0, 0, 0, 0])
P = np.array([0.9, 0.8, 0.6, 0.2, 0.7, 0.4, 0.3, 0.1])


def test_net_benefit_equals_r():
    table, said = reference()
    prefix = "net_benefit_a_"
    expected = said[said.index.str.startswith(prefix)]
    thresholds = [float(name.removeprefix(prefix)) for name in expected.index]
    found = net_benefit(table["y"], table["p_a"], thresholds)
    assert len(found) == 6
    assert_allclose(found["net_benefit"], expected, atol=1e-6, rtol=0)


def test_net_benefit_by_hand_with_its_references():
    found = net_benefit(Y, P, [0.5]).iloc[0]
    assert found["net_benefit"] == pytest.approx((3 - 1) / 8)
    assert found["treat_all"] == pytest.approx(0)
    assert net_benefit(Y, P, [0.01]).iloc[0]["net_benefit"] == pytest.approx(
        net_benefit(Y, P, [0.01]).iloc[0]["treat_all"]
    )


def test_net_benefit_at_another_share_equals_that_of_a_cohort_with_it():
    y, p = well_calibrated(600_000, seed=3)
    kept = (y == 0) | (np.random.default_rng(1).random(len(y)) < 0.3)
    target = y[kept].mean()
    there = net_benefit(y[kept], shift_prevalence(p[kept], study=y.mean(), target=target))
    here = net_benefit(y, p, prevalence=target)
    assert_allclose(here["net_benefit"], there["net_benefit"], atol=0.006)


@pytest.fixture(scope="module")
def cohorts_of_the_study() -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, list[np.ndarray]]:
    """A large population, and the outcomes and risks of 400 studies with 150 cases and 143 controls."""
    y, p = well_calibrated(500_000, seed=9)
    rng = np.random.default_rng(2)
    draws = [np.concatenate([rng.choice(p[y == 1], 150), rng.choice(p[y == 0], 143)]) for _ in range(400)]
    # As learnt where 150 of 293 are cases; in the population half are.
    risks = [shift_prevalence(risk, study=y.mean(), target=150 / 293) for risk in draws]
    return (y, p), np.repeat([1, 0], [150, 143]), risks


def test_net_benefit_intervals_hold_the_truth(cohorts_of_the_study):
    (y, p), outcome, risks = cohorts_of_the_study
    truth = net_benefit(y, p, [0.4])["net_benefit"].iloc[0]
    found = [net_benefit(outcome, risk, [0.4], prevalence=y.mean()).iloc[0] for risk in risks]
    held = np.mean([one["lower"] <= truth <= one["upper"] for one in found])
    assert 0.92 <= held <= 0.98


def test_predictive_value_intervals_hold_the_truth(cohorts_of_the_study):
    (y, p), outcome, risks = cohorts_of_the_study
    truth = confusion(y, p, cutoff=0.4)
    for name in ("positive_predictive", "negative_predictive"):
        found = [getattr(confusion(outcome, r, cutoff=0.4, prevalence=y.mean()), name) for r in risks]
        held = np.mean([one.lower <= getattr(truth, name).value <= one.upper for one in found])
        assert 0.92 <= held <= 0.98


def test_confusion_by_hand():
    found = confusion(Y, P, cutoff=0.5)
    counts = (found.true_positive, found.false_positive, found.true_negative, found.false_negative)
    assert counts == (3, 1, 3, 1)
    assert (found.n_cases, found.n_controls) == (4, 4)
    assert found.sensitivity.value == 0.75
    assert found.positive_predictive.value == pytest.approx(0.75)
    assert found.called == pytest.approx(0.5)


def test_a_risk_equal_to_the_cutoff_is_called_a_case():
    assert confusion(Y, P, cutoff=0.6).true_positive == 3


def test_rarer_cases_lower_the_positive_and_raise_the_negative_predictive_value():
    cutoff = float(shift_prevalence(0.5, study=0.5, target=0.2))
    there = confusion(Y, P, cutoff=cutoff, prevalence=0.2)
    assert (there.true_positive, there.false_positive) == (3, 1)
    assert there.positive_predictive.value == pytest.approx(0.2 * 0.75 / (0.2 * 0.75 + 0.8 * 0.25))
    assert there.negative_predictive.value == pytest.approx(0.8 * 0.75 / (0.8 * 0.75 + 0.2 * 0.25))


def test_the_same_cutoff_calls_fewer_where_cases_are_rarer():
    assert confusion(Y, P, cutoff=0.5, prevalence=0.2).true_positive < 3


@pytest.mark.parametrize("cutoff", [0.0, 0.05, 0.95, 1.0])
def test_intervals_hold_their_value_where_a_count_is_zero(cutoff):
    found = confusion(Y, P, cutoff=cutoff)
    for one in (found.positive_predictive, found.negative_predictive, found.sensitivity, found.specificity):
        assert np.isnan(one.value) or one.lower <= one.value <= one.upper


def test_thresholds_out_of_range_are_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        net_benefit(Y, P, [0.5, 1.0])
    with pytest.raises(InputError, match="share of cases"):
        confusion(Y, P, cutoff=0.5, prevalence=1.5)
