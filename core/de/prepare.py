"""Cut a cohort down to the samples and genes of a comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cohort.cell_scores import with_scores
from core.cohort.model import Cohort
from core.de.design import Design, build_design
from core.de.filter import ExpressionFilter, passes, resolve_filter
from core.errors import DesignError, Fault
from core.spec import DESpec


@dataclass(frozen=True)
class Prepared:
    """A cohort cut down to what a comparison uses.

    Parameters
    ----------
    cohort : Cohort
        All of it.
    design : Design
        Of the samples compared.
    expression : ExpressionFilter
        What makes a gene active.
    counts : numpy.ndarray of shape (n_genes, n_used)
        Counts of the samples compared.
    active : numpy.ndarray of bool, length n_genes
        Genes that go to the fit.
    """

    cohort: Cohort
    design: Design
    expression: ExpressionFilter
    counts: NDArray[np.integer]
    active: NDArray[np.bool_]


def prepare(cohort: Cohort, spec: DESpec) -> Prepared:
    """Choose samples and genes for a comparison.

    Raises
    ------
    DesignError
        If the comparison cannot be estimated or no gene is left.
    """
    design = build_design(with_scores(cohort, spec.covariates), spec)
    counts = np.asarray(cohort.counts[:, design.positions])
    expression = resolve_filter(spec, n_case=design.n_in(spec.case), n_control=design.n_in(spec.control))
    active = passes(counts, expression)
    if not counts[active].any():
        raise DesignError([_no_active_gene(expression)])
    empty = design.matrix.index[counts[active].sum(axis=0) == 0]
    if len(empty):
        raise DesignError([_empty_sample(str(sample)) for sample in empty])
    return Prepared(cohort, design, expression, counts, active)


def _no_active_gene(expression: ExpressionFilter) -> Fault:
    return Fault(
        "no-active-gene",
        "counts",
        f"no gene has {expression.definition}",
        "Lower the minimum count or the number of samples, or check that the file holds raw counts",
    )


def _empty_sample(sample: str) -> Fault:
    return Fault(
        "empty-sample",
        f"counts, sample {sample!r}",
        "it has no counts in any active gene, so it cannot be compared",
        "Leave the sample out of the metadata",
    )
