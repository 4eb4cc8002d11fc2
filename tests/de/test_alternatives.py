from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from core.cohort.stored import put_cohort
from core.de.reading import notes
from core.de.reading.gene import view_gene
from core.de.spec import DESpec
from core.errors import InputError
from core.pathways.enrichment.ranking import rank_genes
from core.store import Store
from tests.analyses import find_de, run_de
from tests.de.cohorts import small_cohort

SPECS = {
    "limma": DESpec("group", "TRD", "non-TRD", ("sex", "age"), method="limma"),
    "wilcoxon": DESpec("group", "TRD", "non-TRD", method="wilcoxon"),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def digest(store: Store) -> str:
    return put_cohort(store, small_cohort())


@pytest.fixture(params=list(SPECS))
def spec(request: pytest.FixtureRequest) -> DESpec:
    return SPECS[request.param]


def test_a_result_is_whole_and_found_again(store: Store, digest: str, spec: DESpec) -> None:
    assert find_de(store, digest, spec) is None
    result = run_de(store, digest, spec)
    again = find_de(store, digest, spec)
    assert again is not None
    pd.testing.assert_frame_equal(again.table, result.table)
    assert again.run == result.run
    assert (result.run.n_case, result.run.n_control) == (12, 12)
    assert (result.run.freedom is not None) == (spec.method == "limma")
    assert "pydeseq2" not in result.run.versions
    assert result.table["dispersion"].isna().all()


def test_every_missing_padj_has_a_note(store: Store, digest: str, spec: DESpec) -> None:
    table = run_de(store, digest, replace(spec, min_samples=0)).table.set_index("gene")
    assert ((table["note"] == "") == table["padj"].notna()).all()
    assert table.loc["G000", "note"] == notes.NO_COUNTS
    filtered = run_de(store, digest, spec).table.set_index("gene")
    assert filtered.loc["G001", "note"] == notes.BELOW_FILTER


def test_planted_effects_are_found_with_the_right_sign(store: Store, digest: str, spec: DESpec) -> None:
    table = run_de(store, digest, spec).table
    reference = run_de(store, digest, replace(spec, method="deseq2")).table
    planted = np.arange(240) % 10 == 5
    found = (table["padj"] < 0.05).to_numpy()
    assert found[planted].mean() > 0.5
    assert found[~planted].mean() < 0.05
    both = planted & reference["pvalue"].notna().to_numpy()
    assert table["log2FoldChange"][both].corr(reference["log2FoldChange"][both]) > 0.97
    assert table["baseMean"].corr(reference["baseMean"]) > 0.99


def test_swapping_case_and_control_flips_the_sign(store: Store, digest: str, spec: DESpec) -> None:
    forward = run_de(store, digest, spec).table
    backward = run_de(store, digest, replace(spec, case="non-TRD", control="TRD")).table
    turned = ["log2FoldChange", "stat"]
    np.testing.assert_array_equal(backward[turned], -forward[turned])
    pd.testing.assert_frame_equal(backward.drop(columns=turned), forward.drop(columns=turned))


def test_wilcoxon_equals_scipy_on_the_counts_shown(store: Store, digest: str) -> None:
    result = run_de(store, digest, SPECS["wilcoxon"])
    for gene in ("G005", "G017", "G100"):
        card = view_gene(small_cohort(), result, gene)
        case = card.counts["group"] == "TRD"
        expected = mannwhitneyu(card.counts["normalised"][case], card.counts["normalised"][~case]).pvalue
        assert card.row["pvalue"] == pytest.approx(expected, rel=1e-9)


def test_winsorising_caps_a_spike(store: Store) -> None:
    cohort = small_cohort()
    cohort.counts[7, 3] = 500_000
    digest = put_cohort(store, cohort)
    spec = SPECS["limma"]
    spiked, capped = run_de(store, digest, spec), run_de(store, digest, replace(spec, winsorise=0.95))
    assert capped.table["lfcSE"][7] < 0.7 * spiked.table["lfcSE"][7]
    np.testing.assert_array_equal(capped.size_factors, spiked.size_factors)


def test_the_interval_of_a_moderated_t_is_a_t_interval(store: Store, digest: str) -> None:
    result = run_de(store, digest, SPECS["limma"])
    borderline = (result.table["pvalue"] - 0.05).abs().idxmin()
    card = view_gene(small_cohort(), result, result.table["gene"][borderline])
    assert card.raw is not None
    excludes_no_change = card.raw.low > 1 or card.raw.high < 1
    assert excludes_no_change == (card.row["pvalue"] < 0.05)


def test_covariates_are_refused_by_wilcoxon(store: Store, digest: str) -> None:
    with pytest.raises(InputError, match="cannot adjust for age"):
        run_de(store, digest, replace(SPECS["wilcoxon"], covariates=("age",)))


def test_genes_can_be_ranked(store: Store, spec: DESpec) -> None:
    cohort = small_cohort()
    named = replace(cohort, genes=cohort.genes.assign(symbol=cohort.genes["gene"]))
    result = run_de(store, put_cohort(store, named), spec)
    ranking = rank_genes(result.table)
    assert len(ranking.genes) == result.run.n_tested
