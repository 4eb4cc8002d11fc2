from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import mannwhitneyu, norm

from core.de.wilcoxon import rank_tests


def counts(n: int, *, n_genes: int = 60) -> np.ndarray:
    """Counts with ties in the first half of the genes, none in the others."""
    rng = np.random.default_rng(5)
    tied = rng.poisson(4, (n_genes // 2, n)).astype(float)
    return np.vstack([tied, rng.gamma(3, 50, (n_genes // 2, n))])


@pytest.mark.parametrize(("n_case", "n_control"), [(5, 7), (8, 20), (9, 12), (30, 25)])
def test_p_equals_scipys_gene_by_gene(n_case: int, n_control: int) -> None:
    values = counts(n_case + n_control)
    is_case = np.arange(n_case + n_control) < n_case
    found = rank_tests(values, is_case)
    for gene, row in enumerate(values):
        expected = mannwhitneyu(row[is_case], row[~is_case])
        assert found["pvalue"][gene] == pytest.approx(expected.pvalue, rel=1e-12)
        above = expected.statistic - n_case * n_control / 2
        assert np.sign(found["stat"][gene]) in (np.sign(above), 0)
    assert_allclose(2 * norm.sf(np.abs(found["stat"])), found["pvalue"])


def test_a_doubling_is_a_log2_fold_change_of_one() -> None:
    rng = np.random.default_rng(6)
    values = np.exp2(rng.normal(12, 0.5, (400, 60)))
    is_case = np.arange(60) < 30
    values[:, is_case] *= 2
    found = rank_tests(values, is_case)
    assert found["log2FoldChange"].mean() == pytest.approx(1, abs=0.02)
    half = 1.96 * found["lfcSE"]
    covered = np.abs(found["log2FoldChange"] - 1) <= half
    assert covered.mean() == pytest.approx(0.95, abs=0.04)


def test_one_extreme_patient_moves_the_fold_change_by_less_than_its_error() -> None:
    values = counts(40)[30:]
    is_case = np.arange(40) < 20
    spiked = values.copy()
    spiked[:, 0] = values.max(axis=1) * 1e6
    before, after = rank_tests(values, is_case), rank_tests(spiked, is_case)
    moved = np.abs(before["log2FoldChange"] - after["log2FoldChange"])
    assert (moved < before["lfcSE"]).all()


def test_equal_counts_throughout_are_no_difference() -> None:
    found = rank_tests(np.full((1, 12), 7.0), np.arange(12) < 6).iloc[0]
    assert (found["log2FoldChange"], found["stat"], found["pvalue"]) == (0, 0, 1)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values, is_case = counts(30), np.arange(30) < 12
    whole = rank_tests(values, is_case)
    monkeypatch.setattr("core.de.wilcoxon.PAIRS_AT_A_TIME", 1000)
    assert rank_tests(values, is_case).equals(whole)
