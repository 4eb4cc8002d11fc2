from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.files import counts_file, metadata_file
from core.cohort.stored import put_cohort
from core.errors import InputError
from core.models.validation_script import can_script_validation, validation_script
from core.store import Store
from tests.analyses import run_models
from tests.models.studies import DRAWN, SPEC, drawn, simulated


@pytest.mark.parametrize(
    ("cohort", "spec"),
    [
        (simulated(), replace(SPEC, models=("genes",), repeats=1, label_permutations=0)),
        (drawn(signal=0.7), replace(DRAWN, models=("genes",), label_permutations=0)),
    ],
)
def test_the_script_alone_predicts_the_same(tmp_path: Path, cohort, spec):
    store = Store(tmp_path / "store")
    result = run_models(store, put_cohort(store, cohort), spec)
    (tmp_path / "counts.csv.gz").write_bytes(counts_file(cohort))
    (tmp_path / "metadata.csv").write_bytes(metadata_file(cohort))
    result.fold_table().to_csv(tmp_path / "folds.csv", index=False)
    (tmp_path / "script.py").write_text(validation_script(result, provenance='a "line"'), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-I", "-W", "error", "script.py"],
        cwd=tmp_path,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    keys = ["repeat", "sample"]
    theirs = pd.read_csv(tmp_path / "predictions_genes.csv").sort_values(keys)
    ours = result.predictions.query("scheme == 'cv'").sort_values(keys)
    assert theirs["sample"].tolist() == ours["sample"].tolist()
    assert np.allclose(theirs["p"], ours["p"], atol=1e-4)
    assert np.ptp(theirs["p"]) > 0.02


def test_only_the_gene_model_has_a_script(tmp_path: Path):
    store = Store(tmp_path)
    spec = replace(DRAWN, models=("dummy", "age_sex"), repeats=1)
    result = run_models(store, put_cohort(store, drawn()), spec)
    assert not can_script_validation(result)
    with pytest.raises(InputError, match="was not run"):
        validation_script(result)
