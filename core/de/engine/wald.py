"""Wald test of a contrast for all genes of a block at once."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from core.de.engine.algebra import Columns, Matrix, inverse


def standard_errors(
    columns: Columns, means: Matrix, dispersions: Matrix, ridge: Matrix, contrast: Matrix
) -> Matrix:
    """Return the standard error of a contrast of each gene's coefficients.

    Parameters
    ----------
    columns : Columns
        Of the design.
    means : numpy.ndarray of shape (n_genes, n_samples)
        Fitted means.
    dispersions : numpy.ndarray of length n_genes
        Dispersions.
    ridge : numpy.ndarray of shape (n_coefficients, n_coefficients)
        Added to the information.
    contrast : numpy.ndarray of length n_coefficients
        Weights of the coefficients.

    Notes
    -----
    Love, Huber, Anders 2014, doi 10.1186/s13059-014-0550-8, Methods, "Wald test".
    """
    information = columns.information(means / (1 + means * dispersions[:, None]))
    direction = inverse(information + ridge) @ contrast
    variance = np.einsum("gi,gij,gj->g", direction, information, direction)
    errors: Matrix = np.sqrt(variance)
    return errors


def wald_statistics(
    coefficients: Matrix, errors: Matrix, contrast: Matrix, null: float, alternative: str | None
) -> tuple[Matrix, Matrix]:
    """Return p-value and statistic of each gene.

    Parameters
    ----------
    coefficients : numpy.ndarray of shape (n_genes, n_coefficients)
        Natural logarithm.
    errors : numpy.ndarray of length n_genes
        From `standard_errors`.
    contrast : numpy.ndarray of length n_coefficients
        Weights of the coefficients.
    null : float
        Value under the null hypothesis, or largest absolute value.
    alternative : {None, "greaterAbs", "lessAbs", "greater", "less"}
        What is tested against, as in PyDESeq2.
    """
    scale = errors[:, None]
    if alternative is None:
        statistic = ((coefficients - null) / scale) @ contrast
        return 2 * ndtr(-np.abs(statistic)), statistic
    if alternative == "greaterAbs":
        beyond = np.fmax((np.abs(coefficients) - null) / scale, 0)
        statistic = (np.sign(coefficients) * beyond) @ contrast
        return 2 * ndtr(-np.abs(statistic)), statistic
    above = np.fmax((coefficients - (-abs(null) if alternative == "lessAbs" else null)) / scale, 0) @ contrast
    below = np.fmin((coefficients - (abs(null) if alternative == "lessAbs" else null)) / scale, 0) @ contrast
    p_above, p_below = ndtr(-above), ndtr(-np.abs(below))
    if alternative == "greater":
        return p_above, above
    if alternative == "less":
        return p_below, below
    nearer = np.where(np.abs(above) <= np.abs(below), above, below)
    return np.maximum(p_above, p_below), nearer
