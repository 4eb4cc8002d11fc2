"""Agreement with R DESeq2 1.38.3 on real data: the reference results are R's, computed elsewhere.

The bounds on the overlap of gene lists are what is reached, rounded down.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydeseq2.default_inference import DefaultInference
from pydeseq2.utils import nb_nll

from core.cohort.model import Cohort
from core.cohort.stored import put_cohort
from core.de.prepare import prepare
from core.de.reading.notes import STOPPED_SHORT
from core.de.result import DEResult
from core.de.script import STOCK_CORRELATION, STOCK_OVERLAP
from core.de.spec import DESpec
from core.store import Store
from tests.analyses import run_de
from tests.de.cases import (
    BRAZIL,
    BRAZIL_UNSCALED,
    CASES,
    DATA,
    LONDON,
    SHIPPED,
    Case,
    both_agreements,
    plain,
)
from tests.de.cohorts import read_cohort
from tests.de.reference import agreement, overlap_of_both


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Where each comparison is computed once."""
    return Store(tmp_path_factory.mktemp("store"))


def compute(cohort: Cohort, spec: DESpec, store: Store) -> DEResult:
    return run_de(store, put_cohort(store, cohort), spec)


def assert_agrees(result: DEResult, reference: pd.DataFrame, size_factors: pd.DataFrame, case: Case) -> None:
    assert result.run.n_active == len(reference) == case.n_active
    expected = size_factors["sizeFactor"].reindex(result.size_factors.index)
    np.testing.assert_allclose(result.size_factors, expected, rtol=1e-12)
    assert_same_genes(result, reference, case)


def assert_same_genes(result: DEResult, reference: pd.DataFrame, case: Case) -> None:
    found = agreement(result.table.set_index("gene"), reference)
    assert found.correlation >= case.correlation
    assert found.jaccard >= case.jaccard
    assert found.missing == found.expected_missing == case.n_left_out


@pytest.mark.parametrize(
    "name",
    [
        "pasilla",
        pytest.param("airway", marks=pytest.mark.slow),
        pytest.param("geuvadis", marks=pytest.mark.slow),
    ],
)
def test_agrees_with_r(name: str, store: Store) -> None:
    case = SHIPPED[name]
    result = compute(case.cohort(DATA), case.spec, store)
    assert_agrees(result, *case.of_r(DATA), case)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CASES))
def test_agrees_with_r_at_least_as_well_as_pydeseq2(
    name: str, request: pytest.FixtureRequest, store: Store
) -> None:
    """PyDESeq2 as it is, on the same counts, design and samples."""
    case = CASES[name]
    shared_data = request.getfixturevalue("shared_data") if case.reference else DATA
    ours, theirs = both_agreements(case, shared_data=shared_data, store=store)
    assert ours.correlation >= theirs.correlation
    assert ours.jaccard >= theirs.jaccard
    assert ours.apart <= theirs.apart
    assert ours.missing == ours.expected_missing


@pytest.mark.slow
@pytest.mark.parametrize("case", SHIPPED.values(), ids=SHIPPED)
def test_pydeseq2_agrees_as_far_as_the_short_script_says(case: Case, store: Store) -> None:
    result = compute(case.cohort(DATA), case.spec, store)
    correlation, overlap = overlap_of_both(result.table, plain(case, DATA, 1), alpha=case.spec.alpha)
    assert correlation >= STOCK_CORRELATION
    assert overlap >= STOCK_OVERLAP


@pytest.mark.parametrize("name", list(SHIPPED))
def test_the_filter_keeps_the_genes_that_r_tested(name: str) -> None:
    case = SHIPPED[name]
    cohort = read_cohort(DATA / case.data)
    prepared = prepare(cohort, case.spec)
    reference = pd.read_csv(DATA / case.data / "deseq2.csv.gz", usecols=["gene"])
    assert set(cohort.genes.loc[prepared.active, "gene"]) == set(reference["gene"])


@pytest.mark.slow
def test_london_agrees_with_r_on_42_of_54_samples(shared_data: Path, store: Store) -> None:
    result = compute(LONDON.cohort(shared_data), LONDON.spec, store)
    assert (result.run.n_case, result.run.n_control) == (21, 21)
    assert [notice.code for notice in result.run.notices] == ["other-groups"]
    assert_agrees(result, *LONDON.of_r(shared_data), LONDON)


@pytest.fixture(scope="module")
def brazil(shared_data: Path, store: Store) -> tuple[Cohort, DEResult]:
    cohort = BRAZIL.cohort(shared_data)
    return cohort, compute(cohort, BRAZIL.spec, store)


@pytest.mark.slow
def test_brazil_agrees_with_r_given_the_same_centred_and_scaled_age(
    brazil: tuple[Cohort, DEResult],
) -> None:
    reference = pd.read_csv(DATA / "brazil_scaled" / "deseq2.csv.gz", index_col="gene")
    assert_same_genes(brazil[1], reference, replace(BRAZIL, correlation=0.9999))


@pytest.mark.slow
def test_brazil_agrees_with_r_on_age_in_years_but_for_starting_values(
    brazil: tuple[Cohort, DEResult], shared_data: Path
) -> None:
    """With age in years R's search does not leave its start for ten genes, which costs 0.001 of r.

    Those are the genes whose fold change differs by more than 0.5. For each of them the
    likelihood at our estimates must be clearly the higher, or the disagreement is ours.
    """
    cohort, result = brazil
    reference, sizes = BRAZIL.of_r(shared_data)
    assert_agrees(result, reference, sizes, replace(BRAZIL, correlation=0.9986))
    ours = result.table.set_index("gene").loc[reference.index]
    apart = (ours["log2FoldChange"] - reference["log2FoldChange"]).abs() > 0.5
    assert 0 < apart.sum() <= 10
    for gene in reference.index[apart]:
        here = negative_log_likelihood(cohort, result, gene, ours.loc[gene])
        there = negative_log_likelihood(cohort, result, gene, reference.loc[gene])
        assert here < there, gene


@pytest.mark.slow
def test_brazil_unscaled_is_r_with_its_starting_values(shared_data: Path, store: Store) -> None:
    cohort = BRAZIL.cohort(shared_data)
    case = BRAZIL_UNSCALED
    result = compute(cohort, case.spec, store)
    assert_agrees(result, *case.of_r(shared_data), case)
    unsure = [notice for notice in result.run.notices if notice.code == "not-converged"]
    assert "RNA45S5" in unsure[0].message
    marked = result.table.loc[result.table["note"] == STOPPED_SHORT, "gene"]
    assert "RNA45S5" in set(marked)
    assert len(marked) <= 11


def negative_log_likelihood(cohort: Cohort, result: DEResult, gene: str, estimate: pd.Series) -> float:
    """Return it at a given fold change and dispersion, the other coefficients fitted."""
    design = result.design.to_numpy()
    position = int((cohort.genes["gene"] == gene).to_numpy().argmax())
    counts = cohort.counts[position].astype(float)[:, None]
    offset = result.size_factors.to_numpy() * np.exp2(estimate["log2FoldChange"] * design[:, -1])
    dispersion = np.array([estimate["dispersion"]])
    _, mean, _, _ = DefaultInference(n_cpus=1).irls(counts, offset, design[:, :-1], dispersion, 0.5, 1e-8)
    return float(nb_nll(counts[:, 0], mean[:, 0], dispersion[0]))
