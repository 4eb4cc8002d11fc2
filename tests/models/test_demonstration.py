"""What the models make of the demonstration cohort, of labels that mean nothing, and of real patients."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.model import Cohort
from core.cohort.reading.load import inspect_cohort
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.stored import put_cohort
from core.models.metrics.roc import auc_delong
from core.models.reading.compare import against_baselines, compare_models
from core.models.spec import ModelSpec
from core.models.validation.leaky_selection import predict_selected, select_on_all_samples
from core.models.validation.permute import LabelPermutations, permute_within
from core.models.validation.setting import Setting, make_setting
from core.store import Store
from tests.analyses import run_models

pytestmark = pytest.mark.slow
SPEC = ModelSpec("group", "TRD", "non-TRD", centre="centre")


@pytest.fixture(scope="module")
def demonstration() -> Cohort:
    return simulate_cohort()[0]


def test_honest_models_of_the_demonstration_cohort(demonstration: Cohort, tmp_path: Path):
    leak = np.where(demonstration.metadata["group"] == "TRD", 3, 1)
    planted = replace(demonstration, metadata=demonstration.metadata.assign(failed_treatments=leak))
    store = Store(tmp_path)
    models = ("centre", "clinical", "genes", "clinical_genes")
    spec = replace(SPEC, models=models, repeats=1, label_permutations=0)
    result = run_models(store, put_cohort(store, planted), spec)
    table = compare_models(result).set_index("model")
    assert 0.62 <= table.loc["genes", "auc"] <= 0.75
    assert table.loc["centre", "auc"] < 0.6
    # The planted predictor knows everything, and was left out.
    assert table.loc["clinical", "auc"] < 0.7
    judged = result.predictors.set_index("column")
    assert judged.loc["failed_treatments", "known_before"] == "no"
    assert not judged.loc["failed_treatments", "used"]
    paired = against_baselines(result).set_index(["model", "baseline"])
    for name in ("clinical", "clinical_genes"):
        assert table.loc[name, "auc_lower"] < table.loc[name, "auc"] < table.loc[name, "auc_upper"]
        assert np.isfinite(
            paired.loc[(name, "centre"), ["delta_auc_lower", "delta_auc_upper"]].astype(float)
        ).all()
    assert not any(check.severity == "red" for check in result.checks)


def claimed_outside(setting: Setting, labels: np.ndarray, permutations: LabelPermutations) -> float:
    samples = replace(setting.study.samples, y=labels)
    x = select_on_all_samples(replace(setting, study=replace(setting.study, samples=samples))).train.astype(
        float
    )
    p = np.empty(len(labels))
    for fold in permutations.prepared():
        p[fold.unit.test] = predict_selected(x, labels, fold.unit, fold.folds)
    return auc_delong(labels, p).value


def test_random_labels_give_chance_and_the_mistake_gives_much(demonstration: Cohort, tmp_path: Path):
    """Twenty random labellings, drawn within the folds so that these stay stratified."""
    setting = make_setting(Store(tmp_path), "demonstration", replace(SPEC, repeats=1), demonstration)
    permutations = LabelPermutations(setting)
    fold = np.empty(len(setting.study.y), dtype=np.intp)
    for number, prepared in enumerate(permutations.prepared()):
        fold[prepared.unit.test] = number
    held, claimed = 0, []
    for seed in range(20):
        labels = permute_within(setting.study.y, setting.study.patients, fold, seed=(99, seed))
        found = auc_delong(labels, permutations.risks(labels))
        held += found.lower <= 0.5 <= found.upper
        claimed.append(claimed_outside(setting, labels, permutations))
    assert held >= 18
    assert min(claimed) > 0.8


def test_tuberculosis_is_told_from_latent_infection(shared_data: Path, tmp_path: Path):
    """Real patients, two groups of 21: much can be told, and the run says how little 42 patients prove."""
    folder = shared_data / "london_tb"
    cohort = inspect_cohort(folder / "counts.csv.gz", folder / "metadata.csv").usable()
    store = Store(tmp_path)
    spec = ModelSpec("TBStatus", "PTB", "LTBI", models=("dummy", "genes"), label_permutations=0)
    result = run_models(store, put_cohort(store, cohort), spec)
    genes = compare_models(result).set_index("model").loc["genes"]
    assert 0.80 <= genes["auc"] <= 0.95
    assert genes["auc_upper"] - genes["auc_lower"] > 0.1
    size = next(check for check in result.checks if check.code == "sample-size")
    assert "21 cases and 21 controls" in size.explanation
    assert "each patient weighs 1 in 21" in size.explanation
