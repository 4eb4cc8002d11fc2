from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.files import counts_file, metadata_file
from core.cohort.model import Cohort
from core.cohort.stored import put_cohort
from core.models.metrics.base import pooled
from core.models.metrics.roc import auc_delong
from core.store import Store
from tests.models.studies import drawn

QUICK = [
    *("--factor=group", "--case=case", "--control=control", "--models=dummy,centre,age_sex,genes"),
    *("--folds=3", "--inner-folds=3", "--repeats=2", "--label-permutations=20", "--n-selected=30"),
]


def files(folder: Path, cohort: Cohort) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "counts.csv.gz").write_bytes(counts_file(cohort))
    (folder / "metadata.csv").write_bytes(metadata_file(cohort))
    return [f"--counts={folder / 'counts.csv.gz'}", f"--metadata={folder / 'metadata.csv'}"]


def run(folder: Path, cohort: Cohort, *options: str) -> dict[str, Any]:
    source = files(folder, cohort)
    assert main(["models", *source, *QUICK, f"--out={folder / 'out'}", *options]) == 0
    return json.loads((folder / "out" / "metrics.json").read_text())


def test_the_files_say_what_the_predictions_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    metrics = run(tmp_path, drawn(signal=1.0))
    predictions = pd.read_csv(tmp_path / "out" / "predictions.csv")
    assert {"sample", "model", "repeat", "fold", "y", "p", "scheme"} == set(predictions.columns)
    assert set(metrics["models"]) == {"dummy", "centre", "age_sex", "genes"}
    cv = pooled(predictions[predictions["scheme"] == "cv"])
    genes = auc_delong(*cv.loc[cv["model"] == "genes", ["y", "p"]].to_numpy().T)
    assert metrics["models"]["genes"]["auc"] == pytest.approx(genes.value)
    assert metrics["models"]["genes"]["auc_interval"] == pytest.approx([genes.lower, genes.upper])
    assert metrics["headline"]["model"] == "genes"
    assert metrics["genes_chosen_outside_folds"]["auc"] > 0.9
    assert metrics["models"]["genes"]["against"]["dummy"]["delta_auc"] > 0.2
    assert metrics["spec"]["centre"] == "centre"  # found by its name
    assert {check["code"] for check in metrics["checks"]} >= {"permuted-labels", "centre-only", "confounded"}
    for name in ("checks", "checklist", "predictors", "selection", "final_model", "reference", "folds"):
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv")), name
    assert "area under the curve of" in capsys.readouterr().out


def test_a_confounded_cohort_gets_a_red_check_and_no_headline(tmp_path: Path):
    cohort = drawn(signal=1.0)
    centre = np.where(cohort.metadata["group"] == "case", "north", "south").astype(object)
    centre[1::4] = "west"
    metrics = run(tmp_path, replace(cohort, metadata=cohort.metadata.assign(centre=centre)))
    red = [check["code"] for check in metrics["checks"] if check["severity"] == "red"]
    assert {"confounded", "centre-only"} <= set(red)
    assert metrics["headline"] is None
    assert metrics["models"]["genes"]["auc"] is None
    assert metrics["models"]["genes"]["auc_interval"] == [None, None]
    assert "red check" in metrics["models"]["genes"]["withheld"]
    assert metrics["models"]["centre"]["auc"] > 0.9  # that shows why
    assert metrics["claim"]["rung"] == "exploratory"


def test_a_planted_leak_is_left_out_and_taken_in_turns_the_claim_off(tmp_path: Path):
    cohort = drawn()
    leak = (cohort.metadata["group"] == "case").astype(int) + 1
    planted = replace(cohort, metadata=cohort.metadata.assign(failed_trials=leak))
    quick = ["--models=clinical,genes", "--repeats=1", "--label-permutations=0"]
    metrics = run(tmp_path / "default", planted, *quick)
    predictors = pd.read_csv(tmp_path / "default" / "out" / "predictors.csv", index_col="column")
    assert predictors.loc["failed_trials", "known_before"] == "no"
    assert not predictors.loc["failed_trials", "used"]
    assert metrics["models"]["clinical"]["auc"] < 0.8
    named = run(tmp_path / "named", planted, *quick, "--clinical=age,failed_trials")
    assert named["models"]["clinical"]["auc"] < 0.8
    assert "failed_trials" in next(
        n["message"] for n in named["notices"] if n["code"] == "left-out-predictors"
    )
    metrics = run(tmp_path / "unsafe", planted, *quick, "--include-unsafe=failed_trials")
    assert metrics["models"]["clinical"]["auc"] > 0.95
    assert metrics["claim"]["headline"] is False
    assert "definition-leakage" in [c["code"] for c in metrics["checks"] if c["severity"] == "red"]


def test_an_external_cohort_by_files(tmp_path: Path):
    there = files(tmp_path / "there", drawn(40, signal=1.0))
    external = [option.replace("--", "--external-") for option in there]
    metrics = run(tmp_path / "here", drawn(signal=1.0), *external, "--repeats=1", "--label-permutations=0")
    predictions = pd.read_csv(tmp_path / "here" / "out" / "predictions.csv")
    assert (predictions["fold"] == "external").sum() == 40 * 3
    assert metrics["models"]["genes"]["external_auc"] > 0.8
    assert metrics["claim"]["rung"] == "external"


def test_samples_left_out_by_name(tmp_path: Path):
    quick = ["--models=dummy,genes", "--repeats=1", "--label-permutations=0", "--exclude=S003:low-depth,S010"]
    metrics = run(tmp_path, drawn(), *quick)
    predicted = set(pd.read_csv(tmp_path / "out" / "predictions.csv")["sample"])
    assert set(map(str, drawn().samples)) - predicted == {"S003", "S010"}
    left_out = next(notice for notice in metrics["notices"] if notice["code"] == "excluded-samples")
    assert "2 samples left out" in left_out["message"]


def test_a_data_set_of_the_store(tmp_path: Path):
    digest = put_cohort(Store(), drawn())
    options = [*QUICK, "--models=dummy", "--centre=", f"--out={tmp_path}"]
    assert main(["models", f"--dataset={digest[:10]}", *options]) == 0
    assert json.loads((tmp_path / "metrics.json").read_text())["spec"]["centre"] == ""


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["models", *QUICK, "--repeats=0", "--models=magic"]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert main(["models", *QUICK]) == 2
    assert "--counts" in capsys.readouterr().err
    source = files(tmp_path, drawn())
    assert main(["models", *source, *QUICK, f"--external-counts={tmp_path / 'counts.csv.gz'}"]) == 2
    assert "--external-metadata" in capsys.readouterr().err
    assert main(["models", *source, *QUICK, "--external=ffffffff"]) == 2
    assert "--external" in capsys.readouterr().err
