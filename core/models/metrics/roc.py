"""Discrimination: whether cases get higher risks than controls.

Areas and their covariance after DeLong, DeLong & Clarke-Pearson 1988 (doi 10.2307/2531595) in the
form of Sun & Xu 2014 (mid-ranks), equal to pROC's; ties count one half.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from scipy.stats import rankdata

from core.models.metrics.base import (
    CRITICAL,
    MISSING,
    Difference,
    Floats,
    Interval,
    check_predictions,
    difference,
    log_odds,
    normal_interval,
)


class Placements(NamedTuple):
    """For each case the share of controls below it, for each control the share of cases above it."""

    cases: Floats
    controls: Floats


def placements(y: NDArray[np.bool_], score: Floats) -> Placements:
    """Return DeLong's structural components of an area."""
    n_cases, n_controls = int(y.sum()), int((~y).sum())
    ranks = rankdata(score)
    cases = (ranks[y] - rankdata(score[y])) / n_controls
    controls = 1 - (ranks[~y] - rankdata(score[~y])) / n_cases
    return Placements(cases, controls)


def auc_delong(y: ArrayLike, p: ArrayLike) -> Interval:
    """Return the area under the ROC curve with DeLong's interval; missing without both outcomes.

    The area is the chance that a case drawn at random has a higher risk than a control. Cut at 0 and 1
    as pROC does. With fewer than two cases or controls there is an area but no interval.
    """
    outcome, risk = check_predictions(y, p)
    if outcome.all() or not outcome.any():
        return MISSING
    found = placements(outcome, risk)
    value, se = float(found.cases.mean()), _standard_error(found)
    if np.isnan(se):
        return Interval(value, np.nan, np.nan)
    return normal_interval(value, se, lowest=0.0, highest=1.0)


def delong_test(y: ArrayLike, p_a: ArrayLike, p_b: ArrayLike) -> Difference:
    """Compare the areas of two models on the same patients; a positive value favours `a`.

    Missing without at least two cases and two controls.
    """
    outcome, a = check_predictions(y, p_a)
    _, b = check_predictions(y, p_b)
    if min(outcome.sum(), (~outcome).sum()) < 2:
        return Difference(*MISSING, np.nan)
    of_a, of_b = placements(outcome, a), placements(outcome, b)
    apart = Placements(of_a.cases - of_b.cases, of_a.controls - of_b.controls)
    return difference(float(apart.cases.mean()), _standard_error(apart))


def _standard_error(found: Placements) -> float:
    if min(len(found.cases), len(found.controls)) < 2:
        return np.nan
    variance = sum(part.var(ddof=1) / len(part) for part in found)
    return float(np.sqrt(variance))


def roc(y: ArrayLike, p: ArrayLike) -> pd.DataFrame:
    """Return the ROC curve: ``threshold``, ``fpr`` and ``tpr``, from nobody to everybody called a case.

    One row for each distinct risk, at and above which patients are called cases, after a first row with
    an infinite threshold.
    """
    threshold, false, true = _counts(*check_predictions(y, p))
    return pd.DataFrame(
        {"threshold": threshold, "fpr": false / max(false[-1], 1), "tpr": true / max(true[-1], 1)}
    )


def precision_recall(y: ArrayLike, p: ArrayLike, *, prevalence: float | None = None) -> pd.DataFrame:
    """Return ``threshold``, ``recall`` and ``precision``, one row for each distinct risk.

    Parameters
    ----------
    y, p : array-like
        Outcomes and risks.
    prevalence : float, optional
        Share of cases among the patients the model would meet, given which precision is the positive
        predictive value; that of the study if not given.
    """
    curve = roc(y, p).iloc[1:]
    cases = float(np.mean(np.asarray(y, dtype=np.float64))) if prevalence is None else prevalence
    hits, alarms = cases * curve["tpr"], (1 - cases) * curve["fpr"]
    return pd.DataFrame(
        {"threshold": curve["threshold"], "recall": curve["tpr"], "precision": hits / (hits + alarms)}
    ).reset_index(drop=True)


def average_precision(y: ArrayLike, p: ArrayLike, *, prevalence: float | None = None) -> Interval:
    """Return the area under the precision–recall curve, by steps, with its logit interval.

    Interval of Boyd, Eng & Page 2013 (doi 10.1007/978-3-642-40994-3_29): variance 1 / (n cases × value ×
    (1 − value)) on the logit scale. Without skill the area is the share of cases.
    """
    outcome, _ = check_predictions(y, p)
    if outcome.all() or not outcome.any():
        return MISSING
    curve = precision_recall(y, p, prevalence=prevalence)
    value = float((np.diff(curve["recall"], prepend=0.0) * curve["precision"]).sum())
    if value >= 1:
        return Interval(1.0, np.nan, 1.0)
    half = CRITICAL / np.sqrt(outcome.sum() * value * (1 - value))
    middle = float(log_odds(value))
    return Interval(value, float(expit(middle - half)), float(expit(middle + half)))


def _counts(y: NDArray[np.bool_], p: Floats) -> tuple[Floats, Floats, Floats]:
    """Return each threshold with the controls and cases at or above it."""
    order = np.argsort(-p, kind="stable")
    last = np.flatnonzero(np.diff(p[order], append=-1.0))  # the last patient of each tie
    true, false = np.cumsum(y[order])[last], np.cumsum(~y[order])[last]
    return (
        np.concatenate([[np.inf], p[order][last]]),
        np.concatenate([[0.0], false]),
        np.concatenate([[0.0], true]),
    )
