"""Agreement with R DESeq2 1.38.3 on real data: the reference results are R's, computed elsewhere.

The bounds on the overlap of gene lists are what is reached, rounded down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydeseq2.default_inference import DefaultInference
from pydeseq2.utils import nb_nll

from core.cohort.model import Cohort
from core.cohort.stored import put_cohort
from core.de.prepare import prepare
from core.de.result import DEResult
from core.de.run import run_de
from core.spec import DESpec
from core.store import Store
from tests.de.cohorts import read_cohort

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Case:
    """A data set, what was compared, and what must be reached.

    That is the correlation of fold changes over all genes, the overlap of gene lists
    (Jaccard), and as many genes without adjusted p-value as in R.
    """

    data: str
    reference: str
    spec: DESpec
    n_active: int
    jaccard: float
    n_left_out: int = 0
    correlation: float = 0.999


SHIPPED = {
    "pasilla": Case(
        "pasilla", "", DESpec("condition", "treated", "untreated", ("type",), 10, 1), 8781, 0.996, 511
    ),
    "airway": Case("airway", "", DESpec("dex", "trt", "untrt", ("cell",), 10, 1), 18086, 0.99, 702),
    "geuvadis": Case("geuvadis_sex", "", DESpec("group", "Male", "Female", (), 0, 0), 10101, 1.0),
}
LONDON = Case(
    "london_tb",
    "london_PTB_vs_LTBI",
    DESpec("TBStatus", "PTB", "LTBI", ("sex_molecular",), 10, 21),
    16644,
    0.999,
    646,
)
BRAZIL = Case(
    "brazil_household",
    "brazil_PTB_vs_LTBI",
    DESpec("TBStatus", "PTB", "LTBI", ("Age", "Gender"), 10, 14),
    14803,
    0.998,
)


def compute(cohort: Cohort, spec: DESpec, store: Store) -> DEResult:
    return run_de(store, put_cohort(store, cohort), spec)


def assert_agrees(result: DEResult, reference: pd.DataFrame, size_factors: pd.DataFrame, case: Case) -> None:
    assert result.run.n_active == len(reference) == case.n_active
    expected = size_factors["sizeFactor"].reindex(result.size_factors.index)
    np.testing.assert_allclose(result.size_factors, expected, rtol=1e-12)
    assert_same_genes(result, reference, case)


def assert_same_genes(result: DEResult, reference: pd.DataFrame, case: Case) -> None:
    ours = result.table.set_index("gene").loc[reference.index]
    assert ours["log2FoldChange"].corr(reference["log2FoldChange"]) >= case.correlation
    found, known = set(ours.index[ours["padj"] < 0.05]), set(reference.index[reference["padj"] < 0.05])
    assert len(found & known) / len(found | known) >= case.jaccard
    assert ours["padj"].isna().sum() == reference["padj"].isna().sum() == case.n_left_out


@pytest.mark.parametrize(
    "name",
    [
        "pasilla",
        pytest.param("airway", marks=pytest.mark.slow),
        pytest.param("geuvadis", marks=pytest.mark.slow),
    ],
)
def test_agrees_with_r(name: str, tmp_path: Path) -> None:
    case = SHIPPED[name]
    folder = DATA / case.data
    result = compute(read_cohort(folder), case.spec, Store(tmp_path))
    reference = pd.read_csv(folder / "deseq2.csv.gz", index_col="gene")
    sizes = pd.read_csv(folder / "sizefactors.csv", index_col="sample")
    assert_agrees(result, reference, sizes, case)


@pytest.mark.parametrize("name", list(SHIPPED))
def test_the_filter_keeps_the_genes_that_r_tested(name: str) -> None:
    case = SHIPPED[name]
    cohort = read_cohort(DATA / case.data)
    prepared = prepare(cohort, case.spec)
    reference = pd.read_csv(DATA / case.data / "deseq2.csv.gz", usecols=["gene"])
    assert set(cohort.genes.loc[prepared.active, "gene"]) == set(reference["gene"])


def shared_reference(shared_data: Path, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    stem = shared_data / "reference" / case.reference
    table = pd.read_csv(f"{stem}_deseq2.csv.gz", index_col="gene")
    return table, pd.read_csv(f"{stem}_sizefactors.csv", index_col="sample")


@pytest.mark.slow
def test_london_agrees_with_r_on_42_of_54_samples(shared_data: Path, tmp_path: Path) -> None:
    result = compute(read_cohort(shared_data / LONDON.data), LONDON.spec, Store(tmp_path))
    assert (result.run.n_case, result.run.n_control) == (21, 21)
    assert [notice.code for notice in result.run.notices] == ["other-groups"]
    reference, sizes = shared_reference(shared_data, LONDON)
    assert_agrees(result, reference, sizes, LONDON)


@pytest.fixture(scope="module")
def brazil(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Cohort, DEResult]:
    cohort = read_cohort(shared_data / BRAZIL.data)
    return cohort, compute(cohort, BRAZIL.spec, Store(tmp_path_factory.mktemp("store")))


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
    reference, sizes = shared_reference(shared_data, BRAZIL)
    assert_agrees(result, reference, sizes, replace(BRAZIL, correlation=0.9986))
    ours = result.table.set_index("gene").loc[reference.index]
    apart = (ours["log2FoldChange"] - reference["log2FoldChange"]).abs() > 0.5
    assert 0 < apart.sum() <= 10
    for gene in reference.index[apart]:
        here = negative_log_likelihood(cohort, result, gene, ours.loc[gene])
        there = negative_log_likelihood(cohort, result, gene, reference.loc[gene])
        assert here < there, gene


def negative_log_likelihood(cohort: Cohort, result: DEResult, gene: str, estimate: pd.Series) -> float:
    """Return it at a given fold change and dispersion, the other coefficients fitted."""
    design = result.design.to_numpy()
    position = int((cohort.genes["gene"] == gene).to_numpy().argmax())
    counts = cohort.counts[position].astype(float)[:, None]
    offset = result.size_factors.to_numpy() * np.exp2(estimate["log2FoldChange"] * design[:, -1])
    dispersion = np.array([estimate["dispersion"]])
    _, mean, _, _ = DefaultInference(n_cpus=1).irls(counts, offset, design[:, :-1], dispersion, 0.5, 1e-8)
    return float(nb_nll(counts[:, 0], mean[:, 0], dispersion[0]))
