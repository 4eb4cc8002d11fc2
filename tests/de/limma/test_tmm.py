"""Agreement with edgeR's calcNormFactors; see tests/data/limma/make.R."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from core.de.limma.tmm import tmm_factors
from tests.de.limma.test_moderate import DATA, airway


def test_tmm_factors_equal_edger():
    counts, _ = airway()
    expected = pd.read_csv(DATA / "limma" / "tmm.csv.gz")
    assert list(counts.columns) == list(expected["sample"])
    assert_allclose(tmm_factors(counts.to_numpy()), expected["factor"], rtol=1e-12)


def test_depth_alone_leaves_factors_at_one():
    counts = np.random.default_rng(1).poisson(200, (500, 1)) * np.array([[1, 2, 5]])
    assert_allclose(tmm_factors(counts), 1.0)


def test_a_few_huge_genes_are_normalised_away():
    rng = np.random.default_rng(1)
    counts = rng.poisson(100, (2000, 4))
    counts[:20, 3] *= 100
    size = counts.sum(axis=0) * tmm_factors(counts)
    assert_allclose(size / size[0], 1.0, atol=0.03)


def test_genes_without_counts_do_not_move_the_factors():
    rng = np.random.default_rng(2)
    counts = rng.poisson(30, (300, 5))
    padded = np.vstack([counts, np.zeros((1000, 5), dtype=int)])
    assert_allclose(tmm_factors(padded), tmm_factors(counts), rtol=1e-14)
