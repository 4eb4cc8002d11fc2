"""Genes that differ most between the groups of a training part, by a moderated t statistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.de.limma.moderate import fit_prior, moderate

Floats = NDArray[np.floating]


def moderated_t(x: Floats, y: NDArray[np.float64], sd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the moderated t statistic of each gene (Smyth 2004, doi 10.2202/1544-6115.1027).

    Parameters
    ----------
    x : numpy.ndarray of shape (n, n_genes)
        Expression, each gene scaled to mean 0 and standard deviation 1 over these n samples.
    y : numpy.ndarray of length n
        Outcome, 0 or 1.
    sd : numpy.ndarray of length n_genes
        What each gene was divided by: moderation needs the variances as they were.
    """
    n, n_case = len(y), float(y.sum())
    freedom = float(n - 2)
    centred = (y - y.mean()).astype(x.dtype)
    # Difference of the group means in training standard deviations.
    difference = (centred @ x).astype(np.float64) * n / (n_case * (n - n_case))
    between = difference**2 * n_case * (n - n_case) / n
    residual = np.maximum(n - 1 - between, 1e-12) / freedom
    variances = residual * sd**2
    moderated = moderate(variances, freedom, fit_prior(variances, freedom))
    t: NDArray[np.float64] = difference * sd / np.sqrt(moderated * n / (n_case * (n - n_case)))
    return t


def strongest(t: NDArray[np.float64], number: int) -> NDArray[np.intp]:
    """Return the places of the largest absolute values, ascending; ties go to the first."""
    return np.sort(np.argsort(-np.abs(t), kind="stable")[:number])
