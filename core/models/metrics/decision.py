"""What acting on a cut-off would mean: who is called a case, how often rightly, and at what benefit.

A patient is called a case if the risk is at or above the cut-off. Where the model would meet another share of
cases than the study chose, risks are shifted (see `core.models.metrics.base.shift_prevalence`), and cases and
controls are weighted accordingly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from core.errors import Fault, InputError
from core.models.metrics.base import (
    CRITICAL,
    MISSING,
    Interval,
    check_predictions,
    log_odds,
    share,
    shift_prevalence,
)

THRESHOLDS = np.round(np.arange(0.02, 0.99, 0.02), 2)


@dataclass(frozen=True)
class Confusion:
    """Patients called cases at a cut-off.

    Parameters
    ----------
    cutoff : float
        Risk at and above which a patient is called a case, at `prevalence`.
    prevalence : float
        Share of cases among the patients the model would meet.
    true_positive, false_positive, true_negative, false_negative : int
        Patients of the study.
    sensitivity, specificity : Interval
        Shares of cases and of controls called rightly, Wilson's interval.
    positive_predictive, negative_predictive : Interval
        Shares of those called cases, and of those not, that are called rightly at `prevalence`. Logit
        interval of Mercaldo, Lau & Zhou 2007 (doi 10.1002/sim.2677).
    """

    cutoff: float
    prevalence: float
    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    sensitivity: Interval
    specificity: Interval
    positive_predictive: Interval
    negative_predictive: Interval

    @property
    def n_cases(self) -> int:
        """Cases of the study."""
        return self.true_positive + self.false_negative

    @property
    def n_controls(self) -> int:
        """Controls of the study."""
        return self.true_negative + self.false_positive

    @property
    def called(self) -> float:
        """Share of all patients called cases, at `prevalence`."""
        cases = self.prevalence * self.sensitivity.value
        return cases + (1 - self.prevalence) * (1 - self.specificity.value)


def confusion(y: ArrayLike, p: ArrayLike, *, cutoff: float, prevalence: float | None = None) -> Confusion:
    """Return who is called a case at a cut-off, and what that is worth at a share of cases.

    Parameters
    ----------
    y, p : array-like
        Outcomes, and risks as learnt in the study.
    cutoff : float
        Applied to the risks shifted to `prevalence`.
    prevalence : float, optional
        That of the study if not given.

    Raises
    ------
    InputError
        If the predictions cannot be used, or cut-off or share are not between 0 and 1.
    """
    outcome, risk = check_predictions(y, p)
    study = float(outcome.mean())
    target = study if prevalence is None else prevalence
    called = _at_prevalence(outcome, risk, target) >= cutoff
    hits, misses = int((called & outcome).sum()), int((~called & outcome).sum())
    alarms, rejected = int((called & ~outcome).sum()), int((~called & ~outcome).sum())
    return Confusion(
        cutoff=cutoff,
        prevalence=target,
        true_positive=hits,
        false_positive=alarms,
        true_negative=rejected,
        false_negative=misses,
        sensitivity=share(hits, hits + misses),
        specificity=share(rejected, rejected + alarms),
        positive_predictive=_predictive((hits, misses), (alarms, rejected), target),
        negative_predictive=_predictive((rejected, alarms), (misses, hits), 1 - target),
    )


def _at_prevalence(
    outcome: NDArray[np.bool_], risk: NDArray[np.float64], target: float
) -> NDArray[np.float64]:
    study = float(outcome.mean())
    if target == study:
        return risk
    return shift_prevalence(risk, study=study, target=target)


def _predictive(right: tuple[int, int], wrong: tuple[int, int], prior: float) -> Interval:
    """Return the share called rightly among those called so.

    `right` are patients whom the call fits, called so and not; `wrong` those whom it does not fit, called so
    and not; `prior` is the share whom it fits.
    """
    if not sum(right) or not sum(wrong) or not (right[0] + wrong[0]) or not 0 < prior < 1:
        return MISSING
    fitting, unfitting = right[0] / sum(right), wrong[0] / sum(wrong)
    value = prior * fitting / (prior * fitting + (1 - prior) * unfitting)
    extreme = 0 in (*right, *wrong)
    # Agresti & Coull's pseudo-patients, as the paper proposes where a count is zero.
    extra = CRITICAL**2 / 2 if extreme else 0.0
    (a, b), (c, d) = ((k + extra for k in pair) for pair in (right, wrong))
    middle = log_odds(prior) + np.log(a / (a + b)) - np.log(c / (c + d))
    half = CRITICAL * np.sqrt(b / (a * (a + b)) + d / (c * (c + d)))
    lower, upper = float(expit(middle - half)), float(expit(middle + half))
    return Interval(value, min(lower, value), max(upper, value))


def net_benefit(
    y: ArrayLike, p: ArrayLike, thresholds: ArrayLike = THRESHOLDS, *, prevalence: float | None = None
) -> pd.DataFrame:
    """Return the decision curve (Vickers & Elkin 2006, doi 10.1177/0272989X06295361).

    Net benefit at threshold t is (true positives − t/(1−t) × false positives) / n: rightly treated
    patients for each patient met, wrongly treated ones deducted at the rate that t implies. The share of
    cases is taken as given, since such a study chooses it; the interval is that of the two rates.

    Parameters
    ----------
    y, p : array-like
        Outcomes, and risks as learnt in the study.
    thresholds : array-like of shape (n_thresholds,)
        Between 0 and 1, applied to the risks shifted to `prevalence`.
    prevalence : float, optional
        Share of cases among the patients the model would meet; that of the study if not given.

    Returns
    -------
    pandas.DataFrame
        ``threshold``, ``net_benefit``, ``lower``, ``upper``, ``treat_all`` (net benefit of calling
        everybody a case; that of calling nobody is 0).
    """
    outcome, risk = check_predictions(y, p)
    at = _thresholds(thresholds)
    target = float(outcome.mean()) if prevalence is None else prevalence
    shown = _at_prevalence(outcome, risk, target)
    n_cases, n_controls = int(outcome.sum()), int((~outcome).sum())
    hits = _at_or_above(shown[outcome], at) / max(n_cases, 1)
    alarms = _at_or_above(shown[~outcome], at) / max(n_controls, 1)
    harm = at / (1 - at)
    value = target * hits - (1 - target) * harm * alarms
    variance = target**2 * hits * (1 - hits) / max(n_cases, 1)
    variance = variance + ((1 - target) * harm) ** 2 * alarms * (1 - alarms) / max(n_controls, 1)
    half = CRITICAL * np.sqrt(variance)
    return pd.DataFrame(
        {
            "threshold": at,
            "net_benefit": value,
            "lower": value - half,
            "upper": value + half,
            "treat_all": target - (1 - target) * harm,
        }
    )


def _at_or_above(risks: NDArray[np.float64], thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    below = np.searchsorted(np.sort(risks), thresholds, side="left")
    return np.asarray(len(risks) - below, dtype=np.float64)


def _thresholds(thresholds: ArrayLike) -> NDArray[np.float64]:
    at = np.atleast_1d(np.asarray(thresholds, dtype=np.float64))
    if not ((at > 0) & (at < 1)).all():
        what = "a threshold is not between 0 and 1"
        raise InputError([Fault("bad-threshold", "decision curve", what, "Give thresholds between 0 and 1")])
    return at
