from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.models.validation.learning import learning_tasks, learning_units, read_learning
from core.models.validation.nested_validation import fold_tasks, read_folds
from core.models.validation.units import cross_validation
from tests.models.studies import DRAWN, drawn, setting_of


def test_fewer_patients_of_the_same_training_parts(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(90), DRAWN)
    whole = {unit.fold: unit for unit in cross_validation(setting.study, DRAWN, repeats=1)}
    units = learning_units(setting)
    assert {unit.repeat for unit in units} == {3, 5, 7}
    for unit in units:
        assert set(unit.train) < set(whole[unit.fold].train)
        assert np.array_equal(unit.test, whole[unit.fold].test)
        assert abs(setting.study.y[unit.train].mean() - 0.5) < 0.1


def test_more_patients_learn_more(tmp_path: Path):
    spec = replace(DRAWN, models=("genes",), repeats=1)
    setting = setting_of(tmp_path, drawn(90, signal=0.5), spec)
    units = cross_validation(setting.study, spec)
    for task in (*learning_tasks(setting), *fold_tasks(setting, units, stage="x")):
        task.run(lambda: False)
    table = read_learning(setting, read_folds(setting, units))
    assert table["n_train"].tolist() == sorted(table["n_train"])
    assert len(table) == 4
    assert table["auc"].iloc[-1] > table["auc"].iloc[0]
    assert (table["lower"] <= table["auc"]).all()


def test_too_few_patients_for_a_curve(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(24), DRAWN)
    assert learning_units(setting) == []
    assert read_learning(setting, []).empty
