"""A short Python script that makes the metrics of risk models again with public packages alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.export.template import fill_script
from core.models.reading.evidence import pseudonyms
from core.models.result import ModelResult

TEMPLATE = Path(__file__).with_name("metrics_script_template.txt")


def model_script(
    result: ModelResult, *, cutoff: float, prevalence: float | None, provenance: str = ""
) -> str:
    """Return a Python script that reproduces the metrics from the out-of-fold predictions.

    Parameters
    ----------
    result : ModelResult
        The result on screen.
    cutoff : float
        Risk from which a patient is called a case.
    prevalence : float or None
        Share of cases among the patients the model would meet; None for that of the study.
    provenance : str
        Provenance line for the script's head.
    """
    return fill_script(
        TEMPLATE,
        title=f"Risk models, {result.spec.contrast}.",
        provenance=provenance,
        settings={
            "PREDICTIONS": "predictions.csv",
            "RESULTS": "metrics.csv",
            "CUTOFF": float(cutoff),
            "PREVALENCE": prevalence,
        },
    )


def unnamed_predictions(result: ModelResult) -> pd.DataFrame:
    """Return all predictions with a pseudonym instead of the sample's name."""
    numbers = pseudonyms(result)
    predictions = result.predictions
    names = [f"patient {numbers.get(sample, 0)}" for sample in predictions["sample"]]
    table = predictions.assign(sample=names)
    return table[table["sample"] != "patient 0"].reset_index(drop=True)
