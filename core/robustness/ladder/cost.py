"""How long a ladder will take, before it is started."""

from __future__ import annotations

from core.analysis import At, is_there
from core.de.kind import KIND as COMPARISON
from core.de.spec import DESpec
from core.de.timing import CostModel, usable_cpus
from core.robustness.ladder.steps import Plan, rung_of

_LIMMA = 2.5  # seconds of one core for 293 samples × 20,000 genes
_LIMMA_CELLS = 293 * 20_000
_THEMES = 6.0  # seconds: scores of the themes, reading and writing


def expected_seconds(at: At, plan: Plan, base: DESpec) -> float:
    """Return the expected seconds of a planned ladder, of which rungs may be stored already."""
    n_genes, n_samples = at.cohort.counts.shape
    total = _THEMES
    for spec in (rung_of(base, step.covariates) for step in plan.steps):
        if is_there(COMPARISON, at, spec):
            continue
        if spec.method == "deseq2":
            cost = CostModel(n_samples, len(spec.covariates) + 2, usable_cpus())
            total += cost.plan(n_genes=n_genes, fit=True, shrink=False)
        else:
            total += 1 + _LIMMA * n_genes * n_samples / _LIMMA_CELLS
    return total
