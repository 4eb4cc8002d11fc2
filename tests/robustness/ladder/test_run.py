from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.stored import put_cohort
from core.errors import CancelledError
from core.robustness.ladder.steps import CELLS, plan_ladder, rung_of
from core.robustness.ladder.summary import (
    gene_rungs,
    overlap,
    passing,
    rung_counts,
    step_change,
    theme_stability,
)
from core.robustness.ladder.words import cells_clause, cells_sentence, survivors
from core.store import Store
from tests.analyses import find_de, find_ladder, ladder_key, run_de, run_ladder
from tests.robustness.cohorts import CELLS_ONLY, DIRECT_ONLY, SPEC, cohort_with


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("ladders"))


@pytest.fixture(scope="module")
def ladders(store: Store):
    return {
        cause: run_ladder(store, put_cohort(store, cohort_with(cause)), SPEC)
        for cause in (CELLS_ONLY, DIRECT_ONLY)
    }


def cells_step(ladder):
    place = ladder.place_of(CELLS)
    return step_change(ladder, place - 1, place)


def test_a_difference_of_cells_alone_collapses_with_the_cell_scores(ladders):
    ladder = ladders[CELLS_ONLY]
    change = cells_step(ladder)
    assert change.vanished.n > 100
    assert change.vanished.value >= 0.9
    assert change.vanished.low > 0.9
    assert change.outcome == "collapses"
    sentence = cells_sentence(ladder)
    assert "The finding collapses when cell composition is adjusted for" in sentence
    assert "which cells the blood holds, not what the cells do" in sentence
    share = change.vanished
    assert cells_clause(ladder).endswith(f"({share.value:.0%}) are no longer significant".replace("%", " %"))
    assert cells_clause(ladder, alpha=1e-300) == ""


def test_direct_effects_persist(ladders):
    change = cells_step(ladders[DIRECT_ONLY])
    assert change.vanished.n >= 40
    assert change.vanished.value < 0.2
    assert change.outcome == "persists"
    assert "The finding persists when cell composition is adjusted for" in cells_sentence(
        ladders[DIRECT_ONLY]
    )


def test_each_rung_is_an_ordinary_result_of_the_store(ladders, store: Store):
    ladder = ladders[DIRECT_ONLY]
    assert [rung.label for rung in ladder.rungs][:3] == ["crude", "+ age, sex", "+ centre"]
    assert len(ladder.rungs) == 5
    for number in range(len(ladder.rungs)):
        result = find_de(store, ladder.digest, ladder.rung_spec(number))
        np.testing.assert_array_equal(result.table["log2FoldChange"], ladder.genes[f"lfc_{number}"])
        assert result.run.n_active == ladder.rungs[number].n_active
    steps = plan_ladder(cohort_with(DIRECT_ONLY), SPEC).steps
    found = [find_de(store, ladder.digest, rung_of(SPEC, step.covariates)) for step in steps]
    assert None not in found


def test_the_comparison_itself_is_a_rung_and_shrinkage_makes_no_other_ladder(ladders, store: Store):
    digest = ladders[DIRECT_ONLY].digest
    asked = replace(SPEC, covariates=("centre", "age", "sex"))
    ladder = run_ladder(store, digest, asked)
    assert ladder.rungs[2].covariates == asked.covariates
    assert ladder.rung_spec(2) == asked
    assert ladder_key(digest, replace(asked, shrink=True)) == ladder_key(digest, asked)


def test_counts_and_overlap_agree(ladders):
    ladder = ladders[DIRECT_ONLY]
    counts, shared = rung_counts(ladder), overlap(ladder)
    assert counts["n"].tolist() == np.diag(shared).tolist()
    assert (counts["n"] == counts["n_up"] + counts["n_down"]).all()
    assert (counts["n"] == counts["kept"] + counts["new"]).all()
    assert (shared.to_numpy() == shared.to_numpy().T).all()
    assert counts["lost"].iloc[1] == counts["n"].iloc[0] - counts["kept"].iloc[1]
    assert f"{counts['n'].iloc[0]:,} genes are significant without any adjustment" in survivors(ladder)


