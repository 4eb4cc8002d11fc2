"""The facts that checks and claim look at, from the tables of a result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.models.checks.base import Facts
from core.models.metrics.base import MISSING, pooled
from core.models.metrics.calibration import calibration_slope_intercept
from core.models.metrics.roc import auc_delong
from core.models.pipelines.cards import BY_NAME, primary
from core.models.pipelines.encode import encode
from core.models.reading.compare import area, area_between, area_outside
from core.models.reading.drivers import gene_stability
from core.models.validation.nested_validation import Folds
from core.models.validation.permute import observed_auc
from core.models.validation.setting import Setting


def collect_facts(
    setting: Setting,
    folds: Folds,
    *,
    predictions: pd.DataFrame,
    permuted: pd.DataFrame,
    outside: pd.DataFrame,
) -> Facts:
    """Return the facts.

    Parameters
    ----------
    setting : Setting
        The request.
    folds : Folds
        All models in all units.
    predictions, permuted, outside : pandas.DataFrame
        As in `core.models.result.ModelResult`.
    """
    study, model = setting.study, primary(setting.spec)
    model = (
        model if model in setting.models else next((n for n in setting.models if not BY_NAME[n].baseline), "")
    )
    cv = pooled(predictions[predictions["scheme"] == "cv"])
    own = {
        scheme: pooled(table)
        for scheme, table in predictions[predictions["model"] == model].groupby("scheme")
    }
    recalibration = calibration_slope_intercept(own["cv"]["y"], own["cv"]["p"]) if "cv" in own else None
    blocks = BY_NAME[model].blocks if model else ()
    candidates = setting.candidates
    chooser = model if model in ("genes", "genes_forest") else "genes"
    return Facts(
        model=model,
        n_case=int(study.y.sum()),
        n_control=int((1 - study.y).sum()),
        auc={
            str(name): auc_delong(table["y"], table["p"]) for name, table in cv.groupby("model", sort=False)
        },
        centre_auc=area_between(own.get("centre"), pd.Series(study.centre, study.names)),
        external_auc=area(own.get("external")),
        slope=recalibration.slope if recalibration else MISSING,
        in_the_large=recalibration.in_the_large if recalibration else MISSING,
        permuted=permuted["auc"].to_numpy(np.float64) if len(permuted) else np.zeros(0),
        observed=observed_auc(folds),
        outside=area_outside(outside).value,
        stability=gene_stability(folds, chooser, candidates=candidates).value,
        chooses="genes" in blocks and candidates > setting.spec.n_selected,
        centres=_crosstab(study.centre, study.y),
        subgroups=_subgroups(setting),
        predictors=setting.predictors,
        included_unsafe=setting.spec.include_unsafe,
        single=single_areas(setting),
        columns=tuple(map(str, study.samples.metadata.columns)),
        parameters=_parameters(folds, model, candidates=candidates),
    )


def single_areas(setting: Setting) -> dict[str, float]:
    """Return the area of each clinical predictor by itself, whichever direction is better."""
    metadata, y = setting.study.samples.metadata, setting.study.y
    areas: dict[str, float] = {}
    for column in setting.clinical:
        coded = encode(metadata, metadata.iloc[:0], (column,)).train
        if not coded.shape[1]:
            continue
        found = []
        for values in coded.T:
            ranks = pd.Series(values).rank().to_numpy() / (len(values) + 1)
            area = auc_delong(y, ranks).value
            found.append(max(area, 1 - area))
        areas[column] = float(max(found))
    return areas


def _crosstab(levels: object, y: np.ndarray) -> pd.DataFrame:
    if levels is None:
        return pd.DataFrame({"case": [], "control": []}).astype(int)
    frame = pd.DataFrame({"level": levels, "case": y > 0.5, "control": y < 0.5})
    counted = frame.groupby("level")[["case", "control"]].sum().astype(int)
    return counted


def _subgroups(setting: Setting) -> pd.DataFrame:
    study, parts = setting.study, []
    columns = {"sex": study.samples.metadata[study.sex] if study.sex else None, "centre": study.centre}
    for name, levels in columns.items():
        table = _crosstab(None if levels is None else pd.Series(levels).astype(object).to_numpy(), study.y)
        parts.append(table.rename_axis("level").reset_index().assign(column=name))
    return pd.concat(parts, ignore_index=True)[["column", "level", "case", "control"]]


def _parameters(folds: Folds, model: str, *, candidates: int) -> int:
    """Return how many predictors a model looks at: all candidate genes, not only those chosen."""
    if not model:
        return 0
    sizes = [len(fold.features) for unit, name, fold in folds if unit.scheme == "cv" and name == model]
    used = max(sizes) if sizes else 0
    return max(used, candidates) if "genes" in BY_NAME[model].blocks else used
