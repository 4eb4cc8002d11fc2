"""Log counts per million with the precision of each observation.

TMM: Robinson & Oshlack 2010, doi 10.1186/gb-2010-11-3-r25. Voom: Law et al. 2014,
doi 10.1186/gb-2014-15-2-r29. Equal to edgeR's ``calcNormFactors`` and limma's ``voom``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from core.de.lowess import lowess

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

SPAN = 0.5
TRIM_RATIO, TRIM_LEVEL = 0.3, 0.05


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


def effective_library_size(counts: Integers) -> Floats:
    """Return column sums times TMM factors."""
    sizes: Floats = counts.sum(axis=0) * tmm_factors(counts)
    return sizes


def tmm_factors(counts: Integers) -> Floats:
    """Return the trimmed-mean-of-M-values factor of each sample; their geometric mean is 1.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Raw counts; a sample without any makes all factors meaningless and must be left out before.
    """
    counts = np.asarray(counts)[np.asarray(counts).sum(axis=1) > 0]
    size = counts.sum(axis=0).astype(np.float64)
    upper = np.quantile(counts, 0.75, axis=0) / size
    reference = (
        int(np.sqrt(counts).sum(axis=0).argmax())
        if np.median(upper) < 1e-20
        else int(np.abs(upper - upper.mean()).argmin())
    )
    factors = np.array(
        [
            _tmm_pair(counts[:, sample], counts[:, reference], size[sample], size[reference])
            for sample in range(counts.shape[1])
        ]
    )
    normalised: Floats = factors / np.exp(np.log(factors).mean())
    return normalised


def _tmm_pair(sample: Integers, reference: Integers, n_sample: float, n_reference: float) -> float:
    both = (sample > 0) & (reference > 0)
    p, q = sample[both] / n_sample, reference[both] / n_reference
    ratio, level = np.log2(p / q), (np.log2(p) + np.log2(q)) / 2
    variance = (n_sample - sample[both]) / n_sample / sample[both]
    variance = variance + (n_reference - reference[both]) / n_reference / reference[both]
    if not len(ratio) or np.abs(ratio).max() < 1e-6:
        return 1.0
    kept = _within(ratio, TRIM_RATIO) & _within(level, TRIM_LEVEL)
    factor = 2 ** ((ratio[kept] / variance[kept]).sum() / (1 / variance[kept]).sum())
    return float(factor) if np.isfinite(factor) else 1.0


def _within(values: Floats, trim: float) -> NDArray[np.bool_]:
    lowest = np.floor(len(values) * trim) + 1
    ranks = rankdata(values)
    kept: NDArray[np.bool_] = (ranks >= lowest) & (ranks <= len(values) + 1 - lowest)
    return kept


def _trend(x: Floats, y: Floats, at: Floats) -> Floats:
    """Read the trend of the root standard deviation at each log count, level beyond its ends."""
    places, first = np.unique(x, return_index=True)
    # Equal abscissae have equal smoothed ordinates, so the first stands for all.
    trend: Floats = np.interp(at, places, y[first])
    return trend