def test_missing_values_cost_samples_in_the_last_rung_and_it_is_counted(ladders):
    rungs = ladders[DIRECT_ONLY].rungs
    assert rungs[-1].n_case + rungs[-1].n_control < rungs[0].n_case + rungs[0].n_control == 293
    left_out = {one.column: one.reason for one in ladders[DIRECT_ONLY].left_out}
    assert "treatment-resistant" in left_out["prior_antidepressants"]


def test_a_gene_along_the_ladder(ladders):
    ladder = ladders[CELLS_ONLY]
    gene = ladder.genes.loc[ladder.genes["p_0"].idxmin(), "gene"]
    found = gene_rungs(ladder, gene)
    assert found.rows["label"].tolist() == [rung.label for rung in ladder.rungs]
    assert found.rows["attenuation"].iloc[0] == 0
    assert not found.always_significant
    assert (found.rows["low"] < found.rows["estimate"]).all()
    first = found.rows.iloc[0]
    assert found.rows["attenuation"].iloc[3] == pytest.approx(
        1 - found.rows["estimate"].iloc[3] / first["estimate"]
    )
    silent = ladder.genes.loc[ladder.genes["lfc_0"].isna(), "gene"].iloc[0]
    assert gene_rungs(ladder, silent) is None
    assert gene_rungs(ladder, "NOSUCH") is None


def test_themes_keep_their_unit(ladders):
    ladder = ladders[DIRECT_ONLY]
    table = theme_stability(ladder)
    immune = table[table["theme"] == "Immune system"]
    assert immune["rung"].tolist() == list(range(5))
    assert (immune["difference"] < 0).all()
    assert immune["same_sign"].all()
    assert immune["attenuation"].iloc[0] == 0
    # On a cohort whose cells alone differ, the theme's difference goes with them.
    cells = theme_stability(ladders[CELLS_ONLY])
    cells = cells[cells["theme"] == "Immune system"]
    assert abs(cells["difference"].iloc[3]) < abs(cells["difference"].iloc[0]) / 2


def test_it_is_computed_once_and_reports_which_rung(tmp_path: Path):
    store, reports = Store(tmp_path), []
    digest = put_cohort(store, cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))

    def report(stage, fraction, *, seconds_left=None):
        reports.append((stage, fraction))

    assert find_ladder(store, digest, SPEC) is None
    run_ladder(store, digest, SPEC, report=report)
    assert any(stage.startswith("Rung 2 of 5, + age, sex") for stage, _ in reports)
    assert [f for _, f in reports] == sorted(f for _, f in reports)
    reports.clear()
    again = run_ladder(store, digest, SPEC, report=report)
    assert reports == []
    assert again.rungs == find_ladder(store, digest, SPEC).rungs


def test_a_cancelled_ladder_keeps_its_finished_rungs(tmp_path: Path):
    store = Store(tmp_path)
    digest = put_cohort(store, cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))

    def stop(stage, fraction, *, seconds_left=None):
        if "Rung 2" in stage:
            raise CancelledError("stop")

    with pytest.raises(CancelledError):
        run_ladder(store, digest, SPEC, report=stop)
    assert find_de(store, digest, SPEC) is not None
    assert find_ladder(store, digest, SPEC) is None


def test_a_gene_that_passes_has_the_smaller_adjusted_p(ladders):
    ladder = ladders[DIRECT_ONLY]
    chosen = passing(ladder, 0, alpha=0.01)
    assert (ladder.genes["padj_0"][chosen] < 0.01).all()
    assert chosen.sum() <= passing(ladder, 0).sum()


def test_few_genes_are_not_judged(tmp_path: Path):
    store = Store(tmp_path)
    digest = put_cohort(store, cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))
    assert run_de(store, digest, SPEC).table["padj"].lt(0.05).sum() < 20
    assert "too few to say" in cells_sentence(run_ladder(store, digest, SPEC))


def test_topics_of_the_literature_are_followed_along_the_ladder(ladders):
    topics = ladders[CELLS_ONLY].topics
    killers = topics[topics["theme"] == "NK cells"]
    assert killers["rung"].tolist() == list(range(5))
    assert killers["upper"].iloc[0] < 0  # planted: more neutrophils, fewer lymphocytes
    assert killers["lower"].iloc[3] < 0 < killers["upper"].iloc[3]  # gone with the cell scores
    assert (topics["lower"] <= topics["difference"]).all()
