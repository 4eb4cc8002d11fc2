"""The same test under permuted labels: what does not depend on the labels is computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.de.deseq2.fit import LN2, Engine, Vector, fit_dispersions
from core.de.design.build import Design

MIN_MU, TOLERANCE = 0.5, 1e-8  # as PyDESeq2 fits


@dataclass(frozen=True)
class NullModel:
    """What every permutation shares: counts, covariates, size factors, and dispersions without groups.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_used, n_fitted)
        Counts.
    design : numpy.ndarray of shape (n_used, n_coefficients)
        As fitted, the groups last.
    size_factors : numpy.ndarray of length n_used
        Size factors.
    dispersions : numpy.ndarray of length n_fitted
        Of the model of the covariates alone; NaN for genes without any count.
    """

    counts: NDArray[np.integer]
    design: NDArray[np.float64]
    size_factors: Vector
    dispersions: Vector


def fit_null(
    counts: NDArray[np.integer], design: Design, *, size_factors: Vector, engine: Engine
) -> NullModel:
    """Fit the model of the covariates alone; parameters as for `core.de.deseq2.fit.fit_model`."""
    without = replace(design, matrix=design.matrix.iloc[:, :-1])
    dds = fit_dispersions(counts, without, size_factors=size_factors, engine=engine)
    return NullModel(
        np.ascontiguousarray(counts.T),
        design.matrix.to_numpy(),
        np.asarray(size_factors),
        dds.var["dispersions"].to_numpy(),
    )


def labelled_pvalues(null: NullModel, labels: Vector, *, engine: Engine) -> tuple[Vector, Vector]:
    """Test given labels against a null model.

    Parameters
    ----------
    null : NullModel
        From `fit_null`.
    labels : numpy.ndarray of length n_used
        1 in one group, 0 in the other.
    engine : Engine
        Inference and timeline; may raise CancelledError.

    Returns
    -------
    log2_fold_change, pvalue : numpy.ndarray of length n_fitted
        NaN for genes without any count.

    Notes
    -----
    Only coefficients and standard errors are computed anew. Dispersions are those without groups,
    which under the null hypothesis are the right ones; the test on screen estimates them with
    the groups, which makes a difference in small studies only.
    """
    design = np.column_stack([null.design[:, :-1], labels])
    n_coefficients = design.shape[1]
    fitted = np.isfinite(null.dispersions)
    dispersions = null.dispersions[fitted]
    inference = engine.inference
    coefficients, means, _, _ = inference.irls(
        null.counts[:, fitted], null.size_factors, design, dispersions, MIN_MU, TOLERANCE
    )
    pvalues, _, _ = inference.wald_test(
        design,
        dispersions,
        coefficients,
        means,
        np.eye(n_coefficients) * 1e-6,
        np.eye(n_coefficients)[-1],
        0.0,
    )
    found = np.full((2, len(fitted)), np.nan)
    found[0, fitted], found[1, fitted] = coefficients[:, -1] / LN2, pvalues
    return found[0], found[1]
