"""Single numbers and their intervals, against R and against cohorts whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, logit
from scipy.stats import norm

from core.errors import InputError
from core.models.metrics.base import (
    brier,
    brier_skill,
    paired_delta_brier,
    pooled,
    prevalence_offset,
    share,
    shift_prevalence,
    wilson,
)
from core.models.metrics.roc import auc_delong

DATA = Path(__file__).parents[2] / "data" / "models"


def reference() -> tuple[pd.DataFrame, pd.Series]:
    """Fixed outcomes with two columns of risks, and what R says of them."""
    said = pd.read_csv(DATA / "predictions_metrics_R.csv", index_col=0)["value"]
    return pd.read_csv(DATA / "predictions.csv"), said


def well_calibrated(n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes drawn from the very risks."""
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(0, 1, n))
    return (rng.random(n) < p).astype(int), p


def test_brier_equals_r():
    table, said = reference()
    assert brier(table["y"], table["p_a"]).value == pytest.approx(said["brier_a"], abs=1e-6)


def test_brier_skill_of_the_share_of_cases_is_zero_and_of_the_truth_is_one():
    y = np.array([1, 0, 1, 1, 0, 0, 1])
    assert brier_skill(y, np.full(7, 4 / 7)).value == pytest.approx(0)
    assert brier_skill(y, y).value == 1
    assert np.isnan(brier_skill(np.ones(5), np.full(5, 0.5)).value)


@pytest.mark.parametrize("metric", [brier, brier_skill])
def test_brier_intervals_hold_the_truth(metric):
    truth = metric(*well_calibrated(2_000_000, seed=0)).value
    found = [metric(*well_calibrated(293, seed=seed)) for seed in range(1, 401)]
    held = np.mean([one.lower <= truth <= one.upper for one in found])
    assert 0.92 <= held <= 0.98


def test_paired_brier_is_the_difference_and_narrower_than_unpaired():
    table, _ = reference()
    y, a, b = (table[name] for name in ("y", "p_a", "p_b"))
    found = paired_delta_brier(y, a, b)
    assert found.value == pytest.approx(brier(y, a).value - brier(y, b).value)
    assert found.se < np.hypot(brier(y, a).se, brier(y, b).se)
    assert paired_delta_brier(y, a, a) == (0, 0, 0, 0, 1)


def test_wilson_equals_the_published_example():
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    lower, upper = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert_allclose(lower, [0.2553, 0.0624, 0, 0.0061], atol=5e-5)
    assert_allclose(upper, [0.3662, 0.1605, 0.1611, 0.1718], atol=5e-5)


def test_share_of_nobody_is_missing_and_of_all_reaches_one():
    assert np.isnan(share(0, 0)).all()
    assert share(7, 7)[2] == 1.0


def test_shift_to_the_clinic_is_the_published_one():
    assert prevalence_offset(study=150 / 293, target=0.25) == pytest.approx(-1.15, abs=0.005)
    shifted = shift_prevalence([0.0, 0.5, 1.0], study=0.5, target=0.25)
    assert_allclose(shifted, [0, 0.25, 1])


def test_shift_there_and_back_changes_nothing():
    p = np.linspace(0.01, 0.99, 50)
    there = shift_prevalence(p, study=0.51, target=0.2)
    assert_allclose(shift_prevalence(there, study=0.2, target=0.51), p)


def test_shifted_risks_are_calibrated_where_cases_are_rarer():
    y, p = well_calibrated(400_000, seed=4)
    rng = np.random.default_rng(5)
    kept = (y == 1) & (rng.random(len(y)) < 0.3) | (y == 0)
    shifted = shift_prevalence(p[kept], study=y.mean(), target=y[kept].mean())
    assert shifted.mean() == pytest.approx(y[kept].mean(), abs=0.003)


def test_pooling_is_the_mean_on_the_logit_scale():
    rows = [("a", "m", 0, 0.2), ("a", "m", 0, 0.6), ("b", "m", 1, 0.9), ("b", "m", 1, 0.9)]
    table = pooled(pd.DataFrame(rows, columns=["sample", "model", "y", "p"]))
    assert table["sample"].tolist() == ["a", "b"]
    assert table["repeats"].tolist() == [2, 2]
    assert_allclose(table["p"], [expit((logit(0.2) + logit(0.6)) / 2), 0.9])


def test_pooling_certain_predictions_stays_finite():
    rows = [("a", "m", 0, 0.0), ("a", "m", 0, 1.0)]
    assert pooled(pd.DataFrame(rows, columns=["sample", "model", "y", "p"]))["p"].iloc[0] == pytest.approx(
        0.5
    )


def test_every_fault_of_predictions_is_named():
    with pytest.raises(InputError) as caught:
        brier([0, 2, 1], [0.5, np.nan])
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("auc", [0.6, 0.7, 0.8])
def test_auc_intervals_hold_the_truth(auc):
    """Binormal scores of known area, 200 cohorts of the study's size."""
    apart, held = np.sqrt(2) * norm.ppf(auc), 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        y = np.repeat([1, 0], [150, 143])
        found = auc_delong(y, expit(rng.normal(apart * y, 1)))
        held += found.lower <= auc <= found.upper
    assert 0.92 <= held / 200 <= 0.98
