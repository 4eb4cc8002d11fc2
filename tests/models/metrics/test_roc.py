"""Areas and curves, against R's pROC and against counting."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.models.metrics.roc import auc_delong, average_precision, delong_test, precision_recall, roc
from tests.models.metrics.test_base import reference


@pytest.mark.parametrize("column", ["a", "b"])
def test_area_and_interval_equal_r(column):
    table, said = reference()
    found = auc_delong(table["y"], table[f"p_{column}"])
    expected = [said[f"auc_{column}"], said[f"auc_{column}_lo"], said[f"auc_{column}_hi"]]
    assert_allclose(found[:3], expected, atol=1e-6, rtol=0)


def test_paired_p_equals_r():
    table, said = reference()
    found = delong_test(table["y"], table["p_a"], table["p_b"])
    assert found.pvalue == pytest.approx(said["delong_paired_p"], abs=1e-6)
    assert found.value == pytest.approx(said["auc_a"] - said["auc_b"], abs=1e-6)
    assert found.lower < found.value < found.upper


def test_order_of_the_two_models_turns_the_sign_only():
    table, _ = reference()
    one = delong_test(table["y"], table["p_a"], table["p_b"])
    other = delong_test(table["y"], table["p_b"], table["p_a"])
    assert one.value == -other.value
    assert one.pvalue == other.pvalue


def test_a_model_does_not_differ_from_itself():
    table, _ = reference()
    assert delong_test(table["y"], table["p_a"], table["p_a"]) == (0, 0, 0, 0, 1)


def test_area_with_ties_is_counted_pairs():
    y, p = np.array([1, 1, 0, 0, 1]), np.array([0.5, 0.7, 0.5, 0.2, 0.2])
    pairs = [(a > b) + (a == b) / 2 for a in p[y == 1] for b in p[y == 0]]
    assert auc_delong(y, p).value == pytest.approx(np.mean(pairs))


def test_too_few_patients_give_no_interval_rather_than_a_wrong_one():
    assert np.isnan(auc_delong([1, 1], [0.2, 0.3])).all()
    found = auc_delong([1, 0, 0], [0.9, 0.3, 0.1])
    assert found.value == 1
    assert np.isnan([found.lower, found.upper]).all()
    assert np.isnan(delong_test([1, 0, 0], [0.9, 0.3, 0.1], [0.9, 0.3, 0.1])).all()


def test_area_of_the_curve_is_the_area():
    table, said = reference()
    curve = roc(table["y"], table["p_a"])
    assert np.trapezoid(curve["tpr"], curve["fpr"]) == pytest.approx(said["auc_a"], abs=1e-9)
    assert curve.iloc[0].tolist() == [np.inf, 0, 0]
    assert curve.iloc[-1, 1:].tolist() == [1, 1]


def test_precision_by_hand():
    curve = precision_recall([1, 0, 1, 0], [0.9, 0.8, 0.8, 0.1])
    assert_allclose(curve["threshold"], [0.9, 0.8, 0.1])
    assert_allclose(curve["recall"], [0.5, 1, 1])
    assert_allclose(curve["precision"], [1, 2 / 3, 0.5])


def test_precision_at_another_share_of_cases_is_the_predictive_value():
    curve = precision_recall([1, 0, 1, 0], [0.9, 0.8, 0.8, 0.1], prevalence=0.2)
    assert_allclose(curve["precision"], [1, 0.2 / (0.2 + 0.8 * 0.5), 0.2])


def test_average_precision_equals_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    table, _ = reference()
    expected = metrics.average_precision_score(table["y"], table["p_a"])
    found = average_precision(table["y"], table["p_a"])
    assert found.value == pytest.approx(expected, abs=1e-12)
    assert found.lower < found.value < found.upper


def test_average_precision_of_perfect_and_of_one_sided_data():
    assert average_precision([1, 0], [0.9, 0.1]).value == 1
    assert np.isnan(average_precision([1, 1], [0.9, 0.1]).value)
