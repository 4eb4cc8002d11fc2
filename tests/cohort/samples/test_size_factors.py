from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pydeseq2.preprocessing import deseq2_norm

from core.cohort.samples.size_factors import forgiving_size_factors, median_of_ratios
from core.errors import JobError


def test_they_equal_those_of_pydeseq2() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(rng.gamma(2, 50, (300, 1)) * rng.uniform(0.5, 2, 9))
    assert_allclose(median_of_ratios(counts), deseq2_norm(counts.T)[1], rtol=1e-12)


def test_without_a_gene_that_all_samples_have_it_says_so() -> None:
    with pytest.raises(JobError, match="zero count"):
        median_of_ratios(np.array([[0, 3], [4, 0]]))


def test_samples_that_share_no_gene_are_still_brought_to_one_scale() -> None:
    rng = np.random.default_rng(2)
    mean, size = rng.gamma(2, 40, (400, 1)), np.array([0.5, 1.0, 1.0, 2.0])
    counts = rng.poisson(mean * size)
    assert_allclose(forgiving_size_factors(counts), median_of_ratios(counts))
    sparse = np.where(np.arange(400)[:, None] % 4 == np.arange(4), 0, counts)
    factors = forgiving_size_factors(sparse)
    assert_allclose(factors / factors[1], size, rtol=0.1)
    empty = np.column_stack([sparse, np.zeros(400, dtype=int)])
    assert forgiving_size_factors(empty)[4] == 1.0
    assert (forgiving_size_factors(empty) > 0).all()
