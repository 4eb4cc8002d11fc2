"""What a result says in numbers: counts at a threshold, p-value diagnostics, fold changes in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, norm
from scipy.stats import t as student

from core.de.result import DEResult

LEVEL = 0.95  # of intervals
MIN_FOR_PI0 = 100  # p-values; with fewer the estimate is mostly noise


@dataclass(frozen=True)
class Counts:
    """Significant genes at chosen thresholds.

    Parameters
    ----------
    n_up, n_down : int
        Higher in case; lower in case.
    n_active : int
        Genes that passed the expression filter.
    """

    n_up: int
    n_down: int
    n_active: int

    @property
    def n(self) -> int:
        """Significant genes in both directions."""
        return self.n_up + self.n_down

    @property
    def share(self) -> float:
        """Significant genes as a share of active genes, 0 to 1."""
        return self.n / self.n_active if self.n_active else 0.0


@dataclass(frozen=True)
class FoldChange:
    """A fold change with its 95 % interval, as ratios (1 is no change)."""

    ratio: float
    low: float
    high: float

    def percent(self) -> tuple[float, float, float]:
        """Return change and interval in percent; −50 is half as much."""
        return 100 * (self.ratio - 1), 100 * (self.low - 1), 100 * (self.high - 1)


def significant(table: pd.DataFrame, *, alpha: float = 0.05, min_lfc: float = 0.0) -> NDArray[np.bool_]:
    """Return which genes pass thresholds that are applied to a finished result, without a refit.

    Parameters
    ----------
    table : pandas.DataFrame
        `DEResult.table`.
    alpha : float
        Adjusted p-values below this pass.
    min_lfc : float
        Absolute log2 fold changes of at least this pass.
    """
    padj, log2_fold_change = table["padj"].to_numpy(), table["log2FoldChange"].to_numpy()
    passing: NDArray[np.bool_] = (padj < alpha) & (np.abs(log2_fold_change) >= min_lfc)
    return passing


def count_significant(result: DEResult, *, alpha: float = 0.05, min_lfc: float = 0.0) -> Counts:
    """Count genes that pass thresholds, by direction."""
    passing = significant(result.table, alpha=alpha, min_lfc=min_lfc)
    up = result.table["log2FoldChange"].to_numpy() > 0
    return Counts(int((passing & up).sum()), int((passing & ~up).sum()), result.run.n_active)


def null_share(pvalues: pd.Series) -> float | None:
    """Estimate π0, the share of genes that do not differ; None with fewer than 100 p-values.

    Storey's estimate #{p > λ} / ((1 − λ) m), with the λ among 0.05, 0.10, ..., 0.95 that
    minimises its mean squared error in the closed form of Robinson and Storey, so that the
    answer is the same every time.

    Notes
    -----
    Storey & Tibshirani 2003, doi 10.1073/pnas.1530509100; the choice of λ: Robinson, in
    Storey et al., R package qvalue (``pi0.method = "bootstrap"``).
    """
    p = np.sort(pvalues.dropna().to_numpy())
    if len(p) < MIN_FOR_PI0:
        return None
    thresholds = np.arange(0.05, 0.96, 0.05)
    above = len(p) - np.searchsorted(p, thresholds, side="left")
    estimates = above / len(p) / (1 - thresholds)
    variance = above / (len(p) ** 2 * (1 - thresholds) ** 2) * (1 - above / len(p))
    error = variance + (estimates - np.quantile(estimates, 0.1)) ** 2
    return float(min(estimates[np.argmin(error)], 1.0))


def genomic_inflation(pvalues: pd.Series) -> float | None:
    """Return λ, the median test statistic over the one expected if no gene differed; None without p-values.

    Notes
    -----
    Devlin & Roeder 1999, doi 10.1111/j.0006-341x.1999.00997.x. True differences raise it too.
    """
    p = pvalues.dropna()
    return float(chi2.isf(p.median(), 1) / chi2.ppf(0.5, 1)) if len(p) else None


def fold_change(
    log2_fold_change: float, standard_error: float, *, freedom: float | None = None
) -> FoldChange | None:
    """Return a fold change as ratios with its interval; None where it was not estimated.

    The interval is normal, or that of a t distribution with `freedom` degrees of freedom.
    """
    if not (np.isfinite(log2_fold_change) and np.isfinite(standard_error)):
        return None
    half = _errors_wide(freedom) * standard_error
    ratio, low, high = np.exp2([log2_fold_change, log2_fold_change - half, log2_fold_change + half])
    return FoldChange(float(ratio), float(low), float(high))


def fold_change_limits(table: pd.DataFrame, *, freedom: float | None = None) -> pd.DataFrame:
    """Return the interval of each gene's log2 fold change; missing where there is no standard error.

    Parameters
    ----------
    table : pandas.DataFrame
        ``log2FoldChange`` and ``lfcSE``, as in `DEResult.table`.
    freedom : float, optional
        As in `fold_change`.

    Returns
    -------
    pandas.DataFrame with the index of `table`
        ``lower``, ``upper``.
    """
    half = _errors_wide(freedom) * table["lfcSE"]
    return pd.DataFrame({"lower": table["log2FoldChange"] - half, "upper": table["log2FoldChange"] + half})


def _errors_wide(freedom: float | None) -> float:
    """Return how many standard errors an interval goes to each side."""
    distribution = norm if freedom is None else student(freedom)
    return float(distribution.ppf(0.5 + LEVEL / 2))


def fold_change_sentence(change: FoldChange | None, *, case: str) -> str:
    """Say a fold change so that a clinician can read it.

    Examples
    --------
    >>> fold_change_sentence(fold_change(0.1635, 0.0686), case="TRD")
    '12 % higher in TRD, 95 % interval 2 to 23 %'
    """
    if change is None:
        return f"No fold change could be estimated for {case}"
    percent, low, high = change.percent()
    if change.ratio >= 3 or change.ratio <= 1 / 3:
        return _fold_sentence(change, case=case)
    if round(abs(percent)) == 0:
        return f"No difference in {case}, 95 % interval {_signed(low)} to {_signed(high)} %"
    if percent > 0:
        return f"{percent:.0f} % higher in {case}, 95 % interval {_range(low, high)} %"
    return f"{-percent:.0f} % lower in {case}, 95 % interval {_range(-high, -low)} %"


def _fold_sentence(change: FoldChange, *, case: str) -> str:
    """Say a large change as a multiple: 900 % is hard to picture."""
    if change.ratio > 1:
        times, low, high, word = change.ratio, change.low, change.high, "higher"
    else:
        times, low, high, word = 1 / change.ratio, 1 / change.high, 1 / change.low, "lower"
    return f"{times:.1f} times {word} in {case}, 95 % interval {_times(low)} to {_times(high)} times"


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if 0.1 <= ratio < 1000 else f"{ratio:.1g}"


def _range(low: float, high: float) -> str:
    """Write a range; with signs where it crosses zero, so that the other direction is plain."""
    if round(low) < 0:
        return f"{_signed(low)} to {_signed(high)}"
    return f"{abs(low):.0f} to {high:.0f}"


def _signed(percent: float) -> str:
    rounded = round(percent)
    return f"−{-rounded}" if rounded < 0 else f"+{rounded}" if rounded > 0 else "0"
