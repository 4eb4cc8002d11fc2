"""Adjusted p-values with independent filtering by DESeq2's rule.

PyDESeq2 0.5.4 smooths the numbers of rejections by another kind of lowess and so chooses other
cut-offs.

The exported script carries these functions as they stand here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from core.de.limma.lowess import lowess

Vector = NDArray[np.float64]


def filtered_padj(base_mean: Vector, pvalue: Vector, *, alpha: float) -> Vector:
    """Adjust p-values (Benjamini-Hochberg) among the genes above the best cut-off of mean count.

    Of fifty cut-offs, the lowest is taken whose number of rejections comes as near to the peak
    of their smoothed curve as the numbers scatter about it.

    Parameters
    ----------
    base_mean, pvalue : numpy.ndarray of length n_genes
        Mean normalised count; p-value, NaN where there is none.
    alpha : float
        False discovery rate that is aimed at.

    Returns
    -------
    numpy.ndarray of length n_genes
        NaN below the cut-off and without a p-value.

    Notes
    -----
    Bourgon, Gentleman, Huber 2010, doi 10.1073/pnas.0914005107; the choice of the cut-off: R
    package DESeq2, ``results``.
    """
    empty = float(np.mean(base_mean == 0))
    quantiles = np.linspace(empty, 0.95 if empty < 0.95 else 1.0, 50)
    adjusted = [adjust(pvalue, base_mean >= cut) for cut in np.quantile(base_mean, quantiles)]
    rejections = np.array([(padj < alpha).sum() for padj in adjusted], dtype=float)
    return adjusted[choose_cut(quantiles, rejections)]


def adjust(pvalue: Vector, used: NDArray[np.bool_]) -> Vector:
    """Return Benjamini-Hochberg adjusted p-values among the genes used, NaN elsewhere."""
    padj = np.full(len(pvalue), np.nan)
    tested = used & ~np.isnan(pvalue)
    if tested.any():
        padj[tested] = false_discovery_control(pvalue[tested], method="bh")
    return padj


def choose_cut(quantiles: Vector, rejections: Vector) -> int:
    """Return the position of the first cut-off with about as many rejections as the best."""
    if rejections.max() <= 10:
        return 0
    _, smooth = lowess(quantiles, rejections, span=0.2)
    scatter = (rejections - smooth)[rejections > 0]
    good = rejections > smooth.max() - np.sqrt(np.mean(scatter**2))
    return int(np.argmax(good))
