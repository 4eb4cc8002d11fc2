from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.models.validation.samples import make_study
from core.models.validation.units import between_centres, cross_validation, everything, relevant
from tests.models.studies import DRAWN, SPEC, drawn, simulated


def test_every_sample_is_predicted_once_in_every_repeat():
    study = make_study(simulated(), SPEC)
    units = cross_validation(study, SPEC)
    for repeat in (1, 2):
        tests = np.concatenate([unit.test for unit in units if unit.repeat == repeat])
        assert np.array_equal(np.sort(tests), np.arange(len(study.y)))
    for unit in units:
        assert not set(study.patients[unit.train]) & set(study.patients[unit.test])


def test_a_centre_is_predicted_by_others_and_by_nobody_of_its_own():
    study = make_study(drawn(), DRAWN)
    patients = study.patients.copy()
    assert study.centre is not None
    north, south = (np.flatnonzero(study.centre == name)[0] for name in ("north", "south"))
    patients[south] = patients[north]  # one person seen in both
    units, notices = between_centres(replace(study, patients=patients), DRAWN)
    assert [unit.fold for unit in units] == ["north", "south"]
    assert not notices
    for unit in units:
        assert set(study.centre[unit.test]) == {unit.fold}
        assert unit.fold not in set(study.centre[unit.train])
        assert not set(patients[unit.train]) & set(patients[unit.test])


def test_a_centre_with_all_cases_cannot_be_held_out():
    study = make_study(drawn(), DRAWN)
    centre = np.where(study.y == 1, "here", "there").astype(object)
    units, notices = between_centres(replace(study, centre=centre), DRAWN)
    assert not units
    assert len(notices) == 2
    assert between_centres(replace(study, centre=None), DRAWN) == ([], [])


def test_all_samples_train_the_final_model():
    study = make_study(drawn(), DRAWN)
    assert (len(everything(study).train), len(everything(study).test)) == (48, 0)


def test_only_what_can_change_a_fold_enters_its_key():
    genes = relevant(SPEC, "genes", ("age",))
    assert genes == relevant(
        replace(SPEC, repeats=9, models=("genes",), label_permutations=3), "genes", ("bmi",)
    )
    assert genes != relevant(replace(SPEC, n_selected=9), "genes", ("age",))
    assert genes != relevant(replace(SPEC, model_seed=9), "genes", ("age",))
    assert relevant(SPEC, "clinical", ("age",)) != relevant(SPEC, "clinical", ("bmi",))
    assert relevant(SPEC, "clinical", ("age",)) == relevant(replace(SPEC, n_selected=9), "clinical", ("age",))
