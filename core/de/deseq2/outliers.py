"""Outlier counts: whether Cook's distances can act in a design, and capping instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.de.design.build import Design

# As in DESeq2: with 3 samples of the same design row an outlier is detected, with 7 replaced.
REPLICATES_TO_DETECT = 3
REPLICATES_TO_REPLACE = 7
State = Literal["active", "partial", "off"]


@dataclass(frozen=True)
class OutlierHandling:
    """Whether outlier counts are dealt with, and why not.

    Parameters
    ----------
    state : {"active", "partial", "off"}
        For all samples, for some, or for none.
    reason : str
        One or two plain sentences.
    n_detect, n_replace : int
        Samples in which an outlier can be detected, and replaced.
    """

    state: State
    reason: str
    n_detect: int
    n_replace: int


def describe_outlier_handling(design: Design) -> OutlierHandling:
    """Say what Cook's distances can do in a design.

    PyDESeq2 (like R) looks for outliers only among samples that share their whole row of
    the design with at least two others, and replaces them only among seven or more.
    """
    rows = [tuple(row) for row in design.matrix.to_numpy()]
    repeats = Counter(rows)
    sizes = np.array([repeats[row] for row in rows])
    n_used, n_detect = len(sizes), int((sizes >= REPLICATES_TO_DETECT).sum())
    n_replace = int((sizes >= REPLICATES_TO_REPLACE).sum())
    numbers = [covariate.name for covariate in design.covariates if covariate.kind == "continuous"]
    because = (
        f"the number{'s' * (len(numbers) > 1)} {' and '.join(numbers)} make{'s' * (len(numbers) == 1)} "
        "almost every patient's row of the design unique"
        if numbers
        else "the groups formed by the covariates are too small"
    )
    state: State
    if n_detect == 0:
        state, reason = (
            "off",
            f"Outlier counts are neither detected nor replaced: {because}, and no three samples share one. "
            "Winsorising caps them instead.",
        )
    elif n_detect < n_used:
        state, reason = (
            "partial",
            f"Outlier counts are detected in {n_detect} of {n_used} samples and replaced in {n_replace}: "
            f"{because}. Winsorising caps them in all.",
        )
    elif n_replace < n_used:
        state, reason = (
            "active",
            f"Genes with an outlier count are withheld from the test; the count is replaced in {n_replace} "
            f"of {n_used} samples (that takes {REPLICATES_TO_REPLACE} samples alike).",
        )
    else:
        state, reason = "active", f"Outlier counts are detected and replaced in all {n_used} samples."
    return OutlierHandling(state, reason, n_detect, n_replace)


def winsorise(
    counts: NDArray[np.integer], size_factors: NDArray[np.float64], quantile: float
) -> NDArray[np.int64]:
    """Cap each gene's normalised counts at a quantile of its own, and return counts again.

    A count is divided by its sample's size factor, capped at the gene's `quantile` over the
    samples compared (linear interpolation), multiplied by the size factor again and rounded
    to the nearest whole number. Counts that are not capped come back unchanged.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_used)
        Raw counts.
    size_factors : numpy.ndarray of length n_used
        Of the raw counts; they are not estimated again.
    quantile : float
        Between 0.5 and 1.

    Notes
    -----
    Yang et al. 2024, doi 10.1186/s13059-024-03230-w.
    """
    normalised = counts / size_factors
    cap = np.quantile(normalised, quantile, axis=1, keepdims=True)
    capped = np.rint(cap * size_factors).astype(np.int64)
    return np.where(normalised > cap, capped, counts).astype(np.int64)
