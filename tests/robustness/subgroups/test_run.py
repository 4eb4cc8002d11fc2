from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.analysis import made
from core.cohort.model import Roles
from core.cohort.stored import put_cohort
from core.de.spec import DESpec
from core.robustness.subgroups.run import KIND, SubgroupSpec, interaction, part_spec
from core.robustness.subgroups.words import centres_sentence, sex_sentence
from core.store import Store
from tests.analyses import at_comparison, find_subgroups, run_de, run_subgroups
from tests.de.cohorts import small_cohort, small_metadata

SPEC = DESpec("group", "TRD", "non-TRD", ("age", "centre"))


def cohort_with_sex_effect(*, only_women: int = 0):
    """Sixty samples; the first genes differ between the groups in women only."""
    metadata = small_metadata(60)
    cohort = small_cohort(metadata=metadata)
    counts = np.array(cohort.counts)
    women = (cohort.metadata["sex"] == "F") & (cohort.metadata["group"] == "TRD")
    chosen = np.argsort(-counts.mean(axis=1))[:only_women]
    counts[np.ix_(chosen, np.flatnonzero(women))] *= 6
    return replace(cohort, counts=counts), chosen


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory):
    store = Store(tmp_path_factory.mktemp("subgroups"))
    cohort, chosen = cohort_with_sex_effect(only_women=5)
    digest = put_cohort(store, cohort)
    assert find_subgroups(store, digest, SPEC) is None
    return run_subgroups(store, digest, SPEC), cohort, chosen


def test_centres_agree_where_the_effect_is_the_same(found):
    subgroups, _, _ = found
    rows = subgroups.centres
    assert rows["centre"].tolist() == ["Barcelona", "Münster"]
    assert (rows["n_case"] + rows["n_control"] == 30).all()
    assert (rows["same"] / rows["n_without"] > 0.8).all()
    assert (rows["correlation"] > 0.8).all()
    assert (rows["expected_low"] <= rows["expected_high"]).all()
    assert "chance alone would give half" in centres_sentence(subgroups)


def test_the_interaction_finds_what_differs_in_women_only(found):
    subgroups, cohort, chosen = found
    table = subgroups.sexes.set_index("gene")
    genes = cohort.genes["gene"].iloc[chosen]
    assert (table.loc[genes, "padj"] < 0.05).all()
    assert (table["padj"] < 0.05).sum() <= len(genes) + 3
    assert (table.loc[genes, "lfc_F"] - table.loc[genes, "lfc_M"] > 1.5).all()
    # The interaction is the second sex minus the first.
    expected = table["lfc_M"] - table["lfc_F"]
    np.testing.assert_allclose(table["difference"], expected, atol=1e-8)
    sentence = sex_sentence(subgroups)
    assert "the difference depends on sex (interaction" in sentence
    assert "significant in" not in sentence


def test_without_interaction_it_says_what_that_does_not_mean(tmp_path: Path):
    store = Store(tmp_path)
    cohort, _ = cohort_with_sex_effect()
    sentence = sex_sentence(run_subgroups(store, put_cohort(store, cohort), SPEC))
    assert sentence.startswith("For none of")
    assert "small ones stay unseen" in sentence


def test_what_cannot_be_done_is_said(tmp_path: Path):
    cohort = replace(small_cohort(), roles=Roles())
    assert "no column holds the sex" in interaction(cohort, part_spec(SPEC))[2]
    store = Store(tmp_path)
    nothing = run_subgroups(store, put_cohort(store, cohort), replace(SPEC, covariates=()))
    assert "No column holds the centre" in centres_sentence(nothing)
    one_sided = small_cohort()
    metadata = one_sided.metadata.copy()
    metadata.loc[metadata.index[:4], "centre"] = "Tiny"
    one_sided = replace(one_sided, metadata=metadata)
    rows = run_subgroups(store, put_cohort(store, one_sided), SPEC).centres.set_index("centre")
    assert "at least 3 are needed" in rows.loc["Tiny", "reason"]


def test_a_rank_test_is_replaced_by_one_that_can_adjust():
    assert part_spec(replace(SPEC, method="wilcoxon", covariates=())).method == "limma"
    assert part_spec(SPEC).covariates == SPEC.covariates
    assert not part_spec(replace(SPEC, scale=False)).scale


def test_a_centre_that_goes_the_other_way_stands_out(tmp_path: Path):
    metadata = small_metadata(60)
    metadata["centre"] = ["A", "A", "B", "B", "C", "C"] * 10
    cohort = small_cohort(metadata=metadata)
    counts = np.array(cohort.counts)
    case = (cohort.metadata["group"] == "TRD").to_numpy()
    odd = (cohort.metadata["centre"] == "C").to_numpy()
    up = np.argsort(-counts.mean(axis=1))[:60]
    counts[np.ix_(up, np.flatnonzero(case & ~odd))] *= 3
    counts[np.ix_(up, np.flatnonzero(~case & odd))] *= 3
    cohort = replace(cohort, counts=counts)
    store = Store(tmp_path)
    found = run_subgroups(store, put_cohort(store, cohort), replace(SPEC, covariates=("age",)))
    said = centres_sentence(found)
    assert "have the same direction in C alone" in said
    assert "C" in said.split("usually agree in: ")[1]


def test_parts_are_said_to_be_compared_by_limma_trend_whatever_the_comparisons_own_test(tmp_path: Path):
    store = Store(tmp_path)
    digest = put_cohort(store, small_cohort())
    run_subgroups(store, digest, SPEC)
    for known in (False, True):  # the comparison itself makes no difference, computed or not
        if known:
            run_de(store, digest, SPEC)
        found = made(KIND, at_comparison(store, digest, SPEC), SubgroupSpec())
        assert found is not None
        line = KIND.provenance(found).line()
        assert "limma-trend, adjusted for age, centre; then centres and sexes" in line
        assert "Wald" not in line
        assert "seed 1" in line
