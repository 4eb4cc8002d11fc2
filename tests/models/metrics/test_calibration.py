"""Calibration, against R's glm and against risks known to be right."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, logit

from core.models.metrics.base import shift_prevalence, wilson
from core.models.metrics.calibration import calibration_curve, calibration_slope_intercept
from tests.models.metrics.test_base import reference, well_calibrated


def test_slope_and_calibration_in_the_large_equal_r():
    table, said = reference()
    found = calibration_slope_intercept(table["y"], table["p_a"])
    assert found.slope.value == pytest.approx(said["calibration_slope_a"], abs=1e-6)
    assert found.in_the_large.value == pytest.approx(said["calibration_in_the_large_a"], abs=1e-6)


def test_known_distortion_is_found_again():
    y, p = well_calibrated(200_000, seed=1)
    found = calibration_slope_intercept(y, expit(2 * logit(p) + 0.5))
    assert found.slope.value == pytest.approx(0.5, abs=0.01)
    assert found.intercept.value == pytest.approx(-0.25, abs=0.02)


def test_intervals_hold_the_truth():
    found = [calibration_slope_intercept(*well_calibrated(293, seed=seed)) for seed in range(400)]
    slope = np.mean([one.slope.lower <= 1 <= one.slope.upper for one in found])
    large = np.mean([one.in_the_large.lower <= 0 <= one.in_the_large.upper for one in found])
    assert 0.92 <= slope <= 0.98
    assert 0.92 <= large <= 0.98


def test_what_has_no_maximum_is_missing():
    separated = calibration_slope_intercept([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9])
    assert np.isnan(separated.slope.value)
    equal = calibration_slope_intercept([0, 1, 1, 0], [0.3] * 4)
    assert np.isnan(equal.slope.value)
    assert equal.in_the_large.value == pytest.approx(-logit(0.3), abs=1e-8)
    assert np.isnan(calibration_slope_intercept([1, 1], [0.4, 0.6]).in_the_large.value)


def test_certain_risks_do_not_break_it():
    found = calibration_slope_intercept([0, 1, 1, 0, 1, 0], [0, 1, 0.4, 0.6, 0.5, 0.5])
    assert np.isfinite(found.slope.value)


def test_curve_counts_every_patient_once():
    table, _ = reference()
    curve = calibration_curve(table["y"], table["p_a"])
    assert curve["n"].sum() == 293
    assert curve["events"].sum() == table["y"].sum()
    assert len(curve) == 10
    assert_allclose([curve["lower"], curve["upper"]], wilson(curve["events"], curve["n"]))
    assert curve["predicted"].is_monotonic_increasing


def test_curve_of_few_patients_or_equal_risks_has_fewer_groups():
    assert len(calibration_curve([0, 1, 1, 0], [0.1, 0.4, 0.5, 0.2])) == 1
    assert len(calibration_curve([0, 1] * 50, [0.5] * 100)) == 1


def test_curve_at_another_share_is_shifted_on_both_axes():
    y, p = well_calibrated(100_000, seed=2)
    plain, shifted = calibration_curve(y, p), calibration_curve(y, p, prevalence=0.25)
    assert_allclose(shifted["observed"], shift_prevalence(plain["observed"], study=y.mean(), target=0.25))
    assert_allclose(shifted["observed"], shifted["predicted"], atol=0.02)
