"""What drives a model: how often predictors are chosen over refits, how steadily, and what they are worth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.models.metrics.base import MISSING, Interval, normal_interval
from core.models.result import TABLES
from core.models.validation.nested_validation import Folds

Floats = NDArray[np.float64]


def summarise_selection(folds: Folds, symbols: dict[str, str]) -> pd.DataFrame:
    """Return one row per model and predictor over the refits of the cross-validation.

    Parameters
    ----------
    folds : Folds
        All models in all units; those of the cross-validation are used.
    symbols : dict of str to str
        Symbol of each gene.
    """
    parts = [
        fold.features.assign(model=name, refit=unit.name) for unit, name, fold in folds if unit.scheme == "cv"
    ]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(TABLES["selection"]))
    long = pd.concat(parts, ignore_index=True)
    n_refits = long.groupby("model", sort=False)["refit"].nunique()
    n_units = len({unit.name for unit, _, _ in folds if unit.scheme == "cv"})
    grouped = long.groupby(["model", "feature"], sort=False)
    table = grouped.agg(
        n=("refit", "size"),
        coefficient=("coefficient", "mean"),
        coefficient_sd=("coefficient", "std"),
        positive=("coefficient", lambda values: float((values > 0).mean())),
        importance=("importance", "mean"),
        importance_sd=("importance", "std"),
    ).reset_index()
    table["frequency"] = table["n"] / max(n_units, int(n_refits.max()))
    steady = np.maximum(table["positive"].to_numpy(), 1 - table["positive"].to_numpy())
    table["sign_stability"] = np.where(table["coefficient"].notna(), steady, np.nan)
    table["symbol"] = table["feature"].map(lambda name: symbols.get(name, ""))
    weight = table["coefficient"].abs().fillna(table["importance"])
    order = np.lexsort((-weight.to_numpy(), -table["frequency"].to_numpy()))
    ordered = table.iloc[order].sort_values("model", key=_ladder(long["model"]), kind="stable")
    return ordered[list(TABLES["selection"])].reset_index(drop=True)


def _ladder(models: pd.Series) -> Callable[[pd.Series], pd.Series]:
    place = {name: number for number, name in enumerate(dict.fromkeys(models))}
    return lambda column: column.map(place)


def stability(chosen: NDArray[np.bool_]) -> Interval:
    """Return the stability of a choice over refits with its 95 % interval.

    Nogueira, Sechidis & Brown 2018 (JMLR 18:174). Missing where every refit takes all candidates or none, or
    there are fewer than 2 refits. The refits share most of their patients, so the interval speaks of
    the refits, not of other patients.

    Parameters
    ----------
    chosen : numpy.ndarray of bool, shape (n_refits, n_candidates)
        What each refit chose.
    """
    m, d = chosen.shape
    if m < 2 or not d:
        return MISSING
    frequency, size = chosen.mean(axis=0), chosen.sum(axis=1)
    mean = float(size.mean()) / d
    expected = mean * (1 - mean)
    if expected <= 0:
        return MISSING
    value = 1 - float((m / (m - 1) * frequency * (1 - frequency)).mean()) / expected
    each = (chosen @ frequency) / d - size * mean / d
    each += value / 2 * (2 * mean * size / d - size / d - mean + 1)
    each /= expected
    se = float(np.sqrt(4 / m**2 * np.square(each - each.mean()).sum()))
    return normal_interval(value, se, highest=1.0)


def gene_stability(folds: Folds, model: str, *, candidates: int) -> Interval:
    """Return the stability of a model's genes over the refits of the cross-validation.

    Parameters
    ----------
    folds : Folds
        All models in all units.
    model : str
        The model.
    candidates : int
        Genes among which each refit chose.
    """
    sets = [set(f.features["feature"]) for unit, name, f in folds if unit.scheme == "cv" and name == model]
    known = sorted(set().union(*sets)) if sets else []
    place = {name: number for number, name in enumerate(known)}
    chosen = np.zeros((len(sets), max(len(known), candidates)), dtype=bool)
    for row, names in enumerate(sets):
        chosen[row, [place[name] for name in names]] = True
    return stability(chosen)


def median_strength(folds: Folds, model: str) -> float:
    """Return the median C that was chosen for a model in the cross-validation; NaN where there is none."""
    found = [fold.strength for unit, name, fold in folds if unit.scheme == "cv" and name == model]
    known = [value for value in found if not np.isnan(value)]
    return float(np.median(known)) if known else float("nan")
