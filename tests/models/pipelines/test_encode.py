from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.models.pipelines.encode import encode, scale

TRAIN = pd.DataFrame(
    {
        "age": [30.0, 40.0, np.nan, 50.0, 60.0, 70.0],
        "smoking": ["no", "yes", "no", None, "no", "yes"],
        "same": ["x"] * 6,
    }
)
TEST = pd.DataFrame({"age": [np.nan, 45.0], "smoking": ["sometimes", None], "same": ["x", "y"]})


def test_missing_numbers_become_the_training_median_and_are_marked():
    found = encode(TRAIN, TEST, ("age",))
    assert found.names == ("age", "age (missing)")
    assert found.test[0, 0] == pytest.approx((50 - found.mean[0]) / found.sd[0])
    assert found.test[0, 1] > 0 > found.test[1, 1]
    assert np.allclose(found.train.mean(axis=0), 0)


def test_words_have_the_levels_of_the_training_part():
    found = encode(TRAIN, TEST, ("smoking", "same"))
    assert found.names == ("smoking: yes", "smoking (missing)")
    # A level nobody had, and a missing value filled with the commonest, are both not "yes".
    assert found.test[0, 0] == found.test[1, 0] < 0
    assert found.test[1, 1] > 0


def test_the_held_out_part_changes_nothing():
    other = TEST.assign(age=[1000.0, -1000.0], smoking=["a", "b"])
    assert np.array_equal(
        encode(TRAIN, TEST, ("age", "smoking")).train, encode(TRAIN, other, ("age", "smoking")).train
    )


def test_nothing_to_encode():
    found = encode(TRAIN, TEST, ())
    assert (found.train.shape, found.test.shape, found.names) == ((6, 0), (2, 0), ())


def test_constant_columns_are_left_out():
    found = scale(np.array([[1.0, 2.0], [1.0, 4.0]]), np.array([[3.0, 5.0]]), ("a", "b"))
    assert found.names == ("b",)
    assert found.chosen(np.array([0])).names == ("b",)
