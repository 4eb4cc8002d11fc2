"""Riley's criteria, against worked examples and the figures this product quotes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from core.errors import InputError
from core.models.metrics.size import cox_snell_r2, largest_r2, parameters_allowed, sample_size


def test_worked_example_of_pmsampsize():
    """The program of the authors prints 623, 662 and 221; it leaves the criterion of the mean error out."""
    found = sample_size(parameters=24, prevalence=0.174, r2=0.288)
    assert (found.shrinkage, found.optimism, found.overall_risk) == (623, 662, 221)
    assert found.needed == found.mean_error > 662


def test_293_patients_carry_four_parameters_at_a_c_statistic_of_070():
    assert parameters_allowed(293, prevalence=0.51, c=0.70) == 4
    assert sample_size(parameters=4, prevalence=0.51, c=0.70).for_parameters <= 293


def test_twenty_parameters_need_the_quoted_number():
    """1,379 follows from R² = 0.1215; integrated without error of simulation the same c gives 0.1208."""
    assert sample_size(parameters=20, prevalence=0.51, r2=0.12155).needed == 1379
    exact = sample_size(parameters=20, prevalence=0.51, c=0.70)
    assert exact.needed == pytest.approx(1379, rel=0.01)


def test_conversion_of_c_equals_the_likelihood_of_a_large_cohort():
    rng, n, c, prevalence = np.random.default_rng(1), 400_000, 0.75, 0.3
    y = rng.random(n) < prevalence
    apart = np.sqrt(2) * norm.ppf(c)
    score = rng.normal(apart * y, 1)
    risk = expit(apart * score - apart**2 / 2 + np.log(prevalence / (1 - prevalence)))
    gained = np.log(np.where(y, risk, 1 - risk)).mean() - np.log(np.where(y, y.mean(), 1 - y.mean())).mean()
    assert cox_snell_r2(c, prevalence=prevalence) == pytest.approx(1 - np.exp(-2 * gained), abs=0.002)


def test_largest_r2_at_one_half_is_three_quarters():
    assert largest_r2(0.5) == pytest.approx(0.75)


def test_more_parameters_than_the_second_criterion_holds_for_leave_it_out():
    assert sample_size(parameters=31, prevalence=0.5, c=0.7).mean_error == 0


def test_every_value_out_of_range_is_named():
    with pytest.raises(InputError) as caught:
        sample_size(parameters=0, prevalence=1.0, c=0.5)
    assert len(caught.value.faults) == 3
