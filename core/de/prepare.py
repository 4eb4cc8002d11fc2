"""Cut a cohort down to the samples and genes of a comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.cohort.samples.cell_scores import with_scores
from core.de.design.build import MIN_PER_GROUP, Design, build_designs
from core.de.filter import ExpressionFilter, passes, resolve_filter
from core.de.spec import DESpec
from core.errors import DesignError, Fault


@dataclass(frozen=True)
class Prepared:
    """A cohort cut down to what a comparison uses.

    Parameters
    ----------
    cohort : Cohort
        All of it.
    design : Design
        Of the samples compared.
    model : Design
        Of the samples that the model is fitted to; the same, unless other groups are part of it.
    expression : ExpressionFilter
        What makes a gene active.
    counts : numpy.ndarray of shape (n_genes, n_used)
        Counts of the samples compared.
    model_counts : numpy.ndarray of shape (n_genes, n_fitted)
        Counts of the samples that the model is fitted to.
    active : numpy.ndarray of bool, length n_genes
        Genes that go to the fit.
    """

    cohort: Cohort
    design: Design
    model: Design
    expression: ExpressionFilter
    counts: NDArray[np.integer]
    model_counts: NDArray[np.integer]
    active: NDArray[np.bool_]

    @property
    def is_compared(self) -> NDArray[np.bool_]:
        """Which samples of the model are compared, length n_fitted."""
        return np.isin(self.model.positions, self.design.positions)


def prepare(cohort: Cohort, spec: DESpec) -> Prepared:
    """Choose samples and genes for a comparison.

    Raises
    ------
    DesignError
        If the comparison cannot be estimated or no gene is left.
    """
    metadata = with_scores(cohort, spec.covariates)
    design, model = build_designs(metadata, spec)
    counts = np.asarray(cohort.counts[:, model.positions])
    sizes = model.groups.value_counts()
    # A level of a sample or two is part of the model; it does not say what is expressed.
    expression = resolve_filter(spec, sizes=sizes[sizes >= MIN_PER_GROUP])
    active = passes(counts, expression)
    if not counts[active].any():
        raise DesignError.of(
            code="no-active-gene",
            where="counts",
            what=f"no gene has {expression.definition}",
            mend="Lower the minimum count or the number of samples, or check that the file holds raw counts",
        )
    empty = model.matrix.index[counts[active].sum(axis=0) == 0]
    if len(empty):
        what = "it has no counts in any active gene, so it cannot be compared"
        mend = "Leave the sample out of the metadata"
        places = [f"counts, sample {str(sample)!r}" for sample in empty]
        raise DesignError(Fault("empty-sample", at, what, mend) for at in places)
    compared = counts[:, np.isin(model.positions, design.positions)] if spec.all_groups else counts
    return Prepared(cohort, design, model, expression, compared, counts, active)
