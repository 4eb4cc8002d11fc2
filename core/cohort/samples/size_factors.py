"""Size factors by the median of ratios, without the packages that fit models.

Anders & Huber 2010, doi 10.1186/gb-2010-11-10-r106. Equal to DESeq2's ``estimateSizeFactors``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import JobError

Floats = NDArray[np.float64]


def median_of_ratios(counts: NDArray[np.integer]) -> Floats:
    """Return the size factor of each sample.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Raw counts of the genes that are tested.

    Raises
    ------
    JobError
        If every gene has a zero count in some sample: no gene then has a geometric mean.
    """
    everywhere = counts[(counts > 0).all(axis=1)]
    if not len(everywhere):
        message = (
            "Every gene has a zero count in some sample, so the samples cannot be brought to one scale. A "
            "sample with hardly any counts is the usual cause: leave it out."
        )
        raise JobError(message)
    logs = np.log(everywhere)
    factors: Floats = np.exp(np.median(logs - logs.mean(axis=1, keepdims=True), axis=0))
    return factors


def forgiving_size_factors(counts: NDArray[np.integer]) -> Floats:
    """Return size factors also where no gene is counted in every sample, to look at samples with.

    Where `median_of_ratios` has no gene to work with, each sample's factor is the median of ratios
    over the genes it does have ("poscounts" of DESeq2), and 1 for a sample without any count.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Raw counts.
    """
    if (counts > 0).all(axis=1).any():
        return median_of_ratios(counts)
    seen = counts > 0
    logs = np.log(np.where(seen, counts, 1))
    ratios = np.where(seen, logs - logs.mean(axis=1, keepdims=True), np.nan)
    empty = ~seen.any(axis=0)
    ratios[:, empty] = 0.0
    factors = np.exp(np.nanmedian(ratios, axis=0))
    scaled: Floats = factors / np.exp(np.log(factors[~empty]).mean()) if (~empty).any() else factors
    scaled[empty] = 1.0
    return scaled
