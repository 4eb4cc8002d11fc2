"""Linear models with variances moderated across genes.

Smyth 2004, doi 10.2202/1544-6115.1027. Equal to the corresponding parts of limma.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

Floats = NDArray[np.float64]

GENES_AT_A_TIME = 1000


class Effects(NamedTuple):
    """What a linear model leaves of each gene, rotated so that its parts are independent.

    Parameters
    ----------
    tested : numpy.ndarray of length n_genes
        The last coefficient in units of its unscaled standard error.
    residuals : numpy.ndarray of shape (n_genes, n_samples - n_coefficients)
        Independent residuals.
    """

    tested: Floats
    residuals: Floats


class Prior(NamedTuple):
    """Common variance, or that expected of each gene, and how many degrees of freedom it is worth."""

    variance: float | Floats
    freedom: float


def rotate(expression: Floats, design: Floats, *, weights: Floats | None = None) -> Effects:
    """Fit a linear model to every gene by Householder rotations.

    Parameters
    ----------
    expression : numpy.ndarray of shape (n_genes, n_samples)
        Log expression.
    design : numpy.ndarray of shape (n_samples, n_coefficients)
        Of full rank; the tested coefficient is the last.
    weights : numpy.ndarray of shape (n_genes, n_samples), optional
        Precision of each observation.
    """
    n_genes, n_coefficients = len(expression), design.shape[1]
    rotated = np.empty(expression.shape)
    sign = np.empty(n_genes)
    for start in range(0, n_genes, GENES_AT_A_TIME):
        part = slice(start, start + GENES_AT_A_TIME)
        root = np.ones((1, len(design))) if weights is None else np.sqrt(weights[part])
        rotated[part], sign[part] = _householder(root[:, :, None] * design, root * expression[part])
    last = n_coefficients - 1
    return Effects(rotated[:, last] * sign, rotated[:, n_coefficients:])


def _householder(columns: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Rotate `values` (genes × samples) by the triangularisation of each gene's `columns`.

    Returns the rotated values and the sign of each last diagonal element.
    """
    columns, values = columns.copy(), values.copy()
    diagonal = np.empty(len(columns))
    for k in range(columns.shape[2]):
        mirror = columns[:, k:, k].copy()
        diagonal = -np.copysign(np.linalg.norm(mirror, axis=1), mirror[:, 0])
        mirror[:, 0] -= diagonal
        scale = 2.0 / (mirror**2).sum(axis=1)
        along = np.einsum("gn,gnp->gp", mirror, columns[:, k:, k:]) * scale[:, None]
        columns[:, k:, k:] -= mirror[:, :, None] * along[:, None, :]
        # With one design for all genes `mirror` has one row, which numpy repeats.
        values[:, k:] -= mirror * ((values[:, k:] * mirror).sum(axis=1) * scale)[:, None]
    return values, np.broadcast_to(np.sign(diagonal), (len(values),)).copy()


def fit_prior(variances: Floats, freedom: float) -> Prior:
    """Estimate the common variance and its worth from all genes, by moments of their logarithms.

    Parameters
    ----------
    variances : numpy.ndarray of length n_genes
        Residual variances.
    freedom : float
        Their residual degrees of freedom.
    """
    centred = centred_log_variances(variances, freedom)
    worth = prior_freedom(float(centred.var(ddof=1)), freedom)
    if np.isinf(worth):
        return Prior(float(_positive(variances).mean()), worth)
    return Prior(float(prior_scale(centred.mean(), worth)), worth)


def centred_log_variances(variances: Floats, freedom: float) -> Floats:
    """Return log variances without what the logarithm of a scaled chi-square is off by."""
    centred: Floats = np.log(_positive(variances)) - digamma(freedom / 2) + np.log(freedom / 2)
    return centred


def prior_freedom(spread: float, freedom: float) -> float:
    """Return what the common variance is worth, given the variance of the log variances about it."""
    excess = spread - float(polygamma(1, freedom / 2))
    return 2 * _inverse_trigamma(excess) if excess > 0 else float("inf")


def prior_scale(centred: Floats, worth: float) -> Floats:
    """Return the common variance whose log variances are centred here."""
    scale: Floats = np.exp(centred + digamma(worth / 2) - np.log(worth / 2))
    return scale


def _positive(variances: Floats) -> Floats:
    median = np.median(variances)
    positive: Floats = np.maximum(variances, 1e-5 * median if median > 0 else 1e-5)
    return positive


def moderate(variances: Floats, freedom: float, prior: Prior) -> Floats:
    """Return variances drawn towards the common one."""
    if np.isinf(prior.freedom):
        return np.full(len(variances), prior.variance)
    total = freedom + prior.freedom
    moderated: Floats = (freedom * variances + prior.freedom * prior.variance) / total
    return moderated


def normal_from_t(t: Floats, freedom: float) -> Floats:
    """Return the normal deviate with the same tail as each t, without under- or overflow.

    The expansion of Hill 1970, doi 10.1145/355598.355600, near exact above 5 degrees of freedom.
    """
    freedom = min(freedom, 1e100)
    a = freedom - 0.5
    b = 48 * a**2
    z = a * np.log1p(t / freedom * t)
    z = (((((-0.4 * z - 3.3) * z - 24) * z - 85.5) / (0.8 * z**2 + 100 + b) + z + 3) / b + 1) * np.sqrt(z)
    deviate: Floats = z * np.sign(t)
    return deviate


def _inverse_trigamma(value: float) -> float:
    """Solve trigamma(x) = value by Newton's method on 1 / trigamma, which is nearly straight."""
    if value > 1e7:
        return float(1 / np.sqrt(value))
    if value < 1e-6:
        return 1 / value
    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, x))
        x += step
        if -step / x < 1e-8:
            break
    return x
