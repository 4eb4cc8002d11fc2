from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from core.de.design.build import build_design
from core.errors import CancelledError, InputError
from core.pathways.compute import analyse
from core.pathways.enrichment.scores import compare_scores
from core.pathways.reading.select_sets import find_set
from core.pathways.result import FLAG, TABLE_COLUMNS, PathwayResult
from core.pathways.spec import EnrichmentTest, PathwaySpec
from tests.pathways.cohorts import DE_SPEC, permuted, small_simulation

SPEC = PathwaySpec(collections=("hallmark", "btm"), permutations=200)


@pytest.fixture(scope="module")
def result() -> PathwayResult:
    return analyse(small_simulation()[0], SPEC)


def test_the_table_has_the_promised_columns(result: PathwayResult):
    assert list(result.table.columns) == list(TABLE_COLUMNS)
    promised = ["set", "collection", "theme", "size", "es", "nes", "pvalue", "padj", "leading_edge"]
    assert list(result.table.columns[:9]) == promised
    assert set(result.table["collection"]) == {"hallmark", "btm"}
    assert result.run.n_sets == len(result.table)
    assert result.run.simulated


def test_same_input_same_result(result: PathwayResult):
    again = analyse(small_simulation()[0], SPEC, n_threads=1)
    for name in ("table", "ranking", "themes", "cells", "scores"):
        assert_frame_equal(getattr(again, name), getattr(result, name), check_exact=True)


def test_other_collections_change_nothing_for_a_set(result: PathwayResult):
    alone = analyse(small_simulation()[0], replace(SPEC, collections=("btm",)))
    own = result.table[result.table["collection"] == "btm"].reset_index(drop=True)
    columns = [name for name in TABLE_COLUMNS if name not in ("representative", "x", "y")]
    assert_frame_equal(alone.table[columns], own[columns], check_exact=True)


def test_a_set_is_flagged_where_the_check_does_not_confirm_it(result: PathwayResult):
    table = result.table
    unconfirmed = (table["check_padj"] >= 0.05) | (np.sign(table["es"]) != np.sign(table["shift"]))
    assert ((table["flag"] == FLAG) == (table["significant"] & unconfirmed)).all()
    assert result.run.n_flagged == (table["flag"] == FLAG).sum()


def test_planted_directions_are_recovered(result: PathwayResult):
    table = result.table.set_index("set")
    for name in ("HALLMARK_INTERFERON_ALPHA_RESPONSE", "enriched in T cells (I) (M7.0)"):
        assert table.loc[name, "direction"] == "down"
    immune = result.themes.set_index(["theme", "sub_theme"]).loc[("Immune system", "Adaptive")]
    assert immune["direction"] == "down"
    assert immune["upper"] < 0


def test_after_permuting_labels_gsea_hits_are_flagged():
    hits, unflagged_draws = 0, 0
    for seed in range(8):
        run = analyse(permuted(small_simulation()[0], seed=seed), SPEC).run
        hits += run.n_significant
        unflagged_draws += run.n_flagged < run.n_significant
    assert hits > 30  # gene permutation finds correlated sets where there is nothing
    # At a false discovery rate of 5 %, one draw in twenty may confirm something in each collection.
    assert unflagged_draws <= 1


def test_over_representation_says_its_background():
    comparison, _ = small_simulation()
    spec = replace(SPEC, test="ora", gene_alpha=0.2)
    plain, wide = analyse(comparison, spec), analyse(comparison, replace(spec, background="cohort"))
    assert plain.run.background.startswith(f"The background is the {plain.run.n_ranked:,} tested genes")
    assert not [n for n in plain.run.notices if n.code == "background-overridden"]
    assert "was changed" in wide.run.background
    assert wide.run.notices[0].code == "background-overridden"
    assert plain.table["es"].isna().all()
    assert plain.run.n_genes_significant >= plain.table["overlap"].max() > 0


def test_camera_names_the_genes_that_differ_in_its_direction():
    outcome = analyse(small_simulation()[0], replace(SPEC, test="camera", gene_alpha=0.2))
    statistics = outcome.ranking.set_index("symbol")["stat"]
    for direction, edge in zip(outcome.table["direction"], outcome.table["leading_edge"], strict=True):
        values = statistics[[gene for gene in edge.split(";") if gene]]
        assert ((values > 0) == (direction == "up")).all()
    assert "preset to 0.01" in outcome.run.method
    estimated = analyse(small_simulation()[0], replace(SPEC, test="camera", correlation=None))
    assert "estimated for each set" in estimated.run.method


