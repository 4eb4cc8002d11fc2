"""Log counts per million with the precision of each observation.

Law et al. 2014, doi 10.1186/gb-2014-15-2-r29. Equal to limma's ``voom``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.de.limma.lowess import lowess
from core.de.limma.tmm import effective_library_size

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

SPAN = 0.5


@dataclass(frozen=True)
class Voom:
    """Expression for linear models.

    Parameters
    ----------
    expression : numpy.ndarray of shape (n_genes, n_samples)
        log2 counts per million.
    weights : numpy.ndarray of shape (n_genes, n_samples)
        Inverse of the variance expected from the count's size.
    """

    expression: Floats
    weights: Floats


def log_cpm(counts: Integers, library_size: Floats) -> Floats:
    """Return log2 counts per million, half a count added so that zeros have a logarithm."""
    values: Floats = np.log2((counts + 0.5) / (library_size + 1) * 1e6)
    return values


def voom(counts: Integers, design: Floats, *, library_size: Floats | None = None) -> Voom:
    """Return expression and weights.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Raw counts of the genes to test.
    design : numpy.ndarray of shape (n_samples, n_coefficients)
        Of full rank.
    library_size : numpy.ndarray of length n_samples, optional
        Effective library sizes; column sums times TMM factors if not given.
    """
    size = effective_library_size(counts) if library_size is None else library_size
    expression = log_cpm(counts, size)
    basis, _ = np.linalg.qr(design)
    fitted = (expression @ basis) @ basis.T
    freedom = design.shape[0] - design.shape[1]
    sd = np.sqrt(((expression - fitted) ** 2).sum(axis=1) / freedom)
    seen = counts.sum(axis=1) > 0
    level = expression.mean(axis=1) + np.log2(size + 1).mean() - np.log2(1e6)
    x, y = lowess(level[seen], np.sqrt(sd[seen]), span=SPAN)
    log_count = fitted + np.log2(size + 1) - np.log2(1e6)
    return Voom(expression, _trend(x, y, log_count) ** -4.0)


def _trend(x: Floats, y: Floats, at: Floats) -> Floats:
    """Read the trend of the root standard deviation at each log count, level beyond its ends."""
    places, first = np.unique(x, return_index=True)
    # Equal abscissae have equal smoothed ordinates, so the first stands for all.
    trend: Floats = np.interp(at, places, y[first])
    return trend
