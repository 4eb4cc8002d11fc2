from __future__ import annotations

import numpy as np

from core.models.validation.splits import stratified_folds

Y = np.array([1.0, 0.0] * 30 + [0.0] * 13)


def test_every_fold_has_its_share_of_both_groups():
    fold = stratified_folds(Y, np.arange(len(Y)), n_folds=5, seed=(1,))
    for outcome in (0.0, 1.0):
        sizes = np.bincount(fold[outcome == Y], minlength=5)
        assert sizes.max() - sizes.min() <= 1
    assert np.ptp(np.bincount(fold)) <= 2


def test_a_patients_samples_stay_together():
    patients = np.arange(len(Y)) // 3
    fold = stratified_folds(Y, patients, n_folds=5, seed=(1,))
    assert all(len(set(fold[patients == patient])) == 1 for patient in range(patients.max() + 1))
    assert set(fold) == set(range(5))


def test_the_seed_decides():
    again = [stratified_folds(Y, np.arange(len(Y)), n_folds=5, seed=(s, 0)) for s in (1, 1, 2)]
    assert np.array_equal(again[0], again[1])
    assert not np.array_equal(again[0], again[2])
