"""Small weighted least-squares problems, one for each gene, solved together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
PSEUDOCOUNT = 0.1  # added to normalised counts for the logarithms that a search starts from


class Columns:
    """Products of the columns of a design, from which every gene's information is a sum.

    Parameters
    ----------
    design : numpy.ndarray of shape (n_samples, n_coefficients)
        Design matrix.
    """

    def __init__(self, design: Matrix):
        self.design = np.ascontiguousarray(design, dtype=np.float64)
        self.n_coefficients = self.design.shape[1]
        self._rows, self._columns = np.triu_indices(self.n_coefficients)

    @cached_property
    def _products(self) -> Matrix:
        """Products of two columns, each pair once: n_samples × n_pairs."""
        return np.ascontiguousarray(self.design[:, self._rows] * self.design[:, self._columns])

    def predict(self, coefficients: Matrix) -> Matrix:
        """Return the linear predictor: n_genes × n_samples."""
        return coefficients @ self.design.T

    def information(self, weights: Matrix) -> Matrix:
        """Return X'WX of every gene: n_genes × n_coefficients × n_coefficients.

        Parameters
        ----------
        weights : numpy.ndarray of shape (n_genes, n_samples)
            Diagonal of W.
        """
        sums = weights @ self._products
        full = np.empty((len(weights), self.n_coefficients, self.n_coefficients))
        full[:, self._rows, self._columns] = sums
        full[:, self._columns, self._rows] = sums
        return full

    def quadratic(self, middle: Matrix) -> Matrix:
        """Return x'Mx for every gene's symmetric M and every row x of the design: n_genes × n_samples."""
        twice = np.where(self._rows == self._columns, 1.0, 2.0)
        weighted: Matrix = (middle[:, self._rows, self._columns] * twice) @ self._products.T
        return weighted


def solve(left: Matrix, right: Matrix) -> Matrix:
    """Solve one small system for each gene; NaN where there is no solution."""
    sound = _finite(left) & _finite(right)
    solution = np.full(right.shape, np.nan)

    def work(some: NDArray[np.bool_] | slice) -> None:
        solution[some] = np.linalg.solve(left[some], right[some][:, :, None])[:, :, 0]

    _where_possible(work, left, sound)
    return solution


def inverse(matrices: Matrix) -> Matrix:
    """Invert one small matrix for each gene; NaN where there is no inverse."""
    sound = _finite(matrices)
    inverted = np.full(matrices.shape, np.nan)

    def work(some: NDArray[np.bool_] | slice) -> None:
        inverted[some] = np.linalg.inv(matrices[some])

    _where_possible(work, matrices, sound)
    return inverted


def _finite(arrays: Matrix) -> NDArray[np.bool_]:
    finite: NDArray[np.bool_] = np.all(np.isfinite(arrays), axis=tuple(range(1, arrays.ndim)))
    return finite


def _where_possible(
    work: Callable[[NDArray[np.bool_] | slice], None], matrices: Matrix, sound: NDArray[np.bool_]
) -> None:
    """Do the work for the sound genes, and without those that LAPACK refuses if it refuses any."""
    try:
        work(slice(None) if sound.all() else sound)
    except np.linalg.LinAlgError:
        regular = sound.copy()
        for gene in np.flatnonzero(sound):
            try:
                np.linalg.inv(matrices[gene])
            except np.linalg.LinAlgError:
                regular[gene] = False
        work(regular)
