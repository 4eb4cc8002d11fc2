"""Find out which columns of a design cannot be told apart, and how nearly others cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# A column whose part outside the space of the others is below this share of its length
# carries no information of its own; round-off of standardised columns is near 1e-15.
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Alias:
    """A column of the design that other columns determine.

    Parameters
    ----------
    column : str
        The column that adds nothing.
    determined_by : tuple of str
        The earlier columns that determine it, the intercept left out.
    """

    column: str
    determined_by: tuple[str, ...]


def find_aliases(matrix: pd.DataFrame) -> list[Alias]:
    """Return the columns that are linear combinations of the columns before them.

    Parameters
    ----------
    matrix : pandas.DataFrame of shape (n_samples, n_coefficients)
        Design matrix, intercept first.
    """
    kept: list[str] = []
    aliases: list[Alias] = []
    for name in matrix.columns:
        column = matrix[name].to_numpy(dtype=float)
        weights, outside = _project(matrix[kept].to_numpy(dtype=float), column)
        if outside < TOLERANCE:
            involved = (k for k, w in zip(kept, weights, strict=True) if abs(w) > TOLERANCE)
            aliases.append(Alias(name, tuple(k for k in involved if k != matrix.columns[0])))
        else:
            kept.append(name)
    return aliases


def variance_inflation(matrix: pd.DataFrame) -> float:
    """Return how many times the other columns inflate the variance of the last coefficient.

    The usual 1 / (1 - R²) of the last column regressed on all others; 1 means
    that it is not related to them at all.
    """
    last = matrix.iloc[:, -1].to_numpy(dtype=float)
    _, outside = _project(matrix.iloc[:, :-1].to_numpy(dtype=float), last)
    centred = np.linalg.norm(last - last.mean()) / np.linalg.norm(last)
    return float((centred / outside) ** 2)


def _project(basis: NDArray[np.float64], column: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the weights of `column` on `basis` and the share of its length outside that space."""
    length = np.linalg.norm(column)
    if length == 0:
        return np.zeros(basis.shape[1]), 0.0
    if basis.shape[1] == 0:
        return np.zeros(0), 1.0
    weights: NDArray[np.float64] = np.linalg.lstsq(basis, column, rcond=None)[0].astype(np.float64)
    return weights, float(np.linalg.norm(column - basis @ weights) / length)
