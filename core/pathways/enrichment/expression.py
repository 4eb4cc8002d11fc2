"""Expression of the ranked genes in the samples compared, for tests that look at patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.de.limma.moderate import rotate
from core.de.limma.tmm import effective_library_size
from core.de.limma.voom import voom
from core.de.prepare import prepare
from core.de.spec import DESpec
from core.pathways.enrichment.camera import GeneStatistics, gene_statistics
from core.pathways.enrichment.ranking import Ranking

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Expression:
    """Log expression with the design of the comparison.

    Parameters
    ----------
    values : numpy.ndarray of shape (n_ranked, n_used)
        log2 counts per million (TMM-normalised), genes in the order of the ranking.
    weights : numpy.ndarray of shape (n_ranked, n_used)
        Precision of each observation (voom).
    design : pandas.DataFrame of shape (n_used, n_coefficients)
        Indexed by sample; the tested coefficient is the last.
    groups : pandas.Series of length n_used
        Case or control level, indexed by sample.
    """

    values: Floats
    weights: Floats
    design: pd.DataFrame
    groups: pd.Series

    def gene_statistics(self) -> GeneStatistics:
        """Return what the competitive tests need of each gene."""
        return gene_statistics(rotate(self.values, self.design.to_numpy(float), weights=self.weights))


def express(cohort: Cohort, spec: DESpec, ranking: Ranking) -> Expression:
    """Return the expression of the ranked genes, normalised over all active genes.

    Parameters
    ----------
    cohort : Cohort
        That was compared.
    spec : DESpec
        The comparison: its samples, covariates and filter.
    ranking : Ranking
        Of the same comparison.
    """
    prepared = prepare(cohort, spec)
    design = prepared.design.matrix
    active = np.flatnonzero(prepared.active)
    counts = prepared.counts[active]
    values = voom(counts, design.to_numpy(float), library_size=effective_library_size(counts))
    rows = np.searchsorted(active, ranking.genes["row"].to_numpy())
    return Expression(values.expression[rows], values.weights[rows], design, prepared.design.groups)
