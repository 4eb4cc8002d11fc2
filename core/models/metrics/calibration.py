"""Calibration: whether of patients given a risk of 30 %, 30 % are cases.

Slope and calibration in the large as in Cox 1958 and Van Calster 2019 (doi 10.1186/s12916-019-1466-7),
equal to R's ``glm(y ~ logit(p))`` and ``glm(y ~ offset(logit(p)))``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from core.models.metrics.base import (
    MISSING,
    Floats,
    Interval,
    check_predictions,
    log_odds,
    normal_interval,
    shift_prevalence,
    wilson,
)

STEPS = 50
CONVERGED = 1e-10
SEPARATED = 30.0  # log odds beyond which the likelihood has no maximum to be found


class Recalibration(NamedTuple):
    """How predicted log odds must be changed to fit.

    Parameters
    ----------
    slope : Interval
        1 if spread is right; below 1 risks are too extreme, as after overfitting.
    intercept : Interval
        Of the same fit; what remains at a predicted risk of one half.
    in_the_large : Interval
        0 if risks are right on average; below 0 they are too high.
    """

    slope: Interval
    intercept: Interval
    in_the_large: Interval


def calibration_slope_intercept(y: ArrayLike, p: ArrayLike) -> Recalibration:
    """Return calibration slope, intercept and calibration in the large, each with its Wald interval.

    Missing where there is no maximum: one outcome only, equal risks (slope), or risks that separate
    cases and controls (slope).
    """
    outcome, risk = check_predictions(y, p)
    scores, ones = log_odds(risk), np.ones(len(risk))
    (large,) = _fit(ones[:, None], outcome, offset=scores)
    if np.ptp(scores) == 0:
        return Recalibration(MISSING, MISSING, large)
    intercept, slope = _fit(np.column_stack([ones, scores]), outcome, offset=np.zeros(len(risk)))
    return Recalibration(slope, intercept, large)


def _fit(design: Floats, y: NDArray[np.bool_], *, offset: Floats) -> list[Interval]:
    """Return the coefficients of a logistic regression by Newton's method."""
    missing = [MISSING] * int(design.shape[1])
    if y.all() or not y.any():
        return missing
    coefficients = np.zeros(design.shape[1])
    for _ in range(STEPS):
        fitted = expit(design @ coefficients + offset)
        information = (design * (fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.cond(information) > 1 / np.finfo(float).eps:
            return missing
        step = np.linalg.solve(information, design.T @ (y - fitted))
        # Halved where it would overshoot, as far from the maximum Newton's method can.
        step *= min(1.0, 2.0 / max(np.abs(step).max(), CONVERGED))
        coefficients += step
        if np.abs(coefficients).max() > SEPARATED:
            return missing
        if np.abs(step).max() < CONVERGED:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            pairs = zip(coefficients.tolist(), errors.tolist(), strict=True)
            return [normal_interval(value, se) for value, se in pairs]
    return missing


def calibration_curve(
    y: ArrayLike, p: ArrayLike, *, groups: int = 10, smallest: int = 15, prevalence: float | None = None
) -> pd.DataFrame:
    """Return predicted and observed risk in groups of patients of like risk.

    Parameters
    ----------
    y, p : array-like
        Outcomes and risks.
    groups : int
        Groups wanted, of equal size; fewer if they would be smaller than `smallest`, or where
        risks are tied.
    smallest : int
        Fewest patients of a group, where there are as many.
    prevalence : float, optional
        Share of cases among the patients the model would meet. Risks, observed shares and their
        intervals are shifted alike on the logit scale, as if cases and controls were weighted.

    Returns
    -------
    pandas.DataFrame
        ``n``, ``events``, ``predicted`` (mean risk), ``observed``, ``lower``, ``upper`` (Wilson).
    """
    outcome, risk = check_predictions(y, p)
    wanted = max(1, min(groups, len(risk) // smallest))
    edges = np.unique(np.quantile(risk, np.linspace(0, 1, wanted + 1)[1:-1]))
    place = np.searchsorted(edges, risk, side="right")
    shown = risk
    study = float(outcome.mean())
    if prevalence is not None and 0 < study < 1:
        shown = shift_prevalence(risk, study=study, target=prevalence)
    table = (
        pd.DataFrame({"place": place, "y": outcome, "p": shown})
        .groupby("place")
        .agg(n=("y", "size"), events=("y", "sum"), predicted=("p", "mean"))
        .reset_index(drop=True)
    )
    table["observed"] = table["events"] / table["n"]
    table["lower"], table["upper"] = wilson(table["events"], table["n"])
    if prevalence is not None and 0 < study < 1:
        for column in ("observed", "lower", "upper"):
            table[column] = shift_prevalence(table[column], study=study, target=prevalence)
    return table
