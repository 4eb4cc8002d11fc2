"""Counts on a scale on which a gene's spread does not hang on its level.

Anders & Huber 2010, doi 10.1186/gb-2010-11-10-r106; the closed form for a dispersion of
``floor + per_mean / mean`` is that of DESeq2's ``varianceStabilizingTransformation``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 20
SMALLEST = 1e-6


class Trend(NamedTuple):
    """Dispersion as ``floor + per_mean / mean``."""

    floor: float
    per_mean: float


def dispersion_trend(normalised: Floats, size_factors: Floats) -> Trend:
    """Fit the trend of the dispersion over the mean to the moments of all genes.

    Parameters
    ----------
    normalised : numpy.ndarray of shape (n_genes, n_samples)
        Counts over size factors.
    size_factors : numpy.ndarray of length n_samples
        By which they were divided.
    """
    mean, variance = normalised.mean(axis=1), normalised.var(axis=1, ddof=1)
    noise = mean * np.mean(1 / size_factors)
    dispersion = (variance - noise) / np.maximum(mean, SMALLEST) ** 2
    used = (mean > 1) & (dispersion > SMALLEST)
    if used.sum() < 2:
        return Trend(SMALLEST, 1.0)
    x = np.column_stack([np.ones(used.sum()), 1 / mean[used]])
    y, fitted = dispersion[used], np.full(used.sum(), np.median(dispersion[used]))
    coefficients = np.array([fitted[0], 0.0])
    for _ in range(ROUNDS):
        # Errors in proportion to the fitted value; genes far off the trend do not shape it.
        near = (y / fitted > 1e-2) & (y / fitted < 15)
        weighted = x[near] / fitted[near, None]
        coefficients = np.linalg.lstsq(weighted, y[near] / fitted[near], rcond=None)[0]
        fitted = np.maximum(x @ np.maximum(coefficients, SMALLEST), SMALLEST)
    floor, per_mean = np.maximum(coefficients, SMALLEST)
    return Trend(float(floor), float(per_mean))


def stabilise(normalised: Floats, trend: Trend) -> Floats:
    """Return variance-stabilised values, like log2 counts where counts are large.

    Parameters
    ----------
    normalised : numpy.ndarray of shape (n_genes, n_samples)
        Counts over size factors.
    trend : Trend
        Of the dispersion.
    """
    floor, per_mean = trend
    root = np.sqrt(floor * normalised * (1 + per_mean + floor * normalised))
    inside = 1 + per_mean + 2 * floor * normalised + 2 * root
    values: Floats = np.log2(inside / (4 * floor))
    return values
