"""How long a ladder will take, before it is started."""

from __future__ import annotations

from core.cohort.model import Cohort
from core.de.timing import CostModel, usable_cpus
from core.robustness.ladder import missing_rungs
from core.robustness.steps import Plan
from core.spec import DESpec
from core.store import Store

_LIMMA = 2.5  # seconds of one core for 293 samples × 20,000 genes
_LIMMA_CELLS = 293 * 20_000
_THEMES = 6.0  # seconds: scores of the themes, reading and writing


def expected_seconds(store: Store, digest: str, spec: DESpec, *, cohort: Cohort, plan: Plan) -> float:
    """Return the expected seconds of a planned ladder, of which rungs may be stored already."""
    n_genes, n_samples = cohort.counts.shape
    total = _THEMES
    for one in missing_rungs(store, digest, spec, plan.steps):
        if one.method == "deseq2":
            cost = CostModel(n_samples, len(one.covariates) + 2, usable_cpus())
            total += cost.plan(n_genes=n_genes, fit=True, shrink=False)
        else:
            total += 1 + _LIMMA * n_genes * n_samples / _LIMMA_CELLS
    return total
