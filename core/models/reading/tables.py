"""The tables of a result, from its parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.de.design.build import as_text
from core.models.pipelines.cards import CARDS
from core.models.reading.drivers import gene_stability, median_strength
from core.models.result import TABLES
from core.models.validation.nested_validation import Folds
from core.models.validation.setting import Setting


def prediction_table(folds: Folds) -> pd.DataFrame:
    """Return ``predictions`` of a result."""
    return _gathered("predictions", folds, "predictions")


def coefficient_table(folds: Folds) -> pd.DataFrame:
    """Return ``coefficients`` of a result."""
    refits = [item for item in folds if item[0].scheme in ("cv", "centre")]
    return _gathered("coefficients", refits, "features", known="coefficient")


def contribution_table(folds: Folds) -> pd.DataFrame:
    """Return ``contributions`` of a result."""
    refits = [item for item in folds if item[0].scheme == "cv"]
    return _gathered("contributions", refits, "contributions", known="contribution")


def final_table(folds: Folds) -> pd.DataFrame:
    """Return ``final`` of a result: models with coefficients, fitted on all samples."""
    return _gathered("final", folds, "features", known="coefficient")


def patient_table(setting: Setting) -> pd.DataFrame:
    """Return ``patients`` of a result."""
    study, metadata = setting.study, setting.study.samples.metadata

    def text(column: str | None) -> NDArray[np.object_] | None:
        return None if not column else np.asarray(as_text(metadata[column]), dtype=object)

    return pd.DataFrame(
        {
            "sample": study.names,
            "y": study.y.astype(np.int8),
            "group": np.where(study.y > 0.5, setting.spec.case, setting.spec.control).astype(object),
            "patient": text(study.patient),
            "person": study.patients,
            "centre": study.centre,
            "sex": text(study.sex),
        }
    )


def model_table(setting: Setting, folds: Folds) -> pd.DataFrame:
    """Return ``models`` of a result."""
    rows, candidates = [], setting.candidates
    for card in (card for card in CARDS if card.name in setting.spec.models):
        chooses = card.name in ("genes", "genes_forest")
        chosen = gene_stability(folds, card.name, candidates=candidates) if chooses else None
        sizes = [len(f.features) for unit, name, f in folds if unit.scheme == "cv" and name == card.name]
        rows.append(
            {
                "model": card.name,
                "title": card.title,
                "description": card.description,
                "baseline": card.baseline,
                "available": not setting.reasons[card.name],
                "not_available_reason": setting.reasons[card.name],
                "n_predictors": round(float(np.median(sizes))) if sizes else 0,
                "stability": chosen.value if chosen else np.nan,
                "stability_lower": chosen.lower if chosen else np.nan,
                "stability_upper": chosen.upper if chosen else np.nan,
                "strength": median_strength(folds, card.name),
            }
        )
    return pd.DataFrame(rows, columns=list(TABLES["models"]))


def _gathered(table: str, folds: Folds, part: str, *, known: str = "") -> pd.DataFrame:
    """Return one part of all folds; those where the column `known` has no value are left out."""
    columns = list(TABLES[table])
    placed = [
        getattr(fold, part).assign(model=name, scheme=unit.scheme, repeat=unit.repeat, fold=unit.fold)
        for unit, name, fold in folds
    ]
    kept = [one for one in placed if not known or one[known].notna().any()]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)
