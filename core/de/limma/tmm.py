"""Library sizes that make expression comparable: trimmed means of M-values (TMM).

Robinson & Oshlack 2010, doi 10.1186/gb-2010-11-3-r25. Equal to edgeR's ``calcNormFactors``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

TRIM_RATIO, TRIM_LEVEL = 0.3, 0.05


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
