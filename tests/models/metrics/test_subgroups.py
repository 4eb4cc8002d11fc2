"""Subgroups: told where there are enough patients, with a reason where there are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.models.metrics.roc import auc_delong
from core.models.metrics.subgroups import LearningCurve, subgroup_performance
from tests.models.metrics.test_base import reference


def test_levels_add_up_and_equal_the_metric_of_their_patients():
    table, _ = reference()
    sex = pd.Series(np.where(np.arange(293) % 3, "F", "M"))
    found = subgroup_performance(table["y"], table["p_a"], {"sex": sex})
    assert found["n"].sum() == 293
    women = (sex == "F").to_numpy()
    expected = auc_delong(table["y"][women], table["p_a"][women])
    assert found.set_index("level").loc["F", ["auc", "lower", "upper"]].tolist() == list(expected[:3])


@pytest.mark.parametrize(
    ("cases", "controls", "reason"), [(9, 30, "9 cases"), (30, 9, "9 controls"), (10, 10, "")]
)
def test_too_few_events_are_suppressed_with_the_reason(cases, controls, reason):
    y = np.repeat([1, 0], [cases, controls])
    found = subgroup_performance(
        y, np.linspace(0.1, 0.9, len(y)), {"centre": pd.Series(["A"] * len(y))}
    ).iloc[0]
    assert reason in found["suppressed"]
    assert np.isnan(found["auc"]) == bool(reason)


def test_missing_levels_come_last_and_are_named():
    level = pd.Series(["b", None, "a", None])
    found = subgroup_performance([0, 1, 0, 1], [0.5] * 4, {"centre": level})
    assert found["level"].tolist() == ["a", "b", "not recorded"]


def test_no_columns_give_an_empty_table():
    assert subgroup_performance([0, 1], [0.5, 0.5], {}).empty


def test_learning_curve_knows_whether_more_patients_would_help():
    table = pd.DataFrame({"n_train": [50, 100, 200], "auc": [0.6, 0.65, 0.7], "lower": 0.5, "upper": 0.8})
    assert LearningCurve("genes", table).still_rising
    assert not LearningCurve("genes", table.assign(auc=[0.6, 0.68, 0.68])).still_rising


def test_learning_curve_out_of_order_is_refused():
    table = pd.DataFrame({"n_train": [100, 50], "auc": 0.6, "lower": 0.5, "upper": 0.8})
    with pytest.raises(InputError, match="do not increase"):
        LearningCurve("genes", table)
    with pytest.raises(InputError, match="no column"):
        LearningCurve("genes", table.drop(columns="upper"))
