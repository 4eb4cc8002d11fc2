"""One score per gene set and patient, and how it differs between groups.

*zscore*: mean of the set's genes, each in units of its own standard deviation (Lee 2008,
doi 10.1371/journal.pcbi.1000217), minus that of all genes, so that a patient whose genes are
all high does not score high in every set. Other scores are in `sample_scores`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import nctdtrinc
from scipy.stats import t as student

from core.pathways.enrichment.adjust import adjust

CONFIDENCE = 0.95

Floats = NDArray[np.float64]


def zscores(expression: Floats, membership: csr_array, *, design: Floats | None = None) -> Floats:
    """Return mean standardised expression of each set's genes minus that of all genes.

    Parameters
    ----------
    expression : numpy.ndarray of shape (n_genes, n_samples)
        Normalised log expression.
    membership : scipy.sparse.csr_array of shape (n_sets, n_genes)
        1 where a gene is in a set.
    design : numpy.ndarray of shape (n_samples, n_coefficients), optional
        If given, genes are standardised by their spread around it instead of around their mean.
    """
    standard = standardised(expression, around=None if design is None else residuals(expression, design))
    sizes = np.asarray(membership.sum(axis=1), dtype=np.float64)
    scores: Floats = (membership @ standard) / sizes[:, None] - standard.mean(axis=0)
    return scores


def compare_scores(scores: pd.DataFrame, design: pd.DataFrame) -> pd.DataFrame:
    """Compare scores between the groups, with the covariates of the design, by least squares.

    Parameters
    ----------
    scores : pandas.DataFrame of shape (n_sets, n_samples)
        Columns in the order of the rows of `design`.
    design : pandas.DataFrame of shape (n_samples, n_coefficients)
        The tested coefficient is the last.

    Returns
    -------
    pandas.DataFrame
        Indexed as `scores`: ``difference`` (case minus control, in the unit of the score), ``se``,
        ``lower`` and ``upper`` (95 % interval), ``t``, ``pvalue``, ``padj``
        (Benjamini-Hochberg over the rows), ``standardised`` with ``standardised_lower`` and
        ``standardised_upper`` (difference over the residual standard deviation; its 95 % interval is by the
        noncentral t distribution, which counts that the standard deviation is estimated, too: Steiger &
        Fouladi 1997; it leaves out 0 where ``pvalue`` < 0.05).
    """
    x, y = design.to_numpy(float), scores.to_numpy(float)
    freedom = x.shape[0] - x.shape[1]
    sd = np.sqrt((residuals(y, x) ** 2).sum(axis=1) / freedom)
    difference = (np.linalg.pinv(x) @ y.T)[-1]
    unit = float(np.sqrt(np.linalg.inv(x.T @ x)[-1, -1]))
    half = student.isf((1 - CONFIDENCE) / 2, freedom) * unit
    with np.errstate(invalid="ignore", divide="ignore"):
        t = difference / (sd * unit)
        standardised = difference / sd
    pvalue = 2 * student.sf(np.abs(t), freedom)
    tail = (1 - CONFIDENCE) / 2
    known = np.where(np.isfinite(t), t, np.nan)
    return pd.DataFrame(
        {
            "difference": difference,
            "se": sd * unit,
            "lower": difference - half * sd,
            "upper": difference + half * sd,
            "t": t,
            "pvalue": pvalue,
            "padj": adjust(pvalue),
            "standardised": standardised,
            "standardised_lower": nctdtrinc(freedom, 1 - tail, known) * unit,
            "standardised_upper": nctdtrinc(freedom, tail, known) * unit,
        },
        index=scores.index,
    )


def standardised(expression: Floats, *, around: Floats | None = None) -> Floats:
    """Return genes with mean 0 and spread 1, or with the spread of `around` as unit; constant ones are 0."""
    centred = expression - expression.mean(axis=1, keepdims=True)
    spread = np.sqrt(((centred if around is None else around) ** 2).mean(axis=1, keepdims=True))
    standard: Floats = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12)
    return standard


def residuals(values: Floats, design: Floats) -> Floats:
    """Return what a design leaves of each row of values."""
    basis, _ = np.linalg.qr(design)
    rest: Floats = values - (values @ basis) @ basis.T
    return rest
