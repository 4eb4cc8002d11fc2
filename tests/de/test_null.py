from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.de.deseq2.fit import Engine, collecting_notices, estimate_size_factors, fit_model, wald_tests
from core.de.engine.inference import BatchInference
from core.de.null import NullModel, fit_null, labelled_pvalues
from core.de.prepare import Prepared, prepare
from core.de.spec import DESpec
from core.de.timing import CostModel, Timeline
from core.progress import silent
from tests.de.cohorts import small_cohort, small_metadata

ENGINE = Engine(BatchInference(), Timeline(silent, CostModel(60, 3), 1.0))


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    cohort = small_cohort(metadata=small_metadata(60))
    return prepare(cohort, DESpec("group", "TRD", "non-TRD", ("sex",), min_samples=0))


@pytest.fixture(scope="module")
def null(prepared: Prepared) -> NullModel:
    with collecting_notices():
        size_factors = estimate_size_factors(prepared.counts, prepared.design, engine=ENGINE)
        return fit_null(prepared.counts, prepared.design, size_factors=size_factors, engine=ENGINE)


def test_true_labels_give_nearly_the_test_on_screen(prepared: Prepared, null: NullModel) -> None:
    with collecting_notices():
        fit = fit_model(prepared.counts, prepared.design, size_factors=null.size_factors, engine=ENGINE)
        tested = wald_tests(fit, prepared.counts, prepared.design, alpha=0.05, lfc_threshold=0, engine=ENGINE)
    fold_change, pvalue = labelled_pvalues(null, prepared.design.matrix.iloc[:, -1].to_numpy(), engine=ENGINE)
    usual = ~fit.replaced & tested["pvalue"].notna().to_numpy()
    assert np.corrcoef(fold_change[usual], tested["log2FoldChange"][usual])[0, 1] > 0.99
    ranks = [np.argsort(np.argsort(p)) for p in (pvalue[usual], tested["pvalue"][usual])]
    assert np.corrcoef(*ranks)[0, 1] > 0.99


def test_permuted_labels_find_about_as_much_as_chance(null: NullModel) -> None:
    rng = np.random.default_rng(1)
    labels = [rng.permutation(null.design[:, -1]) for _ in range(20)]
    found = np.array([labelled_pvalues(null, one, engine=ENGINE)[1] for one in labels])
    assert np.isnan(found[:, 0]).all()  # the gene without counts
    assert 0.03 < np.nanmean(found < 0.05) < 0.08


def test_without_covariates_the_intercept_is_the_null_model(prepared: Prepared, null: NullModel) -> None:
    plain = replace(prepared.design, matrix=prepared.design.matrix.iloc[:, [0, -1]])
    with collecting_notices():
        alone = fit_null(prepared.counts, plain, size_factors=null.size_factors, engine=ENGINE)
    assert alone.design.shape == (60, 2)
    assert np.isfinite(alone.dispersions[1:]).all()
