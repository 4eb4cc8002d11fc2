"""Agreement with limma 3.54.1 and edgeR 3.40.2, whose results are R's, computed elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from core.cohort.stored import put_cohort
from core.de.limma.trend import natural_spline, shrunken_log_cpm, trended_prior, trended_tests
from core.de.spec import DESpec
from core.store import Store
from tests.analyses import run_de
from tests.de.cohorts import read_cohort

LONDON = DESpec("TBStatus", "PTB", "LTBI", ("sex_molecular",), 10, 21, method="limma")


def test_london_equals_limma_trend(shared_data: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    result = run_de(store, put_cohort(store, read_cohort(shared_data / "london_tb")), LONDON)
    name = "london_PTB_vs_LTBI_limma_trend.csv.gz"
    reference = pd.read_csv(shared_data / "reference" / name, index_col="gene")
    ours = result.table.set_index("gene").loc[reference.index]
    assert result.run.n_active == len(reference) == 16644
    assert_allclose(ours["log2FoldChange"], reference["log2FoldChange"], atol=1e-12)
    for column in ("stat", "pvalue", "padj"):
        assert_allclose(ours[column], reference[column], rtol=1e-9, err_msg=column)


def test_a_natural_spline_is_straight_beyond_its_knots_and_reproduces_lines() -> None:
    x = np.random.default_rng(1).uniform(3, 9, 200)
    basis, _ = np.linalg.qr(natural_spline(x, 4))
    assert basis.shape == (200, 4)
    assert_allclose(basis @ (basis.T @ (2 - 3 * x)), 2 - 3 * x)
    cube = x**3
    assert np.abs(basis @ (basis.T @ cube) - cube).max() > 0.1


@pytest.mark.parametrize(("n", "columns"), [(2, 1), (4, 2), (20, 3), (30, 4)])
def test_few_genes_have_a_simple_trend(n: int, columns: int) -> None:
    rng = np.random.default_rng(2)
    level = np.arange(n, dtype=float)
    prior = trended_prior(rng.chisquare(5, n) / 5, 5, level)
    logs = np.log(np.broadcast_to(prior.variance, (n,)))
    spread = np.linalg.lstsq(natural_spline(level, columns), logs, rcond=None)[1]
    assert_allclose(spread, 0, atol=1e-18)


def test_a_trend_in_the_variances_is_followed() -> None:
    rng = np.random.default_rng(3)
    level = rng.uniform(0, 10, 20_000)
    variances = np.exp(-0.3 * level) * rng.chisquare(8, 20_000) / 8
    prior = trended_prior(variances, 8, level)
    assert_allclose(np.asarray(prior.variance), np.exp(-0.3 * level), rtol=0.08)


def test_null_p_values_are_uniform() -> None:
    rng = np.random.default_rng(4)
    counts = rng.negative_binomial(10, 10 / (10 + 100), (4000, 30))
    values = shrunken_log_cpm(counts, counts.sum(axis=0).astype(float))
    design = np.column_stack([np.ones(30), np.arange(30) % 2])
    share = (trended_tests(values, design).table["pvalue"] < 0.05).mean()
    assert share == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 4000))
