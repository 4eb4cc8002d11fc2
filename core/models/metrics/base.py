"""Single numbers that say how good predicted risks are, each with its interval.

All intervals are analytic, so that the same predictions always give the same interval. They treat patients,
not folds, as the units: the spread of a metric across folds is far too small (Varoquaux, arXiv 1706.07581).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from core.errors import Fault, InputError

Floats = NDArray[np.float64]
CRITICAL = float(norm.ppf(0.5 + 0.95 / 2))
"""Normal quantile of all intervals: two-sided, of 95 %."""
# Closer to 0 or 1 no model of a few hundred patients can know a risk; keeps the logit finite.
CLOSEST = 1e-9


class Interval(NamedTuple):
    """An estimate with its interval and standard error; missing where it cannot be estimated."""

    value: float
    lower: float
    upper: float
    se: float = np.nan


MISSING = Interval(np.nan, np.nan, np.nan)


class Difference(NamedTuple):
    """A difference between two models on the same patients, with its interval and two-sided p-value."""

    value: float
    lower: float
    upper: float
    se: float
    pvalue: float


class Outcomes(NamedTuple):
    """Outcomes and predicted risks that passed `check_predictions`."""

    y: NDArray[np.bool_]
    p: Floats


def check_predictions(y: ArrayLike, p: ArrayLike) -> Outcomes:
    """Return outcomes (case or not) and risks as arrays of equal length.

    Raises
    ------
    InputError
        If lengths differ, there are no patients, an outcome is neither 0 nor 1 or a risk is not
        from 0 to 1, with every fault.
    """
    outcome, risk = np.asarray(y, dtype=np.float64).ravel(), np.asarray(p, dtype=np.float64).ravel()
    faults = []
    if len(outcome) != len(risk) or not len(outcome):
        what = f"there are {len(outcome)} outcomes and {len(risk)} predictions"
        faults.append(Fault("bad-predictions", "predictions", what, "Give one prediction for each patient"))
    if not np.isin(outcome, (0.0, 1.0)).all():
        what = "an outcome is neither 0 nor 1"
        faults.append(Fault("bad-predictions", "predictions, column 'y'", what, "Code cases 1, controls 0"))
    if not ((risk >= 0) & (risk <= 1)).all():
        what = "a predicted risk is not from 0 to 1"
        faults.append(Fault("bad-predictions", "predictions, column 'p'", what, "Give probabilities"))
    if faults:
        raise InputError(faults)
    return Outcomes(outcome == 1, risk)


def log_odds(p: ArrayLike) -> Floats:
    """Return risks on the logit scale, those nearer to 0 or 1 than `CLOSEST` moved there."""
    clipped: Floats = logit(np.clip(np.asarray(p, dtype=np.float64), CLOSEST, 1 - CLOSEST))
    return clipped


def normal_interval(value: float, se: float, *, lowest: float = -np.inf, highest: float = np.inf) -> Interval:
    """Return value ± z × standard error, cut at what is possible."""
    half = CRITICAL * se
    return Interval(value, max(value - half, lowest), min(value + half, highest), se)


def difference(value: float, se: float) -> Difference:
    """Return a difference with its interval and p-value; two equal models differ by 0 with p = 1."""
    interval = normal_interval(value, se)
    pvalue = float(2 * norm.sf(abs(value) / se)) if se > 0 else float(value == 0)
    return Difference(*interval, pvalue)


def wilson(k: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return the lower and upper end of Wilson's interval of a share (1927), element by element.

    Parameters
    ----------
    k, n : array-like
        Hits and trials; no trials give missing ends.
    """
    hits, trials = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = CRITICAL
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / trials
        centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
        half = z / (1 + z**2 / trials) * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    # Rounding must not leave 0 or 1 outside where none or all were hits.
    lower = np.where(hits == 0, np.where(trials > 0, 0.0, np.nan), np.maximum(centre - half, 0))
    upper = np.where(hits == trials, np.where(trials > 0, 1.0, np.nan), np.minimum(centre + half, 1))
    return lower, upper


def share(k: int, n: int) -> Interval:
    """Return a share with Wilson's interval."""
    lower, upper = wilson(k, n)
    return Interval(k / n if n else np.nan, float(lower), float(upper))


def brier(y: ArrayLike, p: ArrayLike) -> Interval:
    """Return the mean squared error of predicted risks (Brier 1950).

    The standard error is that of a mean over patients.
    """
    outcome, risk = check_predictions(y, p)
    return _mean((risk - outcome) ** 2, lowest=0.0, highest=1.0)


def brier_skill(y: ArrayLike, p: ArrayLike) -> Interval:
    """Return the share by which predictions beat giving everybody the study's share of cases.

    1 is perfect, 0 no better than knowing the share, below 0 worse. The interval is that of a
    ratio of two means over the same patients (linearisation, Cochran 1977, section 6).
    """
    outcome, risk = check_predictions(y, p)
    error, reference = (risk - outcome) ** 2, (outcome - outcome.mean()) ** 2
    if not reference.any():
        return MISSING
    ratio = error.mean() / reference.mean()
    se = _standard_error((error - ratio * reference) / reference.mean())
    return normal_interval(float(1 - ratio), se, highest=1.0)


def paired_delta_brier(y: ArrayLike, p_a: ArrayLike, p_b: ArrayLike) -> Difference:
    """Return Brier score of `a` minus that of `b` on the same patients; below 0, `a` is better."""
    outcome, a = check_predictions(y, p_a)
    _, b = check_predictions(y, p_b)
    differences = (a - outcome) ** 2 - (b - outcome) ** 2
    return difference(float(differences.mean()), _standard_error(differences))


def _mean(values: Floats, *, lowest: float, highest: float) -> Interval:
    return normal_interval(float(values.mean()), _standard_error(values), lowest=lowest, highest=highest)


def _standard_error(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan


def prevalence_offset(*, study: float, target: float) -> float:
    """Return what to add to log odds when the share of cases changes from `study` to `target`.

    Prior correction for sampling by outcome (King & Zeng 2001): −1.15 from 51 % to 25 %.

    Raises
    ------
    InputError
        If a share is not between 0 and 1.
    """
    faults = [
        Fault("bad-prevalence", f"{name} share of cases", f"{value:g} is not between 0 and 1", "Give a share")
        for name, value in (("study's", study), ("target", target))
        if not 0 < value < 1
    ]
    if faults:
        raise InputError(faults)
    return float(logit(target) - logit(study))


def shift_prevalence(p: ArrayLike, *, study: float, target: float) -> Floats:
    """Return the risks as they are where a share `target`, not `study`, are cases.

    The order of patients, and so the AUC, stays; 0 stays 0 and 1 stays 1.
    """
    offset = prevalence_offset(study=study, target=target)
    with np.errstate(divide="ignore"):
        shifted: Floats = expit(logit(np.asarray(p, dtype=np.float64)) + offset)
    return shifted


def pooled(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one out-of-fold prediction for each patient and model: the mean over repeats of the log odds.

    Parameters
    ----------
    predictions : pandas.DataFrame
        ``sample``, ``model``, ``y``, ``p``; one row per patient, model and repeat, of one scheme.

    Returns
    -------
    pandas.DataFrame
        ``model``, ``sample``, ``y``, ``p``, ``repeats`` (number of predictions), models and patients
        in the order in which they first appear.
    """
    scaled = predictions.assign(p=log_odds(predictions["p"]))
    grouped = scaled.groupby(["model", "sample"], sort=False, observed=True)
    table = grouped.agg(y=("y", "first"), p=("p", "mean"), repeats=("p", "size")).reset_index()
    return table.assign(p=expit(table["p"]))
