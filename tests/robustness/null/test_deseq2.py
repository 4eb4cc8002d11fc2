from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.model import Cohort
from core.cohort.stored import put_cohort
from core.de.prepare import prepare
from core.de.spec import DESpec
from core.robustness.null.deseq2 import permuted_deseq2, shares_dispersions
from core.robustness.null.labels import NOMINAL
from core.robustness.null.words import null_sentence
from core.store import Store
from tests.analyses import run_de, run_null
from tests.de.cohorts import small_cohort, small_metadata

BY_SEX = DESpec("group", "TRD", "non-TRD", ("sex",))
BY_AGE = replace(BY_SEX, covariates=("age", "sex"))
Floats = np.ndarray


def large() -> Cohort:
    metadata = small_metadata(290)
    rng = np.random.default_rng(2)  # ages that no three patients share
    age = rng.uniform(20, 70, len(metadata))
    age[:6] = 40  # an outlier can be looked for among these
    return small_cohort(metadata=metadata.assign(age=age), n_genes=600)


def relabelled(cohort: Cohort, spec: DESpec, labels: Floats) -> Cohort:
    """The cohort with its groups given out anew."""
    metadata = cohort.metadata.copy()
    metadata[spec.factor] = np.where(labels == 1, spec.case, spec.control)
    return replace(cohort, metadata=metadata)


def shuffled(cohort: Cohort, seed: int = 5) -> Floats:
    case = (cohort.metadata["group"] == "TRD").to_numpy(float)
    return np.random.default_rng(seed).permutation(case)


def ordinary(store: Store, cohort: Cohort, spec: DESpec) -> Floats:
    """The p-values of the analysis that everybody sees, of the genes that were fitted."""
    table = run_de(store, put_cohort(store, cohort), spec).table
    return table["pvalue"].to_numpy()[prepare(cohort, spec).active]


@pytest.mark.parametrize(
    "spec",
    [
        BY_SEX,
        replace(BY_SEX, case="non-TRD", control="TRD", winsorise=0.95),
        replace(BY_AGE, lfc_threshold=0.2),
        replace(BY_AGE, scale=False, case="non-TRD", control="TRD"),
    ],
    ids=["outliers", "winsorised", "threshold", "swapped-unscaled"],
)
def test_in_a_small_study_a_permutation_is_the_ordinary_analysis(tmp_path: Path, spec: DESpec):
    cohort = small_cohort()
    assert not shares_dispersions(prepare(cohort, spec), spec)
    case = shuffled(cohort)
    labels = case if spec.case == "TRD" else 1 - case
    (quick,) = permuted_deseq2(prepare(cohort, spec), spec, iter([labels]))
    full = ordinary(Store(tmp_path), relabelled(cohort, spec, labels), spec)
    np.testing.assert_allclose(quick, full, rtol=1e-9)
    assert np.isfinite(quick).sum() > 200


@pytest.mark.parametrize("spec", [BY_AGE, replace(BY_AGE, winsorise=0.95)], ids=["plain", "winsorised"])
def test_in_a_large_study_it_is_the_same_to_the_third_decimal(tmp_path: Path, spec: DESpec):
    """Dispersions are estimated once, without the groups: p to 0.02, and its share below 0.05 to 0.004."""
    cohort = large()
    assert shares_dispersions(prepare(cohort, spec), spec)
    labels = shuffled(cohort)
    (quick,) = permuted_deseq2(prepare(cohort, spec), spec, iter([labels]))
    full = ordinary(Store(tmp_path), relabelled(cohort, spec, labels), spec)
    assert (np.isfinite(quick) != np.isfinite(full)).sum() <= 2  # withheld for an outlier
    assert np.nanmax(np.abs(quick - full)) < 0.02
    assert np.nanmedian(np.abs(quick - full)) < 0.001
    assert np.nanmean(quick < NOMINAL) == pytest.approx(np.nanmean(full < NOMINAL), abs=0.004)


def test_where_outliers_are_replaced_every_permutation_is_fitted_in_full():
    cohort = large()
    assert not shares_dispersions(prepare(cohort, BY_SEX), BY_SEX)


@pytest.mark.parametrize("make", [large, small_cohort])
def test_the_sentence_says_when_dispersions_are_shared(tmp_path: Path, make):
    store, cohort = Store(tmp_path), make()
    null = run_null(store, put_cohort(store, cohort), BY_AGE, n=2)
    sentence = null_sentence(null, n_observed=20)
    assert null.shared_dispersions == (make is large)
    assert ("estimated once, without the groups" in sentence) == null.shared_dispersions
    assert 0.0 < null.runs["share"].mean() < 0.2
