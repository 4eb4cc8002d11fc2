from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.models.compute import compute_parts
from core.models.reading.tables import prediction_table
from core.models.spec import ModelSpec
from core.models.validation.facts import collect_facts, single_areas
from core.models.validation.setting import Setting
from core.progress import silent
from tests.models.studies import DRAWN, drawn, setting_of


def facts_of(setting: Setting):
    parts = compute_parts(setting, report=silent, n_threads=1)
    predictions = prediction_table(parts.folds)
    return collect_facts(
        setting, parts.folds, predictions=predictions, permuted=parts.permuted, outside=parts.outside
    )


def test_the_facts_of_a_small_study(tmp_path: Path):
    facts = facts_of(setting_of(tmp_path, drawn(signal=1.0), DRAWN))
    assert (facts.model, facts.n_case, facts.n_control) == ("genes", 24, 24)
    assert set(facts.auc) == {"dummy", "centre", "age_sex", "genes"}
    assert facts.auc["dummy"].value == 0.5
    assert facts.auc["genes"].value > 0.9
    assert facts.centre_auc.value > 0.9
    assert np.isnan(facts.external_auc.value)
    assert len(facts.permuted) == 20
    assert facts.observed > 0.9
    assert facts.outside > 0.9
    assert facts.centres.to_numpy().tolist() == [[12, 12], [12, 12]]
    assert facts.subgroups["column"].tolist() == ["centre", "centre"]
    assert facts.parameters == 300
    assert facts.chooses


def test_where_no_gene_is_left_out_nothing_is_chosen(tmp_path: Path):
    spec = replace(DRAWN, models=("genes",), n_selected=5000, repeats=1, label_permutations=0, centre="")
    facts = facts_of(setting_of(tmp_path, drawn(), spec))
    assert not facts.chooses
    assert facts.centres.empty
    assert facts.subgroups.empty


@pytest.mark.parametrize("models", [("dummy",), ("dummy", "centre")])
def test_without_a_model_that_claims(tmp_path: Path, models: tuple):
    facts = facts_of(setting_of(tmp_path, drawn(), replace(DRAWN, models=models, repeats=1)))
    assert facts.model == ""
    assert np.isnan(facts.primary_auc.value)


def test_a_predictor_that_tells_by_itself(tmp_path: Path):
    cohort = drawn()
    leak = np.where(cohort.metadata["group"] == "case", "a", "b").astype(object)
    planted = replace(cohort, metadata=cohort.metadata.assign(mystery=leak))
    spec = ModelSpec("group", "case", "control", clinical=("age", "mystery"))
    areas = single_areas(setting_of(tmp_path, planted, spec))
    assert areas["mystery"] == 1
    assert 0.5 <= areas["age"] < 0.75
