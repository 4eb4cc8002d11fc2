"""What a command writes of risk models: each model's performance, the checks and the claim."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from core.models.reading.compare import METRICS, against_baselines, area_outside, compare_models
from core.models.result import CheckResult, ModelResult


def metrics(result: ModelResult) -> dict[str, Any]:
    """Return what ``metrics.json`` holds: each model's performance, the checks and the claim.

    Where a red check stops the claim, the numbers of the models that use genes are withheld: they are
    null, and ``withheld`` says why. The predictions themselves are in ``predictions.csv``.
    """
    withheld = "" if result.run.claim.headline else result.run.claim.reason
    differences = against_baselines(result)
    models = {}
    for row in compare_models(result).to_dict("records"):
        own = differences[differences["model"] == row["model"]]
        models[str(row["model"])] = _model(row, own, "" if row["baseline"] else withheld)
    described = result.run.to_dict()
    return {
        "dataset": result.digest,
        "spec": json.loads(result.spec.to_json()),
        "contrast": result.spec.contrast,
        "headline": None if withheld else _headline(result, models),
        "models": models,
        "checks": [asdict(check) for check in result.checks],
        "claim": described.pop("claim"),
        "genes_chosen_outside_folds": _leaky(result),
        "permuted_auc": result.permuted["auc"].astype(float).tolist(),
        **described,
    }


def _leaky(result: ModelResult) -> dict[str, Any] | None:
    """Return what the mistake would have claimed: see `core.models.validation.leaky_selection`."""
    if result.outside.empty:
        return None
    found = area_outside(result.outside)
    return {"auc": found.value, "auc_interval": [found.lower, found.upper]}


def _headline(result: ModelResult, models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    chosen = models[result.run.claim.model]
    return {"model": result.run.claim.model, "auc": chosen["auc"], "auc_interval": chosen["auc_interval"]}


def _model(row: dict[Any, Any], differences: pd.DataFrame, withheld: str) -> dict[str, Any]:
    described = {
        "title": row["title"],
        "baseline": bool(row["baseline"]),
        "available": bool(row["available"]),
        "n": int(row["n"]),
        "withheld": withheld,
    }
    for name in (*METRICS, "centre_auc", "external_auc"):
        values = [_number(row[name + end], withheld) for end in ("", "_lower", "_upper")]
        described |= {name: values[0], f"{name}_interval": values[1:]}
    described["centre_gap"] = _number(row["gap"], withheld)
    described["against"] = {
        str(pair["baseline"]): {
            f"{name}{end}": _number(pair[f"{name}{end}"], withheld)
            for name in ("delta_auc", "delta_brier")
            for end in ("", "_lower", "_upper", "_pvalue")
        }
        for pair in differences.to_dict("records")
    }
    return described


def _number(value: float, withheld: str) -> float | None:
    return None if withheld or np.isnan(value) else float(value)


def check_row(check: CheckResult) -> dict[str, str]:
    """Return a check as one row of a table."""
    values = asdict(check).items()
    return {name: "; ".join(value) if isinstance(value, tuple) else value for name, value in values}
