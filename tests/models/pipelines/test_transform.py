from __future__ import annotations

import numpy as np
import pytest

from core.models.pipelines.transform import fit_transform
from tests.models.studies import drawn


@pytest.fixture
def counts() -> np.ndarray:
    return np.asarray(drawn().counts)


def test_the_training_part_comes_out_standardised(counts: np.ndarray):
    transform, scaled = fit_transform(counts)
    assert scaled.shape == (counts.shape[1], len(transform.expressed))
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(scaled.std(axis=0, ddof=1), 1, atol=1e-3)
    assert np.allclose(transform.standardise(counts), scaled, atol=1e-5)


def test_size_factors_are_medians_of_ratios(counts: np.ndarray):
    transform, _ = fit_transform(counts)
    taken = counts[transform.expressed].astype(float)
    complete = (taken > 0).all(axis=1)
    reference = np.exp(np.log(taken[complete]).mean(axis=1))
    expected = np.median(taken[complete] / reference[:, None], axis=0)
    assert np.allclose(transform.size_factors(counts), expected, rtol=1e-4)


def test_held_out_samples_move_nothing_and_depth_does_not_matter(counts: np.ndarray):
    transform, _ = fit_transform(counts[:, :30])
    alone = transform.standardise(counts[:, 30:31])
    together = transform.standardise(counts[:, 30:])
    assert np.array_equal(alone[0], together[0])
    deeper = transform.standardise(counts[:, 30:] * 8)
    assert np.corrcoef(deeper.ravel(), together.ravel())[0, 1] > 0.99
    assert abs(deeper.mean() - together.mean()) < 0.1


def test_the_filter_looks_at_the_training_part_only(counts: np.ndarray):
    changed = counts.copy()
    changed[7, :30] = 0
    assert 7 not in fit_transform(changed[:, :30])[0].expressed
    assert 7 in fit_transform(counts[:, :30])[0].expressed


def test_overdispersion_sets_the_pseudocount():
    rng = np.random.default_rng(1)
    mean = np.exp(rng.normal(6, 1, (2000, 1)))
    alpha = 0.25
    counts = rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean), (2000, 200))
    transform, _ = fit_transform(counts)
    assert transform.pseudocount == pytest.approx(1 / (4 * alpha), rel=0.15)


def test_without_a_gene_counted_everywhere_depth_takes_over():
    counts = np.kron(np.eye(4, dtype=int), np.full((5, 5), 20))
    transform, scaled = fit_transform(counts)
    assert np.isnan(transform.reference).all()
    assert np.isfinite(scaled).all()
