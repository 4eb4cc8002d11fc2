"""What one model learnt and predicted in one fold, as an entry of the store."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from core.models.result import BASE, REST
from core.models.validation.refit import Fitted
from core.models.validation.units import Unit
from core.store import Draft, Entry

N_LARGEST = 20
"""Predictors whose contribution to a prediction is kept one by one."""


@dataclass(frozen=True)
class FoldResult:
    """One model in one fold.

    Parameters
    ----------
    predictions : pandas.DataFrame
        ``sample``, ``y``, ``p``.
    features : pandas.DataFrame
        ``feature``, ``coefficient``, ``importance``.
    contributions : pandas.DataFrame
        ``sample``, ``feature``, ``value``, ``contribution``; empty for models without coefficients.
    intercept, strength : float
        See `core.models.validation.refit.Fitted`.
    """

    predictions: pd.DataFrame
    features: pd.DataFrame
    contributions: pd.DataFrame
    intercept: float
    strength: float


def describe_fold(fitted: Fitted, samples: pd.Index, y: NDArray[np.float64], *, shift: float) -> FoldResult:
    """Return what is kept of a fit.

    Parameters
    ----------
    fitted : Fitted
        The fit.
    samples : pandas.Index
        Of the held-out part.
    y : numpy.ndarray
        Their outcome.
    shift : float
        Added to every log odds. A training part lacks the cases that were held out, so its share of cases is
        low where that of the held-out part is high; shifting each fold to the share of the whole
        study takes this artefact away, which otherwise makes useless models look worse than chance.
    """
    shifted = replace(fitted, logit=fitted.logit + shift, intercept=fitted.intercept + shift)
    predictions = pd.DataFrame({"sample": samples, "y": y.astype(np.int8), "p": expit(shifted.logit)})
    return FoldResult(
        predictions, fitted.features, _contributions(shifted, samples), shifted.intercept, fitted.strength
    )


def write_fold(draft: Draft, fold: FoldResult, unit: Unit) -> None:
    """Put it into an entry of the store in the making."""
    for name in ("predictions", "features", "contributions"):
        draft.write_table(name, getattr(fold, name))
    draft.run |= {"unit": unit.name, "numbers": [repr(fold.intercept), repr(fold.strength)]}


def read_fold(entry: Entry) -> FoldResult:
    """Rebuild it from its entry."""
    intercept, strength = map(float, entry.run["numbers"])
    tables = {name: entry.table(name) for name in ("predictions", "features", "contributions")}
    return FoldResult(**tables, intercept=intercept, strength=strength)


def _contributions(fitted: Fitted, samples: pd.Index) -> pd.DataFrame:
    """Return the largest contributions to each prediction, and the sum of the others."""
    empty = pd.DataFrame({"sample": [], "feature": [], "value": [], "contribution": []})
    if np.isnan(fitted.intercept) or not len(samples):
        return empty.astype({"sample": object, "feature": object, "value": float, "contribution": float})
    names = fitted.features["feature"].to_numpy(object)
    parts = fitted.values * fitted.features["coefficient"].to_numpy(np.float64)
    rows = []
    for sample, own, values in zip(samples, parts, fitted.values, strict=True):
        largest = np.argsort(-np.abs(own), kind="stable")[:N_LARGEST]
        rows += [(sample, names[j], float(values[j]), float(own[j])) for j in largest]
        rows.append((sample, REST, np.nan, float(own.sum() - own[largest].sum())))
        rows.append((sample, BASE, np.nan, fitted.intercept))
    return pd.DataFrame(rows, columns=["sample", "feature", "value", "contribution"])
