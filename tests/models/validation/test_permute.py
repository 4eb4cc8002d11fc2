from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.models.metrics.roc import auc_delong
from core.models.validation.permute import LabelPermutations, observed_auc, permute_within
from tests.analyses import run_models
from tests.models.studies import DRAWN, drawn, setting_of


def test_labels_stay_within_their_stratum():
    y = np.array([1.0, 0, 0, 1, 1, 0, 0, 0])
    strata = np.array([0, 0, 0, 1, 1, 1, 2, 2])
    seen = [permute_within(y, np.arange(8), strata, seed=(s,)) for s in range(30)]
    for labels in seen:
        for stratum in range(3):
            assert sorted(labels[strata == stratum]) == sorted(y[strata == stratum])
    assert len({tuple(labels) for labels in seen}) == 9  # 3 × 3 × 1


def test_a_patients_samples_exchange_labels_together():
    patients = np.array([0, 0, 1, 1, 2, 3])
    y = np.array([1.0, 1, 0, 0, 1, 0])
    for seed in range(20):
        labels = permute_within(y, patients, np.zeros(6, dtype=np.intp), seed=(seed,))
        assert labels[0] == labels[1] != labels[2]
        assert labels[2] == labels[3]


def test_the_real_labels_give_the_area_of_the_validation(tmp_path: Path):
    """What is prepared once serves any labels: with the real ones it is the gene model itself."""
    setting = setting_of(tmp_path, drawn(signal=0.4), DRAWN)
    result = run_models(setting.store, setting.digest, replace(DRAWN, label_permutations=0))
    first = result.predictions.query("model == 'genes' and scheme == 'cv' and repeat == 1")
    own = LabelPermutations(setting).auc(setting.study.y)
    assert own == pytest.approx(auc_delong(first["y"], first["p"]).value, abs=1e-12)


def test_blocks_do_not_depend_on_how_many_are_wanted(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(), DRAWN)
    for task in LabelPermutations(setting).tasks():
        task.run(lambda: False)
    table = LabelPermutations(setting).read()
    assert table["permutation"].tolist() == list(range(1, 21))
    assert 0.35 < table["auc"].mean() < 0.65
    more = replace(setting, spec=replace(DRAWN, label_permutations=30))
    assert len(list(LabelPermutations(more).tasks())) == 1
    none = replace(setting, spec=replace(DRAWN, label_permutations=0))
    assert LabelPermutations(none).read().empty


def test_a_stopped_block_keeps_nothing(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(), DRAWN)
    for task in LabelPermutations(setting).tasks():
        task.run(lambda: True)
    assert LabelPermutations(setting).read().empty


def test_without_a_fold_there_is_nothing_to_compare_with():
    assert np.isnan(observed_auc([]))
