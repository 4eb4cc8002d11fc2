from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from core.de.adjust import choose_cut, filtered_padj, local_lines, lowess

DATA = Path(__file__).parent.parent / "data"


@pytest.mark.parametrize(("name", "n_left_out"), [("airway", 702), ("pasilla", 511), ("geuvadis_sex", 0)])
def test_adjusts_the_p_values_of_r_as_r_did(name: str, n_left_out: int) -> None:
    reference = pd.read_csv(DATA / name / "deseq2.csv.gz")
    padj = filtered_padj(reference["baseMean"].to_numpy(), reference["pvalue"].to_numpy(), alpha=0.05)
    np.testing.assert_allclose(padj, reference["padj"], rtol=1e-5, atol=2e-9)  # rounded
    assert np.isnan(padj).sum() == n_left_out


def test_lowess_is_that_of_r() -> None:
    i = np.arange(50)
    y = np.rint(3000 + 400 * np.sin(i / 9) + 60 * ((i * 37) % 11) - np.where(i > 40, (i - 40) ** 2 * 12, 0))
    y[7] = 5000
    smooth = lowess(np.linspace(0, 0.95, 50), y, span=0.2)
    by_r = [3139.249147, 3613.619000, 3442.208202, 2944.128697, 2170.014302]
    np.testing.assert_allclose(smooth[[0, 7, 24, 40, 49]], by_r, rtol=1e-9)


def test_a_straight_line_is_its_own_smooth() -> None:
    x = np.linspace(0, 1, 30)
    np.testing.assert_allclose(lowess(x, 3 * x - 1, span=0.3), 3 * x - 1, atol=1e-12)


def test_a_point_without_trusted_neighbours_stays() -> None:
    x, y = np.arange(3.0), np.array([5.0, 1.0, 2.0])
    weights = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(local_lines(x, y, weights), [5.0, 8 / 3, 2.0])


def test_with_ten_rejections_or_fewer_nothing_is_left_out() -> None:
    assert choose_cut(np.linspace(0, 0.95, 50), np.linspace(0, 10, 50)) == 0


def test_genes_without_p_value_do_not_count() -> None:
    pvalue = np.array([0.001, np.nan, 0.02, 0.5])
    padj = filtered_padj(np.array([10.0, 900.0, 20.0, 30.0]), pvalue, alpha=0.05)
    assert np.isnan(padj[1])
    np.testing.assert_allclose(padj[[0, 2, 3]], false_discovery_control(pvalue[[0, 2, 3]]))
