"""Scores of cell types from counts and markers alone; the exported script carries this module."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.cohort.samples.size_factors import forgiving_size_factors

LEAST_MEAN = 10.0  # counts; below, a gene's spread is mostly counting noise


def marker_scores(
    counts: NDArray[np.integer], markers: Mapping[str, NDArray[np.intp]]
) -> dict[str, NDArray[np.float64]]:
    """Return the score of each cell type in each sample.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Raw counts of all genes and samples of a data set.
    markers : mapping of str to numpy.ndarray
        Rows of the markers of each cell type; those with a mean below 10 are left out.
    """
    kept = np.flatnonzero(np.mean(counts, axis=1) >= LEAST_MEAN)
    if not len(kept):
        return {}
    standard = standardised(np.asarray(counts[kept]))
    usual = standard.mean(axis=0)
    return {cell: standard[np.isin(kept, rows)].mean(axis=0) - usual for cell, rows in markers.items()}


def standardised(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return log counts of each gene, centred and in units of its own standard deviation."""
    logs = np.log2(counts / forgiving_size_factors(counts) + 0.5)
    centred = logs - logs.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    standard: NDArray[np.float64] = np.divide(
        centred, spread, out=np.zeros_like(centred), where=spread > 1e-12
    )
    return standard
