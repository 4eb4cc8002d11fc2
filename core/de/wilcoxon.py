"""Wilcoxon rank-sum test of normalised counts, with the fold change that belongs to it.

Recommended for cohorts of population size by Li et al. 2022, doi 10.1186/s13059-022-02648-4.
It compares two groups and nothing else: no covariate can be taken into account.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu, norm

Floats = NDArray[np.float64]

HALF_COUNT = 0.5  # added before the logarithm
LARGEST_EXACT = 8  # up to this size of the smaller group p-values are exact, as in SciPy
PAIRS_AT_A_TIME = 4_000_000
CONFIDENCE = 0.95


def rank_tests(normalised: Floats, is_case: NDArray[np.bool_]) -> pd.DataFrame:
    """Compare two groups gene by gene.

    Parameters
    ----------
    normalised : numpy.ndarray of shape (n_genes, n_samples)
        Counts over size factors.
    is_case : numpy.ndarray of bool, length n_samples
        Which samples are in the case group.

    Returns
    -------
    pandas.DataFrame of n_genes rows
        ``log2FoldChange``: the Hodges-Lehmann estimate, the median of the log2 ratios of all pairs of
        a case and a control; ``lfcSE``: half the width of its 95 % interval over 1.96; ``stat``: the
        normal deviate with the p-value's tail; ``pvalue``, as `scipy.stats.mannwhitneyu` gives it.
    """
    case, control = normalised[:, is_case], normalised[:, ~is_case]
    statistic, pvalue = mann_whitney(case, control)
    logs = np.log2(normalised + HALF_COUNT)
    change, error = _shift(logs[:, is_case], logs[:, ~is_case])
    deviate = norm.isf(pvalue / 2) * np.sign(statistic - case.shape[1] * control.shape[1] / 2)
    return pd.DataFrame({"log2FoldChange": change, "lfcSE": error, "stat": deviate, "pvalue": pvalue})


def mann_whitney(case: Floats, control: Floats) -> tuple[Floats, Floats]:
    """Return U of the case group and p, for each gene of the kind that SciPy chooses for it alone."""
    ordered = np.sort(np.concatenate([case, control], axis=1), axis=1)
    tied = (np.diff(ordered, axis=1) == 0).any(axis=1)
    exact = ~tied & (min(case.shape[1], control.shape[1]) <= LARGEST_EXACT)
    statistic, pvalue = np.empty(len(case)), np.empty(len(case))
    for genes, method in ((exact, "exact"), (~exact, "asymptotic")):
        if genes.any():
            statistic[genes], pvalue[genes] = mannwhitneyu(case[genes], control[genes], axis=1, method=method)
    # Equal values throughout are no evidence of anything.
    return statistic, np.where(np.isnan(pvalue), 1.0, pvalue)


def _shift(case: Floats, control: Floats) -> tuple[Floats, Floats]:
    """Return the median of all differences between the groups, and its error from its rank interval."""
    n_pairs = case.shape[1] * control.shape[1]
    middle = (n_pairs - 1) // 2, n_pairs // 2
    z = float(norm.ppf(0.5 + CONFIDENCE / 2))
    margin = z * np.sqrt(n_pairs * (case.shape[1] + control.shape[1] + 1) / 12)
    low = max(int(n_pairs / 2 - margin), 1) - 1
    places = sorted({low, *middle, n_pairs - 1 - low})
    change, error = np.empty(len(case)), np.empty(len(case))
    step = max(1, PAIRS_AT_A_TIME // n_pairs)
    for start in range(0, len(case), step):
        part = slice(start, start + step)
        pairs = (case[part, :, None] - control[part, None, :]).reshape(-1, n_pairs)
        pairs.partition(places, axis=1)
        change[part] = pairs[:, list(middle)].mean(axis=1)
        error[part] = (pairs[:, n_pairs - 1 - low] - pairs[:, low]) / (2 * z)
    return change, error
