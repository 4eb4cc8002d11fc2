"""The script of the Models page gives the numbers on screen, and names nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.analysis import At, command
from core.export.provenance import Provenance
from core.export.tables import to_csv_bytes
from core.models.kind import KIND
from core.models.metrics_script import model_script, unnamed_predictions
from core.models.provenance import model_provenance_of
from core.models.reading.compare import METRICS, compare_models
from core.models.reading.evidence import collect_evidence
from core.store import Store
from tests.models.results import SPEC, made_up_result


@pytest.mark.parametrize("prevalence", [None, 0.25])
def test_the_script_makes_the_numbers_on_screen(tmp_path: Path, prevalence: float | None):
    result = made_up_result()
    table = unnamed_predictions(result)
    (tmp_path / "predictions.csv").write_bytes(to_csv_bytes(table, Provenance("demo", result.digest)))
    script = model_script(result, cutoff=0.3, prevalence=prevalence, provenance='"""; print(1)')
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, "script.py"], cwd=tmp_path, check=True, capture_output=True)
    made = pd.read_csv(tmp_path / "metrics.csv", index_col="model")
    shown = compare_models(result).set_index("model")
    assert made.index.tolist() == [name for name in shown.index if name in made.index]
    for name in ("auc", "auc_lower", "auc_upper", *(m for m in METRICS if m != "average_precision")):
        np.testing.assert_allclose(made[name], shown.loc[made.index, name], rtol=1e-7, atol=1e-9)
    seen = collect_evidence(result, "genes", cutoff=0.3, prevalence=prevalence or 0.5)
    assert made.loc["genes", "sensitivity"] == pytest.approx(seen.confusion.sensitivity.value)
    assert made.loc["genes", "specificity"] == pytest.approx(seen.confusion.specificity.value)


def test_predictions_leave_without_a_name():
    result = made_up_result()
    table = unnamed_predictions(result)
    assert len(table) == len(result.predictions)
    assert not set(table["sample"]) & set(result.patients["sample"])
    assert table["sample"].nunique() == len(result.patients)


def test_the_command_is_quoted_and_names_the_data():
    at = At(Store(), "ab" * 32)
    told = command(KIND, at, SPEC)
    assert told.startswith("python -m core models --dataset=abab")
    assert "--folds=2" in told
    assert "--counts=counts.csv.gz" in command(KIND, at, SPEC, source=["--counts=counts.csv.gz"])


def test_provenance_says_how_it_was_validated():
    line = model_provenance_of(made_up_result(), dataset="Demo").line()
    for part in ("Simulated data", "n = 60 vs 60", "2 folds × 2 repeats", "DeLong", "3 centres", "seed 1"):
        assert part in line
