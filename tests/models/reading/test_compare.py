"""Models beside each other: the same numbers as the metrics give, and nothing where nothing was computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.models.metrics.roc import auc_delong, delong_test
from core.models.reading.compare import against_baselines, compare_models, pooled_scheme
from tests.models.results import made_up_result


def test_every_model_has_the_numbers_of_its_pooled_predictions():
    result = made_up_result()
    table = compare_models(result).set_index("model")
    assert table.index.tolist() == result.models["model"].tolist()
    pooled = pooled_scheme(result, "cv")
    genes = pooled[pooled["model"] == "genes"]
    found = auc_delong(genes["y"], genes["p"])
    assert table.loc["genes", ["auc", "auc_lower", "auc_upper"]].tolist() == list(found[:3])
    assert table.loc["genes", "gap"] == pytest.approx(found.value - table.loc["genes", "centre_auc"])
    assert np.isnan(table.loc["centre", "centre_auc"])
    assert table["external_auc"].isna().all()


def test_order_of_predictions_changes_nothing():
    result = made_up_result()
    shuffled = replace(result, predictions=result.predictions.sample(frac=1, random_state=1))
    expected, found = compare_models(result), compare_models(shuffled)
    numbers = expected.select_dtypes("number").columns
    np.testing.assert_allclose(found[numbers], expected[numbers], rtol=1e-12)
    before, after = against_baselines(result), against_baselines(shuffled)
    np.testing.assert_allclose(after.iloc[:, 2:], before.iloc[:, 2:], rtol=1e-9)


def test_each_model_meets_each_baseline_but_itself():
    result = made_up_result()
    table = against_baselines(result)
    assert len(table) == 9 * 5 - 5
    wide = pooled_scheme(result, "cv").pivot(index="sample", columns="model", values="p")
    y = result.patients.set_index("sample").loc[wide.index, "y"]
    found = delong_test(y, wide["genes"], wide["clinical"])
    row = table[(table["model"] == "genes") & (table["baseline"] == "clinical")].iloc[0]
    assert row["delta_auc"] == found.value
    assert row["delta_auc_pvalue"] == found.pvalue


def test_a_result_without_predictions_is_a_table_of_dashes():
    result = made_up_result()
    empty = replace(result, predictions=result.predictions.iloc[:0])
    assert compare_models(empty)["auc"].isna().all()
    assert against_baselines(empty).empty
