"""Every model beside every other on the same patients: each number with its interval, differences paired."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.models.metrics.base import MISSING, Interval, brier, brier_skill, paired_delta_brier, pooled
from core.models.metrics.calibration import calibration_slope_intercept
from core.models.metrics.roc import auc_delong, average_precision, delong_test
from core.models.metrics.stratified import stratified_auc
from core.models.result import ModelResult

METRICS = (
    "auc",
    "average_precision",
    "brier",
    "brier_skill",
    "calibration_slope",
    "calibration_in_the_large",
)


def pooled_scheme(result: ModelResult, scheme: str) -> pd.DataFrame:
    """Return one prediction for each patient and model of a scheme, see `core.models.metrics.base.pooled`."""
    predictions = result.predictions
    return pooled(predictions[predictions["scheme"] == scheme])


def compare_models(result: ModelResult) -> pd.DataFrame:
    """Return the performance of every model.

    Returns
    -------
    pandas.DataFrame
        One row per pipeline in the order of the ladder: ``model``, ``title``, ``baseline``, ``available``,
        ``n``; each of `METRICS` with ``_lower`` and ``_upper``, on pooled out-of-fold predictions;
        ``centre_auc``, ``external_auc`` likewise (the former within centres, each predicted by the
        others); ``gap`` is ``auc`` minus ``centre_auc``. Missing where not computed.
    """
    cv = dict(list(pooled_scheme(result, "cv").groupby("model", sort=False)))
    centre = dict(list(pooled_scheme(result, "centre").groupby("model", sort=False)))
    external = dict(list(pooled_scheme(result, "external").groupby("model", sort=False)))
    centres = result.patients.set_index("sample")["centre"]
    rows = []
    for _, card in result.models.iterrows():
        name = card["model"]
        row: dict[str, Any] = {key: card[key] for key in ("model", "title", "baseline", "available")}
        row["n"] = len(cv[name]) if name in cv else 0
        for metric, interval in _metrics(cv.get(name)).items():
            _put(row, metric, interval)
        _put(row, "centre_auc", area_between(centre.get(name), centres))
        _put(row, "external_auc", area(external.get(name)))
        row["gap"] = row["auc"] - row["centre_auc"]
        rows.append(row)
    return pd.DataFrame(rows)


def _metrics(table: pd.DataFrame | None) -> dict[str, Interval]:
    if table is None:
        return dict.fromkeys(METRICS, MISSING)
    y, p = table["y"], table["p"]
    fit = calibration_slope_intercept(y, p)
    found = (auc_delong(y, p), average_precision(y, p), brier(y, p), brier_skill(y, p))
    return dict(zip(METRICS, (*found, fit.slope, fit.in_the_large), strict=True))


def area(table: pd.DataFrame | None) -> Interval:
    """Return the area of pooled predictions, missing where there are none."""
    return MISSING if table is None else auc_delong(table["y"], table["p"])


def area_between(table: pd.DataFrame | None, centres: pd.Series) -> Interval:
    """Return the area within centres, from pooled predictions and the centre of each sample."""
    if table is None:
        return MISSING
    names: NDArray[np.object_] = centres.loc[table["sample"]].astype(str).to_numpy(object)
    return stratified_auc(table["y"], table["p"], names)


def area_outside(predictions: pd.DataFrame) -> Interval:
    """Return the area that genes chosen outside the folds would claim, missing where nobody looked."""
    return area(None if predictions.empty else pooled(predictions.assign(model="outside")))


def _put(row: dict[str, Any], name: str, interval: Interval) -> None:
    row |= {name: interval.value, f"{name}_lower": interval.lower, f"{name}_upper": interval.upper}


def against_baselines(result: ModelResult) -> pd.DataFrame:
    """Compare every model with every baseline on the same patients.

    Returns
    -------
    pandas.DataFrame
        ``model``, ``baseline`` (keys), ``delta_auc`` (above 0: the model is better) with ``_lower``,
        ``_upper`` and ``_pvalue`` (DeLong), ``delta_brier`` (below 0: the model is better) likewise.
    """
    wide = pooled_scheme(result, "cv").pivot(index="sample", columns="model", values="p")
    y = result.patients.set_index("sample").loc[wide.index, "y"] if len(wide) else pd.Series(dtype=float)
    available = result.models[result.models["available"]]
    rows = []
    for name in available["model"]:
        for other in available.loc[available["baseline"], "model"]:
            if name == other or name not in wide or other not in wide:
                continue
            row: dict[str, Any] = {"model": name, "baseline": other}
            for label, compare in (("delta_auc", delong_test), ("delta_brier", paired_delta_brier)):
                found = compare(y, wide[name], wide[other])
                row |= {label: found.value, f"{label}_lower": found.lower, f"{label}_upper": found.upper}
                row[f"{label}_pvalue"] = found.pvalue
            rows.append(row)
    names = [f"{label}{part}" for label in ("delta_auc", "delta_brier") for part in _PARTS]
    return pd.DataFrame(rows, columns=["model", "baseline", *names])


_PARTS = ("", "_lower", "_upper", "_pvalue")
