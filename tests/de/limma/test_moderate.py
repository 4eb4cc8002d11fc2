"""Agreement with limma 3.54.1 and edgeR 3.40.2; the reference values are made by tests/data/limma/make.R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.special import polygamma

from core.de.limma.moderate import Prior, _inverse_trigamma, fit_prior, moderate, normal_from_t, rotate
from core.de.limma.voom import voom

DATA = Path(__file__).parents[2] / "data"


def airway() -> tuple[pd.DataFrame, np.ndarray]:
    """Active counts and design as in make.R."""
    counts = pd.read_csv(DATA / "airway" / "counts.csv.gz", index_col=0).sort_index()
    metadata = pd.read_csv(DATA / "airway" / "metadata.csv", index_col=0).loc[counts.columns]
    cells = pd.get_dummies(metadata["cell"], drop_first=True).to_numpy(float)
    design = np.column_stack([np.ones(len(metadata)), cells, metadata["dex"] == "trt"])
    return counts[(counts >= 10).any(axis=1)], design


def test_moderated_t_equals_limma():
    counts, design = airway()
    expected = pd.read_csv(DATA / "limma" / "moderated.csv.gz").set_index("gene")
    values = voom(counts.to_numpy(), design)
    effects = rotate(values.expression, design, weights=values.weights)
    variances = (effects.residuals**2).mean(axis=1)
    prior = fit_prior(variances, effects.residuals.shape[1])
    assert_allclose(prior, [expected["s2_prior"].iloc[0], expected["df_prior"].iloc[0]], rtol=1e-9)
    t = effects.tested / np.sqrt(moderate(variances, effects.residuals.shape[1], prior))
    assert_allclose(t[counts.index.get_indexer(expected.index)], expected["t"], rtol=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
def test_rotation_gives_the_t_of_least_squares(weighted):
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(12), rng.normal(size=12), np.arange(12) % 2])
    y, weights = rng.normal(size=(5, 12)), rng.uniform(0.5, 2, (5, 12))
    effects = rotate(y, design, weights=weights if weighted else None)
    t = effects.tested / np.sqrt((effects.residuals**2).mean(axis=1))
    for gene in range(5):
        root = np.sqrt(weights[gene]) if weighted else np.ones(12)
        x, z = design * root[:, None], y[gene] * root
        beta, rss, *_ = np.linalg.lstsq(x, z, rcond=None)
        se = np.sqrt(rss[0] / 9 * np.linalg.inv(x.T @ x)[2, 2])
        assert t[gene] == pytest.approx(beta[2] / se, rel=1e-10)


def test_genes_are_independent_of_the_block_they_are_fitted_in(monkeypatch):
    rng = np.random.default_rng(3)
    y, design = rng.normal(size=(25, 8)), np.column_stack([np.ones(8), np.arange(8) % 2])
    whole = rotate(y, design, weights=np.ones_like(y))
    monkeypatch.setattr("core.de.limma.moderate.GENES_AT_A_TIME", 7)
    assert_allclose(rotate(y, design, weights=np.ones_like(y)).residuals, whole.residuals, rtol=1e-13)


def test_prior_is_recovered_from_scaled_chi_squares():
    rng = np.random.default_rng(5)
    true = 2.0 * 6 / rng.chisquare(6, 200_000)
    observed = true * rng.chisquare(10, 200_000) / 10
    prior = fit_prior(observed, 10)
    assert prior.variance == pytest.approx(2.0, rel=0.02)
    assert prior.freedom == pytest.approx(6.0, rel=0.05)


def test_equal_variances_have_one_common_variance():
    rng = np.random.default_rng(5)
    observed = 3.0 * np.full(1000, 1.0) + rng.normal(0, 1e-3, 1000)
    prior = fit_prior(observed, 4)
    assert prior.freedom == np.inf
    assert_allclose(moderate(observed, 4, prior), observed.mean())


def test_moderation_draws_towards_the_prior():
    assert_allclose(moderate(np.array([1.0, 9.0]), 4, Prior(5.0, 4.0)), [3.0, 7.0])


@pytest.mark.parametrize("freedom", [6, 20, 300, np.inf])
def test_normal_deviate_has_the_tail_of_t(freedom):
    t = np.array([-30.0, -3.0, -0.1, 0.0, 1.0, 8.0])
    exact = np.sign(t) * stats.norm.isf(stats.t.sf(np.abs(t), freedom))
    assert_allclose(normal_from_t(t, freedom), exact, rtol=2e-3, atol=1e-12)


@pytest.mark.parametrize("x", [1e-4, 0.02, 0.7, 5.0, 300.0, 2e6])
def test_inverse_trigamma(x):
    assert _inverse_trigamma(float(polygamma(1, x))) == pytest.approx(x, rel=1e-6)
