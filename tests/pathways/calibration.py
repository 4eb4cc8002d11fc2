"""Measure on 20 simulated cohorts of full size what the enrichment tests promise.

``python -m tests.pathways.calibration`` writes the table that `test_calibration.py` judges, in about ten
minutes. Genes are tested by voom and moderated t instead of PyDESeq2, which takes a minute per cohort; the
enrichment is the product's own. A set counts as *not planted* if it holds no gene of a theme and no
marker of a kind of cell, or of anything else, whose markers differ between the groups on average.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from core.cohort.model import content_hash
from core.cohort.simulation.cohort import simulate_cohort
from core.pathways.compute import Comparison, analyse
from core.pathways.spec import PathwaySpec
from tests.conftest import ROOT
from tests.pathways.cohorts import DE_SPEC, fitted_table, permuted

SEEDS = range(1, 21)
TABLE = ROOT / "tests" / "data" / "pathways" / "calibration.csv"
ALL = PathwaySpec(test="camera")  # every collection; its check is the correlation-aware test
GSEA = PathwaySpec(collections=("hallmark", "btm"), permutations=500)


@lru_cache(maxsize=1)
def cohort_of(seed: int) -> tuple[Comparison, pd.DataFrame]:
    """Return a simulated cohort, compared, and what was planted in it."""
    cohort, truth = simulate_cohort(seed=seed)
    table = fitted_table(cohort)
    return Comparison(table, DE_SPEC, content_hash(cohort), cohort, simulated=True), truth


def planted_share(truth: pd.DataFrame, symbols: pd.Series, membership: np.ndarray) -> np.ndarray:
    """Return the share of each set's genes in which something was planted."""
    genes = truth[truth["kind"] == "gene"].set_index("name")
    effect = genes.groupby("role")["log2fc"].mean().abs()
    differing = effect.index[effect.index.str.startswith("marker of") & (effect > 0.05)]
    genes = genes.loc[symbols]
    planted = (genes["theme"].fillna("") != "") | genes["role"].isin(differing)
    return (membership @ planted.to_numpy(float)) / membership.sum(axis=1)


def measured(seed: int) -> dict[str, float]:
    """Return what the tests find in one cohort, with its labels and with drawn ones."""
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
    return row


def calls_changed(seed: int) -> float:
    """Return the share of sets that another seed of GSEA calls otherwise, in one cohort."""
    comparison, _ = cohort_of(seed)
    first, second = (analyse(comparison, replace(GSEA, seed=one)).table for one in (1, 2))
    return float((first["significant"].to_numpy() != second["significant"].to_numpy()).mean())


def main() -> None:
    """Write the table."""
    table = pd.DataFrame([measured(seed) for seed in SEEDS])
    TABLE.parent.mkdir(exist_ok=True)
    table.to_csv(TABLE, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
