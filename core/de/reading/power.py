"""How small a difference a comparison can find, gene by gene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

POWER = 0.8


@dataclass(frozen=True)
class Detection:
    """What a comparison could find of one gene.

    Parameters
    ----------
    smallest : float
        Absolute log2 fold change that is found with a probability of `POWER`.
    chance : float
        Probability of finding a true difference as large as the estimate.
    """

    smallest: float
    chance: float


def significance_cut_off(table: pd.DataFrame, *, alpha: float = 0.05) -> float:
    """Return the largest p-value that is significant after adjustment.

    Without any significant gene it is that of the first to be found: alpha over the genes tested.
    """
    found = table.loc[table["padj"] < alpha, "pvalue"]
    tested = int(table["padj"].notna().sum())
    return float(found.max()) if len(found) else alpha / max(tested, 1)


def detection(
    log2_fold_change: float, standard_error: float, *, cut_off: float, freedom: float | None = None
) -> Detection | None:
    """Return what could be found of a gene; None where it was not estimated.

    Parameters
    ----------
    log2_fold_change, standard_error : float
        As estimated.
    cut_off : float
        From `significance_cut_off`.
    freedom : float, optional
        Degrees of freedom of the t distribution; normal if not given.

    Notes
    -----
    The usual normal approximation: (z of the cut-off + z of the power) times the standard error,
    which holds the gene's own dispersion and the number of samples.
    """
    if not (np.isfinite(log2_fold_change) and np.isfinite(standard_error) and standard_error > 0):
        return None
    needed = _needed(cut_off, freedom)
    smallest = (needed + float(norm.ppf(POWER))) * standard_error
    at = abs(log2_fold_change) / standard_error
    chance = float(norm.sf(needed - at) + norm.cdf(-needed - at))
    return Detection(smallest, chance)


def _needed(cut_off: float, freedom: float | None) -> float:
    """Return the statistic whose p-value is the cut-off."""
    return float((norm if freedom is None else student(freedom)).isf(cut_off / 2))


def smallest_detectable(
    table: pd.DataFrame, *, alpha: float = 0.05, freedom: float | None = None, power: float = POWER
) -> pd.Series:
    """Return the absolute log2 fold change of each tested gene that is found with a probability of `power`.

    With a power of a half it is the estimate that is just significant.
    """
    needed = _needed(significance_cut_off(table, alpha=alpha), freedom) + float(norm.ppf(power))
    tested = table.loc[table["pvalue"].notna(), "lfcSE"]
    return needed * tested


def detectable_table(
    table: pd.DataFrame, *, alpha: float = 0.05, freedom: float | None = None
) -> pd.DataFrame:
    """Return what can be found of each tested gene, for a file.

    Returns
    -------
    pandas.DataFrame
        ``gene``, ``symbol``, ``baseMean``, ``lfcSE``, ``significant_from`` and ``found_from`` (absolute log2
        fold changes, for a power of a half and of `POWER`).
    """
    found = smallest_detectable(table, alpha=alpha, freedom=freedom)
    tested = table.loc[found.index, ["gene", "symbol", "baseMean", "lfcSE"]]
    least = smallest_detectable(table, alpha=alpha, freedom=freedom, power=0.5)
    return tested.assign(significant_from=least, found_from=found).reset_index(drop=True)
