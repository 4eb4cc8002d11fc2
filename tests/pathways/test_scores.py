from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t as student
from scipy.stats import ttest_ind

from core.pathways.scores import compare_scores, score_samples, zscores
from core.pathways.sets import membership_matrix

SYMBOLS = [f"GENE{number}" for number in range(300)]
SETS = {"high": SYMBOLS[:20], "nothing": SYMBOLS[100:130], "absent": ["NOT_HERE"]}
SAMPLES = [f"S{number:02d}" for number in range(24)]
GROUP = np.arange(24) % 2


def expression() -> np.ndarray:
    values = np.random.default_rng(1).normal(6, 1, (300, 24))
    values[:20] += 1.5 * GROUP
    return values


def design() -> pd.DataFrame:
    age = np.random.default_rng(2).normal(size=24)
    return pd.DataFrame({"Intercept": 1.0, "age": age, "group": GROUP}, index=SAMPLES)


@pytest.mark.parametrize("method", ["zscore", "ssgsea", "gsva"])
def test_a_shifted_set_scores_higher_in_its_group(method):
    scores = score_samples(expression(), SYMBOLS, sets=SETS, samples=SAMPLES, method=method)
    assert scores.index.tolist() == list(SETS)
    assert scores.columns.tolist() == SAMPLES
    compared = compare_scores(scores, design())
    assert compared.loc["high", "lower"] > 0
    assert compared.loc["high", "padj"] < 1e-4
    # In scores by rank, the genes that rise in one set push the others down a little.
    assert compared.loc["nothing", "padj"] > 0.01
    assert scores.loc["absent"].isna().all()
    assert compared.loc["absent"].isna().all()


@pytest.mark.parametrize("method", ["zscore", "ssgsea", "gsva"])
def test_same_scores_whatever_the_order_of_genes_in_a_set_and_the_threads(method):
    first = score_samples(expression(), SYMBOLS, sets=SETS, samples=SAMPLES, method=method)
    turned = {name: genes[::-1] for name, genes in reversed(SETS.items())}
    second = score_samples(expression(), SYMBOLS, sets=turned, samples=SAMPLES, method=method, n_threads=2)
    pd.testing.assert_frame_equal(second.loc[list(SETS)], first, check_exact=True)


def test_ssgsea_equals_the_definition():
    values = expression()
    scores = score_samples(values, SYMBOLS, sets=SETS, samples=SAMPLES, method="ssgsea")
    for sample in (0, 5):
        order = np.argsort(-values[:, sample])
        rank = (10_000 / 300) * (300 - np.arange(300))
        inside = np.isin(order, np.arange(20))
        hit = np.cumsum(np.where(inside, rank**0.25, 0)) / (rank[inside] ** 0.25).sum()
        miss = np.cumsum(~inside) / (300 - 20)
        assert scores.loc["high", SAMPLES[sample]] == pytest.approx((hit - miss).sum(), rel=1e-6)


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


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(5)
    scores = pd.DataFrame(rng.normal(size=(4000, 24)) + 0.7 * GROUP, columns=SAMPLES)
    compared = compare_scores(scores, design())
    covered = (compared["lower"] < 0.7) & (compared["upper"] > 0.7)
    assert covered.mean() == pytest.approx(0.95, abs=0.012)
