"""Logistic regression with an L2 penalty, for many strengths at once and more columns than rows.

The criterion is scikit-learn's: half the squared length of the coefficients plus C times the sum
of the losses, the intercept free. Columns are first divided by the square root of their number,
so that one C means the same amount of shrinkage for 10 columns and for 1,000. Where there are more columns
than rows, the problem is solved in the space of the rows, which has the same solution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

STRENGTHS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Values of C that are tried; with 0 no predictor counts and everybody gets the share of cases."""
MAX_STEPS, TOLERANCE = 60, 1e-7

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Basis:
    """Rows in coordinates of at most as many columns as there are rows.

    Parameters
    ----------
    rows : numpy.ndarray of shape (n, rank)
        The training rows.
    back : numpy.ndarray of shape (p, rank)
        Turns coefficients of these coordinates into those of the columns.
    """

    rows: Floats
    back: Floats


def make_basis(x: Floats) -> Basis:
    """Return coordinates of the rows of `x` divided by the square root of its number of columns."""
    n, p = x.shape
    scaled = np.asarray(x, dtype=np.float64) / np.sqrt(max(p, 1))
    if p <= n:
        return Basis(scaled, np.eye(p) / np.sqrt(max(p, 1)))
    values, vectors = np.linalg.eigh(scaled @ scaled.T)
    kept = values > values[-1] * 1e-9
    length = np.sqrt(values[kept])
    rows = vectors[:, kept] * length
    return Basis(rows, scaled.T @ (vectors[:, kept] / length) / np.sqrt(p))


def fit_path(rows: Floats, y: Floats, strengths: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Fit for each strength, each from the one before.

    Parameters
    ----------
    rows : numpy.ndarray of shape (n, rank)
        As `Basis.rows`.
    y : numpy.ndarray of length n
        Outcome, 0 or 1.
    strengths : tuple of float
        Values of C, ascending.

    Returns
    -------
    intercepts : numpy.ndarray of length n_strengths
    coefficients : numpy.ndarray of shape (n_strengths, rank)
        Of the coordinates.
    """
    n, rank = rows.shape
    design = np.column_stack([np.ones(n), rows])
    at = np.zeros(rank + 1)
    share = np.clip(y.mean(), 1e-6, 1 - 1e-6)
    at[0] = np.log(share / (1 - share))
    found = np.empty((len(strengths), rank + 1))
    for number, strength in enumerate(strengths):
        at = _newton(design, y, at, 1 / strength) if strength > 0 else at
        found[number] = at
    return found[:, 0], found[:, 1:]


def log_loss(y: Floats, logit: Floats) -> Floats:
    """Return the mean log loss over the last axis of `logit`."""
    loss: Floats = -np.mean(y * log_expit(logit) + (1 - y) * log_expit(-logit), axis=-1)
    return loss


def _newton(design: Floats, y: Floats, start: Floats, penalty: float) -> Floats:
    at = start.copy()
    ridge = np.full(len(at), penalty)
    ridge[0] = 0.0
    logit = design @ at
    value = _objective(y, logit, at, ridge)
    for _ in range(MAX_STEPS):
        p = expit(logit)
        gradient = design.T @ (p - y) + ridge * at
        hessian = (design.T * (p * (1 - p))) @ design
        hessian.flat[:: len(at) + 1] += ridge + 1e-10
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while True:
            new = at - size * step
            new_logit = design @ new
            new_value = _objective(y, new_logit, new, ridge)
            if new_value <= value + 1e-12 or size < 1e-3:
                break
            size /= 2
        moved = np.max(np.abs(new - at))
        at, logit, value = new, new_logit, new_value
        if moved < TOLERANCE * (1 + np.max(np.abs(at))):
            break
    return at


def _objective(y: Floats, logit: Floats, at: Floats, ridge: Floats) -> float:
    loss = -np.sum(y * log_expit(logit) + (1 - y) * log_expit(-logit))
    return float(loss + 0.5 * np.sum(ridge * at**2))
