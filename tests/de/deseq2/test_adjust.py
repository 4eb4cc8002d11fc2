from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from core.de.deseq2.adjust import adjust, choose_cut, filtered_padj

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


def test_from_eleven_rejections_on_the_best_cut_off_counts() -> None:
    quantiles = np.linspace(0, 0.95, 50)
    rejections = np.where(np.arange(50) < 30, 0.0, 11.0)
    assert choose_cut(quantiles, rejections) >= 30
    assert choose_cut(quantiles, np.minimum(rejections, 10)) == 0


def test_cut_offs_without_any_rejection_say_nothing_of_the_scatter() -> None:
    """With their perfect fit the curve would look steadier, and the eleventh cut-off would be chosen."""
    some = np.rint(100 + 20 * np.log1p(np.arange(30)) + np.random.default_rng(0).normal(0, 6, 30))
    assert choose_cut(np.linspace(0, 0.95, 50), np.r_[some, np.zeros(20)]) == 6


def test_a_gene_at_the_cut_off_is_used_and_a_rejection_is_below_alpha() -> None:
    pvalue = np.array([0.01, 0.02, np.nan, 0.04])
    padj = adjust(pvalue, np.array([True, False, True, True]))
    np.testing.assert_allclose(padj, [0.02, np.nan, np.nan, 0.04])
    assert np.isnan(adjust(pvalue, np.zeros(4, dtype=bool))).all()


def test_genes_without_counts_are_below_every_cut_off_but_the_lowest() -> None:
    rng = np.random.default_rng(4)
    base_mean = np.r_[np.zeros(300), rng.gamma(1.0, 100, 700)]
    pvalue = np.where(base_mean > 150, rng.beta(0.05, 5, 1000), rng.random(1000))
    padj = filtered_padj(base_mean, pvalue, alpha=0.1)
    used = ~np.isnan(padj)
    assert 0 < used.sum() < 700
    assert base_mean[used].min() > base_mean[~used].max()
    np.testing.assert_allclose(padj[used], false_discovery_control(pvalue[used]))
