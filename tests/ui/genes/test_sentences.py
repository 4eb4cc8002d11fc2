"""Sentences say what the numbers say: counts, direction, interval, and nothing when there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from core.analysis import At, Made
from core.cohort.stored import put_cohort
from core.de.kind import KIND
from core.de.spec import DESpec
from core.store import Store
from pages.ui.frame import state
from pages.ui.frame.shown import Shown
from pages.ui.genes import sentences
from pages.ui.genes.results import Comparison
from tests.analyses import run_de
from tests.app.cohorts import null
from tests.de.cohorts import small_cohort

SPEC = DESpec("group", "TRD", "non-TRD", ("sex",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("sentences"))


def shown_of(store: Store, digest: str, spec: DESpec) -> Comparison:
    return Shown(Made(KIND, At(store, digest), spec, run_de(store, digest, spec, n_cpus=1)))


@pytest.fixture(scope="module")
def shown(store: Store) -> Comparison:
    digest = put_cohort(store, small_cohort())
    return shown_of(store, digest, SPEC)


@pytest.fixture(scope="module")
def nothing(store: Store) -> Comparison:
    digest = put_cohort(store, null())
    return shown_of(store, digest, replace(SPEC, covariates=()))


def bare(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).replace("&nbsp;", " ")


def test_the_answer_counts_what_the_table_holds(shown: Comparison):
    table = shown.result.table
    passing = table[table["padj"] < 0.05]
    up, down = (passing["log2FoldChange"] > 0).sum(), (passing["log2FoldChange"] < 0).sum()
    said = bare(sentences.genes_answer(shown))
    assert said.startswith(f"{len(passing)} of {shown.result.run.n_active} active genes")
    assert f"{up} higher and {down} lower in TRD, adjusted for sex." in said
    assert "TRD (n = 12) and non-TRD (n = 12)" in said
    assert said.endswith(f"Expect up to {len(passing) * 0.05:.0f} of them to be false discoveries.")


def test_the_answer_follows_the_thresholds(shown: Comparison):
    state.look(padj=0.5, lfc=1.0)
    table = shown.result.table
    n = ((table["padj"] < 0.5) & (table["log2FoldChange"].abs() >= 1)).sum()
    said = bare(sentences.genes_answer(shown))
    assert said.startswith(f"{n} of ")
    assert "below 0.5 and |log2FC| of 1 or more" in said


def test_no_gene_is_said_without_claiming_that_none_differs(nothing: Comparison):
    said = bare(sentences.genes_answer(nothing))
    assert said.startswith("No gene of 40 active genes differs between TRD and non-TRD")
    assert "not adjusted" in said
    assert "does not prove that none differs: with 8 and 8 samples" in said
    assert sentences.typical_size(nothing) == "No significant gene, no size to report."


def test_a_gene_is_higher_or_lower_in_the_case_group_as_its_sign_says(shown: Comparison):
    tested = shown.result.table.dropna(subset=["padj"])
    for row in (tested["log2FoldChange"].idxmax(), tested["log2FoldChange"].idxmin()):
        change = tested.loc[row, "log2FoldChange"]
        said = bare(sentences.gene_answer(shown, tested.loc[row, "gene"]))
        assert f"{'higher' if change > 0 else 'lower'} in TRD" in said
        assert f"{'lower' if change > 0 else 'higher'} in TRD" not in said
        assert "95 % interval" in said
        assert "compared with non-TRD, adjusted for sex" in said


def test_the_verdict_on_a_gene_follows_its_adjusted_p(shown: Comparison):
    tested = shown.result.table.dropna(subset=["padj"])
    first, last = tested.loc[tested["padj"].idxmin(), "gene"], tested.loc[tested["padj"].idxmax(), "gene"]
    assert "among the genes that differ" in sentences.gene_answer(shown, first)
    assert "not distinguishable from chance" in sentences.gene_answer(shown, last)
    state.look(padj=0.0)
    assert "not distinguishable from chance" in sentences.gene_answer(shown, first)


def test_a_gene_that_was_not_tested_says_so(shown: Comparison):
    assert bare(sentences.gene_answer(shown, "G000")).startswith("G000 was not tested. ")


def test_swapping_the_groups_swaps_the_words(shown: Comparison, store: Store):
    turned = replace(SPEC, case="non-TRD", control="TRD")
    other = shown_of(store, shown.digest, turned)
    gene = shown.result.table.dropna(subset=["padj"]).sort_values("padj")["gene"].iloc[0]
    here, there = sentences.gene_answer(shown, gene), sentences.gene_answer(other, gene)
    assert ("higher in TRD" in here) == ("lower in non-TRD" in there)
    assert ("lower in TRD" in here) == ("higher in non-TRD" in there)


def test_the_objection_names_what_was_not_adjusted_for(shown: Comparison, nothing: Comparison):
    assert "not adjusted for age and centre; and blood" in sentences.but_line(shown)
    assert "not adjusted for age, sex and centre; and blood" in sentences.but_line(nothing)


def test_sizes_are_those_of_the_significant_genes(shown: Comparison):
    table = shown.result.table
    changes = np.exp2(table.loc[table["padj"] < 0.05, "log2FoldChange"].abs()) - 1
    assert f"half are below {100 * changes.median():.0f} %" in sentences.typical_size(shown)


def test_p_values_as_a_whole(shown: Comparison, nothing: Comparison):
    assert "λ = " in sentences.histogram_verdict(shown)
    assert sentences.histogram_verdict(nothing).startswith("Too few genes")


def test_dispersion_in_words():
    assert sentences.dispersion(0.09) == "0.09: patients vary by about 30 % beyond counting noise"
    assert sentences.dispersion(float("nan")) == "not estimated"
