from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partialmethod

import numpy as np
import pandas as pd
import pytest
from pydeseq2.dds import DeseqDataSet
from pydeseq2.ds import DeseqStats

from core.de.deseq2.adjust import filtered_padj
from core.de.deseq2.dispersion import fit_trend
from core.de.deseq2.fit import (
    Engine,
    Fit,
    collecting_notices,
    estimate_size_factors,
    fit_model,
    fitted_counts,
    shrink_factor,
    wald_tests,
)
from core.de.deseq2.outliers import describe_outlier_handling
from core.de.engine import shrinkage
from core.de.engine.inference import BatchInference
from core.de.prepare import Prepared, prepare
from core.de.spec import DESpec
from core.de.timing import CostModel, Timeline
from core.errors import JobError
from core.progress import silent
from tests.de.cohorts import small_cohort, small_metadata

SPEC = DESpec("group", "TRD", "non-TRD", ("sex",))
BLOCK = 24 * 64  # 64 genes


def engine() -> Engine:
    timeline = Timeline(silent, CostModel(24, 3), 10.0)
    return Engine(BatchInference(block=BLOCK, watch=timeline.passed), timeline)


def fitted(prepared: Prepared, *, cap: float | None) -> Fit:
    size_factors = estimate_size_factors(prepared.counts, prepared.design, engine=engine())
    counts = fitted_counts(prepared.counts, size_factors, cap=cap)
    return fit_model(counts, prepared.design, size_factors=size_factors, engine=engine())


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    cohort = small_cohort()
    cohort.counts[20, 3] = 200_000  # an outlier for Cook's distance
    return prepare(cohort, replace(SPEC, min_samples=0))


def pydeseq2(prepared: Prepared, *, alpha: float, **options: object) -> tuple[DeseqStats, pd.DataFrame]:
    """Run PyDESeq2 in one go, with our engine and the rules of DESeq2 that it lacks."""
    design = prepared.design.matrix
    names = [str(i) for i in range(len(prepared.counts))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dds = DeseqDataSet(
            counts=pd.DataFrame(prepared.counts.T, index=design.index, columns=names),
            metadata=pd.DataFrame(index=design.index),
            design=design,
            quiet=True,
            inference=BatchInference(block=BLOCK),
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DeseqDataSet, "fit_dispersion_trend", partialmethod(own_step, fit_trend))
            dds.deseq2()
        inference = BatchInference(block=BLOCK)
        stats = DeseqStats(dds, contrast=np.eye(3)[-1], inference=inference, quiet=True, **options)
        stats.summary()
        results = stats.results_df.copy()
        base_mean, pvalue = results["baseMean"].to_numpy(), results["pvalue"].to_numpy()
        return stats, results.assign(padj=filtered_padj(base_mean, pvalue, alpha=alpha))


def own_step(dds: DeseqDataSet, step: Callable[[DeseqDataSet], None], **_: object) -> None:
    step(dds)


def test_stored_and_restored_in_steps_the_numbers_are_those_of_one_go(prepared: Prepared) -> None:
    with collecting_notices():
        fit = fitted(prepared, cap=None)
        plain = wald_tests(
            fit, prepared.counts, prepared.design, alpha=0.05, lfc_threshold=0, engine=engine()
        )
        above = wald_tests(
            fit, prepared.counts, prepared.design, alpha=0.1, lfc_threshold=0.5, engine=engine()
        )
        shrunken = shrink_factor(fit, prepared.counts, prepared.design, engine=engine())
    stats, expected = pydeseq2(prepared, alpha=0.05)
    assert expected["pvalue"].isna().sum() >= 2  # no counts; Cook's outlier
    assert fit.cooks_outlier[20]
    for column in plain:
        np.testing.assert_array_equal(plain[column], expected[column], err_msg=column)
    _, expected_above = pydeseq2(prepared, alpha=0.1, lfc_null=0.5, alt_hypothesis="greaterAbs")
    for column in above:
        np.testing.assert_array_equal(above[column], expected_above[column], err_msg=column)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stats.lfc_shrink(prepared.design.coefficient, adapt=True)
    np.testing.assert_array_equal(shrunken["log2FoldChangeShrunken"], stats.results_df["log2FoldChange"])
    np.testing.assert_array_equal(shrunken["lfcSEShrunken"], stats.results_df["lfcSE"])


def test_where_no_three_samples_are_alike_cooks_distances_are_not_asked() -> None:
    metadata = small_metadata()
    metadata["age"] = np.linspace(20, 70, len(metadata)) ** 1.1
    cohort = small_cohort(metadata=metadata)
    cohort.counts[20, 3] = 200_000
    uneven = prepare(cohort, replace(SPEC, covariates=("age",), min_samples=0))
    assert describe_outlier_handling(uneven.design).state == "off"
    with collecting_notices():
        fit = fitted(uneven, cap=None)
    stats, _ = pydeseq2(uneven, alpha=0.05)
    np.testing.assert_array_equal(fit.log_fold_changes, stats.dds.varm["LFC"])
    np.testing.assert_array_equal(fit.replaced, stats.dds.var["replaced"])
    np.testing.assert_array_equal(fit.cooks_outlier, stats.dds.var["_pvalue_cooks_outlier"])


def test_winsorising_tames_the_spike_and_keeps_the_size_factors(prepared: Prepared) -> None:
    with collecting_notices():
        plain, capped = fitted(prepared, cap=None), fitted(prepared, cap=0.9)
    np.testing.assert_array_equal(plain.size_factors, capped.size_factors)
    assert capped.base_mean[20] < plain.base_mean[20] / 10
    counts = fitted_counts(prepared.counts, capped.size_factors, cap=0.9)
    assert counts[20].max() < prepared.counts[20].max() / 10


def test_a_shrinkage_that_did_not_end_is_said(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting_notices():
        fit = fitted(prepared, cap=None)
    monkeypatch.setattr(shrinkage, "NEWTON_ROUNDS", 1)
    with collecting_notices() as notices:
        shrink_factor(fit, prepared.counts, prepared.design, engine=engine())
    assert "shrinkage-unfinished" in [notice.code for notice in notices]


def test_warnings_of_the_fit_become_plain_notices_once() -> None:
    with collecting_notices() as notices:
        for _ in range(2):
            warnings.warn("Every gene contains at least one zero, so ...", UserWarning, stacklevel=1)
        warnings.warn("something else", RuntimeWarning, stacklevel=1)
        warnings.warn("a new kind", UserWarning, stacklevel=1)
        warnings.warn("for developers", DeprecationWarning, stacklevel=1)
    assert [notice.code for notice in notices] == ["iterative-size-factors", "numeric-limits", "fit-warning"]


def test_a_failed_decomposition_becomes_a_job_error() -> None:
    with pytest.raises(JobError, match="Fewer covariates"), collecting_notices():
        np.linalg.inv(np.zeros((2, 2)))
