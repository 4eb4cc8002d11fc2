from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from core.de.reading.power import (
    POWER,
    detectable_table,
    detection,
    significance_cut_off,
    smallest_detectable,
)


def test_a_difference_of_the_smallest_size_is_found_as_often_as_said() -> None:
    found = detection(0.0, 0.1, cut_off=0.01)
    assert found is not None
    draws = np.random.default_rng(1).normal(found.smallest, 0.1, 40_000)
    share = (2 * norm.sf(np.abs(draws) / 0.1) < 0.01).mean()
    assert share == pytest.approx(POWER, abs=0.01)


def test_the_chance_is_that_of_the_estimate() -> None:
    found = detection(0.3, 0.1, cut_off=0.01)
    assert found is not None
    draws = np.random.default_rng(2).normal(0.3, 0.1, 40_000)
    assert found.chance == pytest.approx((2 * norm.sf(np.abs(draws) / 0.1) < 0.01).mean(), abs=0.01)
    none = detection(0.0, 0.1, cut_off=0.01)
    assert none is not None
    assert none.chance == pytest.approx(0.01)


def test_few_degrees_of_freedom_ask_for_more() -> None:
    normal, t = detection(0.2, 0.1, cut_off=0.01), detection(0.2, 0.1, cut_off=0.01, freedom=6)
    assert normal is not None
    assert t is not None
    assert t.smallest > normal.smallest


def test_what_was_not_estimated_has_no_detection() -> None:
    assert detection(float("nan"), 0.1, cut_off=0.01) is None
    assert detection(0.1, 0.0, cut_off=0.01) is None


def test_the_cut_off_is_the_largest_significant_p_or_that_of_the_first_gene() -> None:
    table = pd.DataFrame(
        {"pvalue": [0.001, 0.01, 0.5], "padj": [0.003, 0.015, 0.5], "lfcSE": [0.1, 0.2, 0.3]}
    )
    assert significance_cut_off(table) == 0.01
    assert significance_cut_off(table.assign(padj=[0.2, 0.3, np.nan])) == pytest.approx(0.025)
    assert (smallest_detectable(table).diff().dropna() > 0).all()


@pytest.mark.parametrize(("sd", "known"), [(0.35, 0.11), (0.5, 0.15), (0.8, 0.24)])
def test_it_agrees_with_what_was_measured_by_simulation_for_150_and_143_patients(
    sd: float, known: float
) -> None:
    # There about a fifth of the genes is significant, so that a gene is from p = 0.05 / 5 on.
    error = sd * np.sqrt(1 / 150 + 1 / 143)
    table = pd.DataFrame({"pvalue": [0.01, 0.5], "padj": [0.049, 0.6], "lfcSE": [error, error]})
    assert smallest_detectable(table, power=0.5).round(2).tolist() == [known, known]
    assert (smallest_detectable(table) > smallest_detectable(table, power=0.5)).all()


def test_the_table_for_a_file_has_a_row_per_tested_gene() -> None:
    table = pd.DataFrame(
        {
            "gene": ["a", "b"],
            "symbol": ["A", "B"],
            "baseMean": [10.0, 20.0],
            "pvalue": [0.01, np.nan],
            "padj": [0.04, np.nan],
            "lfcSE": [0.1, np.nan],
        }
    )
    detectable = detectable_table(table)
    assert detectable["gene"].tolist() == ["a"]
    assert detectable["found_from"].iloc[0] > detectable["significant_from"].iloc[0]
