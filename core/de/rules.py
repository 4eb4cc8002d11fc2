"""Dispersions and standard errors of single genes by DESeq2's rules, where PyDESeq2 departs from them.

The exported script carries this module as it stands: nothing of this product may be imported.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydeseq2.default_inference import DefaultInference
from scipy.special import gammaln

Matrix = NDArray[np.float64]

# DESeq2 takes no fitted mean below this into a dispersion or a standard error; PyDESeq2 0.5.4
# does, which makes standard errors of genes with near-empty samples too wide.
MIN_MU = 0.5
WORTH_MOVING = 1e-6  # relative gain in log likelihood for which the estimate by moments is left
AT_BOUND = 10.0  # times the smallest dispersion allowed: up to there a gene counts as without any
FLAT = 10_000.0  # times the smallest dispersion allowed: below, the likelihood is nearly flat


class DESeq2Inference(DefaultInference):  # type: ignore[misc]  # PyDESeq2 ships no types
    """PyDESeq2's inference with DESeq2's rules for dispersions and standard errors."""

    def alpha_mle(
        self,
        counts: NDArray[Any],
        design_matrix: Matrix,
        mu: Matrix,
        alpha_hat: Matrix,
        min_disp: float,
        max_disp: float,
        **options: Any,
    ) -> tuple[NDArray[Any], ...]:
        """Fit dispersions; see `pydeseq2.inference.Inference.alpha_mle`."""
        mu = np.maximum(mu, MIN_MU)
        found, converged = super().alpha_mle(
            counts, design_matrix, mu, alpha_hat, min_disp, max_disp, **options
        )
        if not options.get("prior_reg", False):
            data = counts, design_matrix, mu
            found = prefer_bound(np.clip(found, min_disp, max_disp), data, min_disp)
            # A search that fails where the moments see no dispersion at all is not repeated on a grid.
            stuck = ~converged.astype(bool) & (alpha_hat <= AT_BOUND * min_disp)
            found = np.where(stuck, min_disp, prefer_moments(found, data, alpha_hat))
        return found, converged

    def wald_test(
        self, design_matrix: Matrix, disp: Matrix, lfc: Matrix, mu: Matrix, *args: Any, **options: Any
    ) -> tuple[NDArray[Any], ...]:
        """Test a contrast; see `pydeseq2.inference.Inference.wald_test`."""
        tested: tuple[NDArray[Any], ...] = super().wald_test(
            design_matrix, disp, lfc, np.maximum(mu, MIN_MU), *args, **options
        )
        return tested


def prefer_bound(found: Matrix, data: tuple[Matrix, Matrix, Matrix], min_disp: float) -> Matrix:
    """Take the smallest dispersion where it is as likely as a tiny one at which the search stopped."""
    tiny = found < FLAT * min_disp
    if not tiny.any():
        return found
    part = data[0][:, tiny], data[1], data[2][:, tiny]
    bound = np.full(int(tiny.sum()), min_disp)
    chosen = found.copy()
    chosen[tiny] = np.where(
        log_likelihood(*part, bound) >= log_likelihood(*part, found[tiny]), bound, found[tiny]
    )
    return chosen


def prefer_moments(found: Matrix, data: tuple[Matrix, Matrix, Matrix], moments: Matrix) -> Matrix:
    """Keep the estimate by moments where the search gained next to nothing on it."""
    start, end = log_likelihood(*data, moments), log_likelihood(*data, found)
    return np.where(end < start + WORTH_MOVING * np.abs(start), moments, found)


def log_likelihood(counts: Matrix, design: Matrix, mu: Matrix, dispersions: Matrix) -> Matrix:
    """Return each gene's Cox-Reid adjusted log likelihood, without the terms that do not depend on it.

    Parameters
    ----------
    counts, mu : numpy.ndarray of shape (n_samples, n_genes)
        Counts and fitted means.
    design : numpy.ndarray of shape (n_samples, n_coefficients)
        Design matrix.
    dispersions : numpy.ndarray of length n_genes
        Where to evaluate.

    Notes
    -----
    Love, Huber, Anders 2014, doi 10.1186/s13059-014-0550-8, Methods, equations 5 and 6. DESeq2
    compares relative gains of this very sum, so what it leaves out matters.
    """
    size = 1 / dispersions
    terms = gammaln(counts + size) - counts * np.log(mu + size) - size * np.log1p(mu * dispersions)
    likelihood = terms.sum(axis=0) - len(counts) * gammaln(size)
    weights = mu / (1 + mu * dispersions)
    n_coefficients = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    information = (weights.T @ products).reshape(-1, n_coefficients, n_coefficients)
    adjusted: Matrix = likelihood - 0.5 * np.linalg.slogdet(information)[1]
    return adjusted
