"""Genes that are hard to fit, taken through a whole comparison: an estimate, or a word that there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pydeseq2.default_inference import DefaultInference

from core.de.deseq2.fit import (
    Engine,
    Fit,
    collecting_notices,
    estimate_size_factors,
    fit_model,
    shrink_factor,
    wald_tests,
)
from core.de.design.build import Design
from core.de.engine.inference import BatchInference
from core.de.timing import CostModel, Timeline
from core.progress import silent
from tests.de.engine.hard import Hard, hard_counts, penalised

SHAPES = {
    "6 samples": (6, 2),
    "12 samples": (12, 3),
    "60 samples, 20 coefficients": (60, 20),
    "3,000 samples": (3000, 3),
}


@pytest.fixture(
    params=[
        pytest.param(shape, id=name, marks=pytest.mark.slow if shape[0] == 3000 else ())
        for name, shape in SHAPES.items()
    ],
    scope="module",
)
def compared(request: pytest.FixtureRequest) -> tuple[Hard, Fit, pd.DataFrame]:
    """Return hard genes among ordinary ones, their fit, and the table of the test, shrunken as well."""
    n_samples, n_coefficients = request.param
    hard = hard_counts(n_samples, n_coefficients, seed=4, n_random=150)
    names = pd.Index([f"S{i}" for i in range(n_samples)])
    matrix = pd.DataFrame(hard.design, index=names).rename(columns=str)
    design = Design(matrix, pd.Series("", index=names), np.arange(n_samples), (), ())
    engine = Engine(BatchInference(n_cpus=2), Timeline(silent, CostModel(*matrix.shape), 1.0))
    counts = np.ascontiguousarray(hard.counts.T)
    with collecting_notices():
        size_factors = estimate_size_factors(counts, design, engine=engine)
        fit = fit_model(counts, design, size_factors=size_factors, engine=engine)
        table = wald_tests(fit, counts, design, alpha=0.05, lfc_threshold=0.0, engine=engine)
        shrunken = shrink_factor(fit, counts, design, engine=engine)
    return hard, fit, table.join(shrunken)


def test_without_counts_there_is_no_number(compared: tuple[Hard, Fit, pd.DataFrame]) -> None:
    hard, _, table = compared
    empty = ~hard.counts.any(axis=0)
    assert empty.sum() == 1
    shown = ["log2FoldChange", "lfcSE", "stat", "pvalue", "padj", "log2FoldChangeShrunken"]
    assert table.loc[empty, shown].isna().all(axis=None)


def test_with_counts_there_is_an_estimate_within_bounds(compared: tuple[Hard, Fit, pd.DataFrame]) -> None:
    hard, fit, table = compared
    counted = hard.counts.any(axis=0) & ~fit.emptied
    assert np.isfinite(fit.log_fold_changes[counted]).all()
    assert (np.abs(fit.log_fold_changes[counted]) <= 30).all()
    assert np.isfinite(table.loc[counted, ["lfcSE", "log2FoldChangeShrunken"]]).all(axis=None)
    low, high = hard.limits
    assert ((fit.dispersions[counted] >= low) & (fit.dispersions[counted] <= high)).all()
    withheld = fit.cooks_outlier[counted]
    np.testing.assert_array_equal(table.loc[counted, "pvalue"].isna(), withheld)
    assert table.loc[counted, "pvalue"].dropna().between(0, 1).all()


def test_no_estimate_that_counts_as_converged_is_less_likely_than_the_default_engines(
    compared: tuple[Hard, Fit, pd.DataFrame],
) -> None:
    hard, fit, _ = compared
    judged = hard.counts.any(axis=0) & ~fit.replaced & fit.converged
    assert judged.mean() > 0.5
    counts, dispersions = hard.counts[:, judged], fit.dispersions[judged]
    with np.errstate(all="ignore"):
        theirs = DefaultInference(n_cpus=1).irls(
            counts, fit.size_factors, hard.design, dispersions, 0.5, 1e-8
        )[0]
    part = Hard(counts, hard.design, fit.size_factors, dispersions)
    ours = fit.log_fold_changes[judged]
    same = np.isclose(ours, theirs, rtol=1e-5, atol=1e-5).all(axis=1)
    reached, by_them = penalised(part, ours), penalised(part, np.nan_to_num(theirs))
    better = reached >= by_them - 1e-6 - 1e-9 * np.abs(by_them)
    assert (same | better).all()
