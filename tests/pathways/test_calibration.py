"""What the enrichment tests promise, measured on 20 simulated cohorts of full size.

Genes are tested by voom and moderated t instead of PyDESeq2, which takes a minute per cohort; the
enrichment is the product's own. A set counts as *not planted* if it holds no gene of a theme and no
marker of a kind of cell, or of anything else, whose markers differ between the groups on average.

Each bound is what is promised plus its Monte-Carlo error at 95 %, one-sided, written down before
looking: for a mean over cohorts, Student's t with the standard error between cohorts (sets of one cohort are
not independent of each other); for a number of cohorts, the binomial quantile.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from scipy.stats import t as student

from core.cohort.model import content_hash
from core.cohort.simulation.cohort import simulate_cohort
from core.pathways.compute import Comparison, analyse
from core.pathways.spec import PathwaySpec
from tests.pathways.cohorts import DE_SPEC, fitted_table, permuted

pytestmark = pytest.mark.slow

SEEDS = range(1, 21)
ALL = PathwaySpec(test="camera")  # every collection; its check is the correlation-aware test
GSEA = PathwaySpec(collections=("hallmark", "btm"), permutations=500)
CONFIDENCE, PROMISED = 0.95, 0.05


def highest_mean(values: pd.Series, *, promised: float) -> float:
    """Largest mean over cohorts that a true mean of `promised` explains."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    return promised + float(student.ppf(CONFIDENCE, len(values) - 1)) * error


@lru_cache(maxsize=1)
def cohort_of(seed: int) -> tuple[Comparison, pd.DataFrame]:
    cohort, truth = simulate_cohort(seed=seed)
    table = fitted_table(cohort)
    return Comparison(table, DE_SPEC, content_hash(cohort), cohort, simulated=True), truth


def planted_share(truth: pd.DataFrame, symbols: pd.Series, membership) -> np.ndarray:
    """Share of each set's genes in which something was planted."""
    genes = truth[truth["kind"] == "gene"].set_index("name")
    effect = genes.groupby("role")["log2fc"].mean().abs()
    differing = effect.index[effect.index.str.startswith("marker of") & (effect > 0.05)]
    genes = genes.loc[symbols]
    planted = (genes["theme"].fillna("") != "") | genes["role"].isin(differing)
    return (membership @ planted.to_numpy(float)) / membership.sum(axis=1)


@lru_cache(maxsize=1)
def measurements() -> pd.DataFrame:
    rows = []
    for seed in SEEDS:
        comparison, truth = cohort_of(seed)
        every, ranked = analyse(comparison, ALL), analyse(comparison, GSEA)
        drawn = analyse(permuted(comparison, seed=seed), GSEA)
        row: dict[str, float] = {"seed": seed}
        for name, result in (("every", every), ("ranked", ranked)):
            table = result.table
            none = planted_share(truth, result.ranking["symbol"], result.membership) == 0
            found = (table["check_padj"] < 0.05).to_numpy()
            if name == "ranked":
                found = (table["significant"] & (table["flag"] == "")).to_numpy()
                row["ranked GSEA hits"] = int(table["significant"].sum())
                row["ranked GSEA false"] = int((table["significant"].to_numpy() & none).sum())
            row |= {f"{name} hits": int(found.sum()), f"{name} false": int((found & none).sum())}
            row[f"{name} null sets"] = int(none.sum())
            row[f"{name} null p<.05"] = float((table["check_pvalue"][none] < 0.05).mean())
        themes = every.themes[every.themes["sub_theme"] == ""].set_index("theme")
        row |= {f"theme {name}": float(value) for name, value in themes["difference"].items()}
        row |= {"drawn hits": drawn.run.n_significant, "drawn flagged": drawn.run.n_flagged}
        row["drawn null p<.05"] = float((drawn.table["check_pvalue"] < 0.05).mean())
        rows.append(row)
    return pd.DataFrame(rows)


def test_sets_that_were_not_planted_hold_the_false_discovery_rate():
    measured = measurements()
    for name in ("every", "ranked"):
        shares = measured[f"{name} false"] / measured[f"{name} hits"].clip(lower=1)
        assert shares.mean() < PROMISED


@pytest.mark.parametrize("name", ["every", "ranked", "drawn"])
def test_the_check_calls_a_set_without_an_effect_as_often_as_it_says(name: str):
    rates = measurements()[f"{name} null p<.05"]
    assert rates.mean() <= highest_mean(rates, promised=PROMISED)


def test_planted_themes_are_recovered_with_their_direction():
    measured = measurements()
    for theme, sign in (("Immune system", -1), ("Gene regulation", 1), ("Neuroplasticity", -1)):
        assert (np.sign(measured[f"theme {theme}"]) == sign).mean() >= 0.95


def test_after_permuting_labels_gsea_hits_are_flagged():
    measured = measurements()
    hits, flagged = measured["drawn hits"], measured["drawn flagged"]
    assert hits.sum() > 200
    assert flagged.sum() > 0.8 * hits.sum()
    # Where nothing differs, each of the two collections has a set that the check confirms, rightly adjusted,
    # in at most 5 % of the draws: one of them in at most 10 %, and so at most 10 % of a draw's hits.
    chance = 2 * PROMISED
    assert (flagged < hits).sum() <= binom.ppf(CONFIDENCE, len(SEEDS), chance)
    unflagged = 1 - flagged / hits.clip(lower=1)
    error = np.sqrt(chance * (1 - chance) / len(SEEDS))  # the largest that shares with this mean can have
    assert unflagged[hits > 0].mean() <= chance + 1.645 * error


def test_another_seed_of_gsea_changes_few_calls():
    comparison, _ = cohort_of(1)
    first, second = (analyse(comparison, replace(GSEA, seed=seed)).table for seed in (1, 2))
    changed = first["significant"].to_numpy() != second["significant"].to_numpy()
    assert changed.mean() < 0.04
