"""DESeq2's rules for the dispersions of single genes, where PyDESeq2 departs from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from core.de.engine.algebra import Columns, Matrix

# DESeq2 takes no fitted mean below this into a dispersion or a standard error; PyDESeq2 0.5.4
# does, which makes standard errors of genes with near-empty samples too wide.
MIN_MU = 0.5
WORTH_MOVING = 1e-6  # relative gain in log likelihood for which the estimate by moments is left
FEW_FREEDOM = 3  # residual degrees of freedom up to which the likelihoods of many genes are flat
AT_BOUND = 10.0  # times the smallest dispersion allowed: up to there a gene counts as without any
FLAT = 10_000.0  # times the smallest dispersion allowed: below, the likelihood is nearly flat

Data = tuple[Matrix, Matrix, Columns]  # counts and fitted means (genes × samples), design


@dataclass(frozen=True)
class Rules:
    """Which of these rules an engine keeps: by default all of DESeq2's.

    Parameters
    ----------
    min_mu, min_mu_errors : float
        No fitted mean is taken as smaller for a dispersion; for a standard error.
    endings : bool
        A search for a dispersion ends where DESeq2's does; else at the maximum.
    """

    min_mu: float = MIN_MU
    min_mu_errors: float = MIN_MU
    endings: bool = True


DESEQ2 = Rules()
PYDESEQ2 = Rules(min_mu=0.0, min_mu_errors=0.0, endings=False)


def prefer_bound(found: Matrix, data: Data, min_disp: float) -> Matrix:
    """Take the smallest dispersion where it is as likely as a tiny one at which the search stopped."""
    tiny = found < FLAT * min_disp
    if not tiny.any():
        return found
    counts, mu, columns = data
    part = counts[tiny], mu[tiny], columns
    bound = np.full(int(tiny.sum()), min_disp)
    chosen = found.copy()
    as_likely = log_likelihood(part, bound) >= log_likelihood(part, found[tiny])
    chosen[tiny] = np.where(as_likely, bound, found[tiny])
    return chosen


def prefer_moments(found: Matrix, data: Data, moments: Matrix) -> Matrix:
    """Keep the estimate by moments where the search gained next to nothing on it."""
    start, end = log_likelihood(data, moments), log_likelihood(data, found)
    return np.where(end < start + WORTH_MOVING * np.abs(start), moments, found)


def log_likelihood(data: Data, dispersions: Matrix) -> Matrix:
    """Return each gene's Cox-Reid adjusted log likelihood, without the terms that do not depend on it.

    Parameters
    ----------
    data : tuple
        Counts and fitted means, each n_genes × n_samples, and the design.
    dispersions : numpy.ndarray of length n_genes
        Where to evaluate.

    Notes
    -----
    Love, Huber, Anders 2014, doi 10.1186/s13059-014-0550-8, Methods, equations 5 and 6. DESeq2
    compares relative gains of this very sum, so what it leaves out matters.
    """
    counts, mu, columns = data
    size, dispersion = (1 / dispersions)[:, None], dispersions[:, None]
    terms = gammaln(counts + size) - counts * np.log(mu + size) - size * np.log1p(mu * dispersion)
    likelihood = terms.sum(axis=1) - counts.shape[1] * gammaln(size[:, 0])
    information = columns.information(mu / (1 + mu * dispersion))
    adjusted: Matrix = likelihood - 0.5 * np.linalg.slogdet(information)[1]
    return adjusted
