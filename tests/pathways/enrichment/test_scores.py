from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import nct, ttest_ind
from scipy.stats import t as student

from core.pathways.enrichment.scores import compare_scores, zscores
from core.pathways.sets.match import membership_matrix

SAMPLES = [f"S{number:02d}" for number in range(24)]
GROUP = np.arange(24) % 2


def expression() -> np.ndarray:
    values = np.random.default_rng(1).normal(6, 1, (300, 24))
    values[:20] += 1.5 * GROUP
    return values


def design() -> pd.DataFrame:
    age = np.random.default_rng(2).normal(size=24)
    return pd.DataFrame({"Intercept": 1.0, "age": age, "group": GROUP}, index=SAMPLES)


def test_zscore_equals_the_definition():
    values = expression()
    standard = (values - values.mean(axis=1, keepdims=True)) / values.std(axis=1, keepdims=True)
    ours = zscores(values, membership_matrix([np.arange(20)], 300))
    assert_allclose(ours[0], standard[:20].mean(axis=0) - standard.mean(axis=0), atol=1e-12)


def test_a_gene_that_never_varies_scores_nothing():
    values = expression()
    values[3] = 4.0
    assert np.isfinite(zscores(values, membership_matrix([np.arange(20)], 300))).all()


def test_comparison_equals_least_squares():
    scores = pd.DataFrame(np.random.default_rng(3).normal(size=(4, 24)), columns=SAMPLES)
    compared = compare_scores(scores, design())
    x = design().to_numpy()
    for row in range(4):
        y = scores.to_numpy()[row]
        beta, rss, *_ = np.linalg.lstsq(x, y, rcond=None)
        se = np.sqrt(rss[0] / 21 * np.linalg.inv(x.T @ x)[2, 2])
        assert compared["difference"][row] == pytest.approx(beta[2])
        assert compared["se"][row] == pytest.approx(se)
        assert compared["pvalue"][row] == pytest.approx(2 * student.sf(abs(beta[2] / se), 21))
        assert compared["upper"][row] - beta[2] == pytest.approx(student.isf(0.025, 21) * se)
        assert compared["standardised"][row] == pytest.approx(beta[2] / np.sqrt(rss[0] / 21))


def test_without_covariates_it_is_the_t_test():
    scores = pd.DataFrame(np.random.default_rng(4).normal(size=(3, 24)), columns=SAMPLES)
    compared = compare_scores(scores, design()[["Intercept", "group"]])
    expected = ttest_ind(scores.to_numpy()[:, GROUP == 1], scores.to_numpy()[:, GROUP == 0], axis=1)
    assert_allclose(compared["pvalue"], expected.pvalue)


@pytest.mark.parametrize("truth", [0.0, 0.7, 3.0])
def test_the_intervals_cover_the_truth_as_often_as_they_say(truth: float):
    rng = np.random.default_rng(5)
    scores = pd.DataFrame(rng.normal(size=(4000, 24)) + truth * GROUP, columns=SAMPLES)
    compared = compare_scores(scores, design())
    for name in ("", "standardised_"):
        covered = (compared[f"{name}lower"] < truth) & (compared[f"{name}upper"] > truth)
        assert covered.mean() == pytest.approx(0.95, abs=0.012)


def test_the_standardised_interval_is_that_of_the_noncentral_t():
    scores = pd.DataFrame(np.random.default_rng(6).normal(size=(200, 24)) + 0.8 * GROUP, columns=SAMPLES)
    compared = compare_scores(scores, design())
    unit = compared["se"] / (compared["difference"] / compared["standardised"])
    assert_allclose(nct.cdf(compared["t"], 21, compared["standardised_lower"] / unit), 0.975, atol=1e-5)
    assert_allclose(nct.cdf(compared["t"], 21, compared["standardised_upper"] / unit), 0.025, atol=1e-5)
    beside = (compared["standardised_lower"] > 0) | (compared["standardised_upper"] < 0)
    assert (beside == (compared["pvalue"] < 0.05)).all()
