"""Whether genes vary more in one group than in the other, which permuted labels cannot show.

A test that takes one variance for both groups is too bold where the smaller group varies more, and too
cautious where the larger one does. With permuted labels both groups vary alike, and the test looks sound.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from core.de.limma.trend import effective_size_factors, shrunken_log_cpm
from core.de.prepare import Prepared

Floats = NDArray[np.float64]


def residual_expression(prepared: Prepared) -> Floats:
    """Return log2 counts per million without what the covariates explain, n_active × n_used."""
    counts = prepared.counts[prepared.active]
    library = effective_size_factors(counts) * np.exp(np.log(counts.sum(axis=0)).mean())
    expression = shrunken_log_cpm(counts, library)
    basis, _ = np.linalg.qr(prepared.design.matrix.to_numpy(float)[:, :-1])
    residuals: Floats = expression - (expression @ basis) @ basis.T
    return residuals


def log_variance_ratio(residuals: Floats, labels: Floats) -> float:
    """Return the median over genes of log2 (variance in case / variance in control).

    Parameters
    ----------
    residuals : numpy.ndarray of shape (n_genes, n_samples)
        From `residual_expression`.
    labels : numpy.ndarray of length n_samples
        1 in case, 0 in control.
    """
    case, control = (residuals[:, labels == label].var(axis=1, ddof=1) for label in (1, 0))
    varying = (case > 0) & (control > 0)
    return float(np.median(np.log2(case[varying] / control[varying]))) if varying.any() else 0.0


def rate_under_one_variance(log_ratio: float, n_case: int, n_control: int, *, nominal: float = 0.05) -> float:
    """Return how often p-values of genes without a difference fall below `nominal` if one variance is taken.

    Parameters
    ----------
    log_ratio : float
        log2 (variance in case / variance in control).
    n_case, n_control : int
        Independent units of each group.

    Notes
    -----
    The variance of a difference of means is v₁/n₁ + v₀/n₀; the pooled estimate is
    ((n₁ − 1) v₁ + (n₀ − 1) v₀) / (n₁ + n₀ − 2) · (1/n₁ + 1/n₀). Large samples: Scheffé 1959, section 10.2.
    """
    wide = 2.0**log_ratio
    true = wide / n_case + 1 / n_control
    pooled = ((n_case - 1) * wide + n_control - 1) / (n_case + n_control - 2) * (1 / n_case + 1 / n_control)
    return float(2 * norm.sf(norm.isf(nominal / 2) / np.sqrt(true / pooled)))
