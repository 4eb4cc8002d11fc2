from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from core.de.deseq2.adjust import choose_cut, filtered_padj

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(("name", "n_left_out"), [("airway", 702), ("pasilla", 511), ("geuvadis_sex", 0)])
def test_adjusts_the_p_values_of_r_as_r_did(name: str, n_left_out: int) -> None:
    reference = pd.read_csv(DATA / name / "deseq2.csv.gz")
    padj = filtered_padj(reference["baseMean"].to_numpy(), reference["pvalue"].to_numpy(), alpha=0.05)
    np.testing.assert_allclose(padj, reference["padj"], rtol=1e-5, atol=2e-9)  # rounded
    assert np.isnan(padj).sum() == n_left_out


def test_with_ten_rejections_or_fewer_nothing_is_left_out() -> None:
    assert choose_cut(np.linspace(0, 0.95, 50), np.linspace(0, 10, 50)) == 0


def test_genes_without_p_value_do_not_count() -> None:
    pvalue = np.array([0.001, np.nan, 0.02, 0.5])
    padj = filtered_padj(np.array([10.0, 900.0, 20.0, 30.0]), pvalue, alpha=0.05)
    assert np.isnan(padj[1])
    np.testing.assert_allclose(padj[[0, 2, 3]], false_discovery_control(pvalue[[0, 2, 3]]))
