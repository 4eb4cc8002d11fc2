"""From counts to comparable expression, with everything that is learnt frozen on the training part.

Size factors are medians of ratios (Anders 2010, doi 10.1186/gb-2010-11-10-r106) to the geometric
means of the *training* samples, so that a new sample is brought to their scale and never moves
it. The variance is stabilised by log2(count / size factor + 1 / (4 alpha)), with the typical
overdispersion alpha of the training samples (Ahlmann-Eltze 2023, doi 10.1038/s41592-023-01814-1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_COUNT, MIN_SHARE = 10, 0.2
"""A gene is expressed with 10 counts or more in a fifth of the training samples."""
LEAST_ALPHA, MOST_ALPHA = 0.01, 2.0

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Integers = NDArray[np.integer]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Transform:
    """What was learnt from training samples.

    Parameters
    ----------
    expressed : numpy.ndarray of int
        Rows of the counts that are used.
    reference : numpy.ndarray of length n_expressed
        Log geometric mean of each expressed gene; NaN where a training sample has no count.
    pseudocount : float
        1 / (4 alpha).
    mean, sd : numpy.ndarray of length n_expressed
        Of the stabilised expression.
    """

    expressed: Indices
    reference: Floats
    pseudocount: float
    mean: Floats
    sd: Floats

    def size_factors(self, counts: Integers) -> Floats:
        """Return the size factor of each sample, counts of shape (n_genes, n_samples)."""
        return _size_factors(counts[self.expressed], self.reference)

    def standardise(self, counts: Integers) -> Floats32:
        """Return stabilised expression in training standard deviations, shape (n_samples, n_expressed)."""
        taken = counts[self.expressed]
        log = _stabilise(taken, _size_factors(taken, self.reference), self.pseudocount)
        return _scale(log, self.mean, self.sd)


def fit_transform(counts: Integers) -> tuple[Transform, Floats32]:
    """Learn from training counts of shape (n_genes, n_samples); also return them standardised.

    Returns
    -------
    transform : Transform
        What was learnt.
    standardised : numpy.ndarray of shape (n_samples, n_expressed)
        As `Transform.standardise` gives for the same counts.
    """
    expressed = expressed_rows(counts)
    taken = counts[expressed]
    reference = _geometric_means(taken)
    factors = _size_factors(taken, reference)
    pseudocount = 1 / (4 * _overdispersion(taken, factors))
    log = _stabilise(taken, factors, pseudocount)
    mean = log.mean(axis=1, dtype=np.float64)
    sd = log.std(axis=1, ddof=1, dtype=np.float64) if log.shape[1] > 1 else np.zeros(len(log))
    fitted = Transform(expressed, reference, pseudocount, mean, sd)
    return fitted, _scale(log, mean, sd)


def expressed_rows(counts: Integers) -> Indices:
    """Return the genes that are expressed in samples, counts of shape (n_genes, n_samples)."""
    enough = np.count_nonzero(counts >= MIN_COUNT, axis=1) >= max(1.0, MIN_SHARE * counts.shape[1])
    return np.flatnonzero(enough)


def _geometric_means(counts: Integers) -> Floats:
    complete = np.all(counts > 0, axis=1)
    reference = np.full(len(counts), np.nan)
    reference[complete] = np.log(counts[complete], dtype=np.float32).mean(axis=1, dtype=np.float64)
    return reference


def _size_factors(counts: Integers, reference: Floats) -> Floats:
    complete = np.flatnonzero(~np.isnan(reference))
    if not len(complete):
        depth = counts.sum(axis=0, dtype=np.float64)
        return np.asarray(np.maximum(depth / max(float(np.median(depth)), 1.0), 1e-6))
    with np.errstate(divide="ignore"):
        ratios = np.log(counts[complete].T, dtype=np.float32) - reference[complete].astype(np.float32)
    factors: Floats = np.empty(len(ratios))
    for sample, row in enumerate(ratios):
        present = row[np.isfinite(row)]
        factors[sample] = np.exp(float(np.median(present))) if len(present) else 1.0
    return factors


def _overdispersion(counts: Integers, factors: Floats) -> float:
    """Return the median over genes of alpha, by moments: variance = mean + alpha mean²."""
    if counts.shape[1] < 2:
        return 0.1
    normalised = counts.astype(np.float32) / factors.astype(np.float32)
    mean = normalised.mean(axis=1, dtype=np.float64)
    variance = normalised.var(axis=1, ddof=1, dtype=np.float64)
    noise = mean * float(np.mean(1 / factors))
    return float(np.clip(np.median((variance - noise) / np.square(mean)), LEAST_ALPHA, MOST_ALPHA))


def _stabilise(counts: Integers, factors: Floats, pseudocount: float) -> Floats32:
    scaled = counts.astype(np.float32) * (1 / factors).astype(np.float32)
    return np.asarray(np.log2(scaled + np.float32(pseudocount)), dtype=np.float32)


def _scale(log: Floats32, mean: Floats, sd: Floats) -> Floats32:
    spread = np.where(sd > 1e-8, sd, np.inf)
    scaled = (log - mean[:, None].astype(np.float32)) / spread[:, None].astype(np.float32)
    return np.ascontiguousarray(scaled.T)
