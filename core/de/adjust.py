"""Adjusted p-values with independent filtering by DESeq2's rule.

PyDESeq2 0.5.4 smooths the numbers of rejections by another kind of lowess and so chooses other
cut-offs.

The exported script carries these functions as they stand here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

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
    smooth = lowess(quantiles, rejections, span=0.2)
    scatter = (rejections - smooth)[rejections > 0]
    good = rejections > smooth.max() - np.sqrt(np.mean(scatter**2))
    return int(np.argmax(good))


def lowess(x: Vector, y: Vector, *, span: float, n_robust: int = 3) -> Vector:
    """Smooth a curve by local straight lines, outlying points weighted down.

    Parameters
    ----------
    x, y : numpy.ndarray of length n
        Points, x ascending.
    span : float
        Share of the points that shape the curve at each x.
    n_robust : int
        Times the curve is fitted again with less weight on points far from it.

    Notes
    -----
    Cleveland 1979, doi 10.1080/01621459.1979.10481038.
    """
    distance = np.abs(x[:, None] - x)
    n_near = max(2, min(len(x), int(span * len(x) + 1e-7)))
    reach = np.sort(distance, axis=1)[:, [n_near - 1]]
    # As in Cleveland's program, the outermost thousandth of the reach counts for nothing.
    closeness = np.where(distance < 0.999 * reach, (1 - (distance / reach) ** 3) ** 3, 0.0)
    trust = np.ones(len(x))
    for _ in range(n_robust):
        residual = np.abs(y - local_lines(x, y, closeness * trust))
        limit = 6 * np.median(residual)
        if limit < 1e-7 * residual.mean():
            break
        trust = np.clip(1 - (residual / limit) ** 2, 0, None) ** 2
    return local_lines(x, y, closeness * trust)


def local_lines(x: Vector, y: Vector, weights: Vector) -> Vector:
    """Return at each x the value of the straight line that is fitted with its row of weights."""
    total = weights.sum(axis=1, keepdims=True)
    weights = weights / np.where(total > 0, total, 1.0)
    centre = weights @ x
    offset = x - centre[:, None]
    spread = (weights * offset**2).sum(axis=1)
    slope = np.divide(
        (weights * offset) @ y, spread, out=np.zeros_like(spread), where=np.sqrt(spread) > 0.001 * np.ptp(x)
    )
    # Where every point near has lost its weight there is no line: the point itself.
    return np.where(total[:, 0] > 0, weights @ y + slope * (x - centre), y)
