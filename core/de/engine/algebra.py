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
    return _where_possible(lambda a, b: np.linalg.solve(a, b[:, :, None])[:, :, 0], left, right)


def inverse(matrices: Matrix) -> Matrix:
    """Invert one small matrix for each gene; NaN where there is no inverse."""
    return _where_possible(np.linalg.inv, matrices)


def _where_possible(work: Callable[..., Matrix], matrices: Matrix, *right: Matrix) -> Matrix:
    """Do the work for finite genes, and without those that LAPACK refuses if it refuses any; else NaN."""
    given = (matrices, *right)
    sound = np.all([np.isfinite(part).all(axis=tuple(range(1, part.ndim))) for part in given], axis=0)
    found = np.full(given[-1].shape, np.nan)
    some = slice(None) if sound.all() else sound
    try:
        found[some] = work(*(part[some] for part in given))
    except np.linalg.LinAlgError:
        for gene in np.flatnonzero(sound):
            try:
                np.linalg.inv(matrices[gene])
            except np.linalg.LinAlgError:
                sound[gene] = False
        found[sound] = work(*(part[sound] for part in given))
    return found