@pytest.mark.parametrize("test", ["ssgsea", "gsva"])
def test_scores_of_patients_are_compared_with_the_covariates(test: EnrichmentTest):
    comparison, _ = small_simulation()
    outcome = analyse(comparison, replace(SPEC, collections=("hallmark",), test=test))
    assert comparison.cohort is not None
    assert outcome.sample_scores is not None
    assert outcome.sample_scores.shape == (len(outcome.table), len(comparison.cohort.samples))
    design = build_design(comparison.cohort.metadata, DE_SPEC).matrix
    scores = pd.DataFrame(outcome.sample_scores.astype(float), columns=design.index)
    expected = compare_scores(scores, design)
    for ours, theirs in (
        ("pvalue", "pvalue"),
        ("difference", "standardised"),
        ("upper", "standardised_upper"),
    ):
        np.testing.assert_allclose(outcome.table[ours], expected[theirs], rtol=1e-9)
    assert (outcome.table["lower"] < outcome.table["difference"]).all()
    assert ((outcome.table["difference"] > 0) == (outcome.table["direction"] == "up")).all()
    interferon = outcome.table.set_index("set").loc["HALLMARK_INTERFERON_ALPHA_RESPONSE"]
    assert interferon["direction"] == "down"
    # The patient is the unit: nothing is significant because genes move together.
    assert outcome.run.n_flagged == 0
    assert "no set is flagged" in outcome.run.check
    assert outcome.table["check_padj"].notna().all()


@pytest.mark.parametrize("test", ["ssgsea", "gsva"])
def test_scores_of_patients_find_nothing_where_labels_are_drawn(test: EnrichmentTest):
    spec = replace(SPEC, collections=("hallmark",), test=test)
    found = [analyse(permuted(small_simulation()[0], seed=seed), spec).run.n_significant for seed in range(4)]
    # At a false discovery rate of 5 %, at most one draw in four finds anything with a chance of 98.6 %.
    assert sum(n > 0 for n in found) <= 1


def test_without_counts_gsea_is_unchecked_and_camera_refused():
    bare = replace(small_simulation()[0], cohort=None)
    outcome = analyse(bare, SPEC)
    assert outcome.table["check_padj"].isna().all()
    assert (outcome.table["flag"] == "").all()
    assert "not checked" in outcome.run.check
    assert (outcome.themes["direction"] == "unclear").all()
    for test in ("camera", "ssgsea", "gsva"):
        with pytest.raises(InputError) as caught:
            analyse(bare, replace(SPEC, test=test))
        assert caught.value.faults[0].code == "no-counts"


def test_cancelled_between_stages():
    def stop(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        if fraction > 0.5:
            raise CancelledError("stop")

    with pytest.raises(CancelledError):
        analyse(small_simulation()[0], SPEC, report=stop)


def test_representatives_are_significant_and_on_the_map(result: PathwayResult):
    table = result.table
    named = table[table["representative"] != ""]
    assert (named["significant"]).all()
    leaders = set(named["representative"])
    assert leaders <= set(table.loc[table["x"].notna(), "set"])


def test_result_answers_questions_about_sets_and_genes(result: PathwayResult):
    row = find_set(result, "hallmark/HALLMARK_INTERFERON_ALPHA_RESPONSE")
    assert row is not None
    assert find_set(result, "hallmark/NO_SUCH_SET") is None
    members = result.members(row)
    assert len(members) == result.table["size"][row]
    assert ";".join(members.loc[members["leading"], "symbol"].iloc[::-1]) == result.table["leading_edge"][row]
    assert result.running_score(row).es == result.table["es"][row]
    gene = members["gene"].iloc[0]
    assert "HALLMARK_INTERFERON_ALPHA_RESPONSE" in set(result.sets_with(gene)["set"])
    assert result.sets_with("no such gene").empty


def test_genes_are_counted_once_for_each_theme_that_has_a_set_with_them(result: PathwayResult):
    genes = [*result.ranking["gene"].iloc[::20], "no such gene"]
    themes = pd.Series(
        [theme for gene in genes for theme in result.sets_with(gene)["theme"].dropna().unique() if theme]
    )
    assert result.genes_by_theme(genes) == themes.value_counts().sort_index().to_dict()
    assert len(themes) > 10
