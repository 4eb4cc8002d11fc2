from __future__ import annotations

import numpy as np

from core.de.engine.algebra import Columns
from core.de.engine.wald import standard_errors, wald_statistics

CONTRAST = np.array([0.0, 1.0])


def test_the_standard_error_is_that_of_a_weighted_regression() -> None:
    design = np.column_stack([np.ones(8), np.arange(8) % 2])
    means, dispersion = np.full((1, 8), 50.0), np.array([0.1])
    found = standard_errors(Columns(design), means, dispersion, np.zeros((2, 2)), CONTRAST)
    variance = 1 / 50 + 0.1  # of one count, on the log scale
    np.testing.assert_allclose(found, np.sqrt(variance / 4 + variance / 4))


def test_a_difference_at_its_null_value_is_no_evidence() -> None:
    coefficients = np.array([[3.0, 0.5], [3.0, -0.5], [3.0, 0.2]])
    errors = np.full(3, 0.1)
    pvalue, statistic = wald_statistics(coefficients, errors, CONTRAST, 0.5, "greaterAbs")
    np.testing.assert_allclose(statistic, 0, atol=1e-12)
    np.testing.assert_allclose(pvalue, 1)


def test_no_estimate_gives_no_p_value() -> None:
    pvalue, _ = wald_statistics(np.full((1, 2), np.nan), np.array([np.nan]), CONTRAST, 0.0, None)
    assert np.isnan(pvalue).all()
