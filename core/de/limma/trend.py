"""limma-trend: linear models on log counts per million, variances moderated towards a trend.

Law et al. 2014, doi 10.1186/gb-2014-15-2-r29; Phipson et al. 2016, doi 10.1214/16-AOAS920.
Equal to ``eBayes(lmFit(cpm(log = TRUE, prior.count = 3)), trend = TRUE)`` of limma and edgeR.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from core.de.limma.moderate import Prior, centred_log_variances, moderate, prior_freedom, prior_scale, rotate
from core.de.limma.tmm import effective_library_size

Floats = NDArray[np.float64]

PRIOR_COUNT = 3.0
# Genes from which the trend gains a degree of freedom, as in limma.
_SPLINE_STEPS = (3, 6, 30)


class Moderated(NamedTuple):
    """Moderated tests of the last coefficient of a design.

    Parameters
    ----------
    table : pandas.DataFrame of n_genes rows
        ``log2FoldChange``, ``lfcSE``, ``stat`` (moderated t) and ``pvalue``.
    freedom : float
        Degrees of freedom of the t distribution, the same for all genes.
    """

    table: pd.DataFrame
    freedom: float


def trended_tests(expression: Floats, design: Floats) -> Moderated:
    """Test the last coefficient of a design in every gene.

    Parameters
    ----------
    expression : numpy.ndarray of shape (n_genes, n_samples)
        From `shrunken_log_cpm`.
    design : numpy.ndarray of shape (n_samples, n_coefficients)
        Of full rank; the tested coefficient is the last.
    """
    effects = rotate(expression, design)
    freedom = effects.residuals.shape[1]
    variances = (effects.residuals**2).mean(axis=1)
    prior = trended_prior(variances, freedom, expression.mean(axis=1))
    sd = np.sqrt(moderate(variances, freedom, prior))
    unit = float(np.sqrt(np.linalg.inv(design.T @ design)[-1, -1]))
    # No more than all genes together have, as in limma.
    total = min(freedom + prior.freedom, freedom * len(variances))
    statistic = effects.tested / sd
    table = pd.DataFrame(
        {
            "log2FoldChange": effects.tested * unit,
            "lfcSE": sd * unit,
            "stat": statistic,
            "pvalue": 2 * student.sf(np.abs(statistic), total),
        }
    )
    return Moderated(table, float(total))


def effective_size_factors(counts: NDArray[np.integer]) -> Floats:
    """Return library sizes times TMM factors, with geometric mean 1.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Raw counts of the genes that are tested.
    """
    sizes = effective_library_size(counts)
    factors: Floats = sizes / np.exp(np.log(sizes).mean())
    return factors


def shrunken_log_cpm(counts: NDArray[np.integer], library_size: Floats) -> Floats:
    """Return log2 counts per million with a prior count in proportion to the library's size.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Counts.
    library_size : numpy.ndarray of length n_samples
        Effective library sizes.

    Notes
    -----
    edgeR's ``cpm(log = TRUE, prior.count = 3)``.
    """
    prior = PRIOR_COUNT * library_size / library_size.mean()
    values: Floats = np.log2((counts + prior) / (library_size + 2 * prior) * 1e6)
    return values


def trended_prior(variances: Floats, freedom: float, level: Floats) -> Prior:
    """Estimate the variance expected at each level of expression, and its worth, from all genes.

    Parameters
    ----------
    variances, level : numpy.ndarray of length n_genes
        Residual variance and mean log expression.
    freedom : float
        Residual degrees of freedom.
    """
    logs = centred_log_variances(variances, freedom)
    n_columns = min(1 + sum(len(level) >= step for step in _SPLINE_STEPS), len(np.unique(level)))
    basis, _ = np.linalg.qr(natural_spline(level, n_columns))
    trend: Floats = basis @ (basis.T @ logs)
    spread = float(((logs - trend) ** 2).sum() / (len(logs) - n_columns))
    worth = prior_freedom(spread, freedom)
    return Prior(np.exp(trend) if np.isinf(worth) else prior_scale(trend, worth), worth)


def natural_spline(x: Floats, n_columns: int) -> Floats:
    """Return a basis of natural cubic splines with knots at quantiles, constant included.

    Parameters
    ----------
    x : numpy.ndarray of length n
        Where to evaluate.
    n_columns : int
        Size of the basis; 1 is the constant, 2 the straight line.

    Notes
    -----
    Spans what R's ``splines::ns(x, df = n_columns, intercept = TRUE)`` does.
    """
    if n_columns < 2:
        return np.ones((len(x), 1))
    x = (x - x.min()) / np.ptp(x)
    knots = np.quantile(x, np.linspace(0, 1, n_columns))
    last = np.maximum(x - knots[-1], 0) ** 3
    bends = [(np.maximum(x - knot, 0) ** 3 - last) / (knots[-1] - knot) for knot in knots[:-1]]
    curved = [bend - bends[-1] for bend in bends[:-1]]
    return np.column_stack([np.ones(len(x)), x, *curved])
