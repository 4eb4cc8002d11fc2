"""What ours is measured against: PyDESeq2 as it is, and its own engine with DESeq2's rules."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydeseq2.dds import DeseqDataSet
from pydeseq2.default_inference import DefaultInference
from pydeseq2.ds import DeseqStats
from pydeseq2.utils import nbinomFn
from scipy.optimize import minimize

from core.de.engine.algebra import Columns
from core.de.engine.inference import BatchInference
from core.de.engine.rules import AT_BOUND, MIN_MU, PYDESEQ2, prefer_bound, prefer_moments
from core.de.prepare import Prepared

Array = NDArray[Any]
LN2 = np.log(2)
WIDE = 15.0  # PyDESeq2's prior standard deviation of the coefficients that are not shrunk
EVEN = 1e-6  # difference of log posterior below which two searches are even
TIGHT = {"ftol": 1e-15, "gtol": 1e-12, "maxiter": 10_000, "maxfun": 100_000}


class DESeq2Inference(DefaultInference):
    """PyDESeq2's inference with DESeq2's rules for dispersions and standard errors."""

    def alpha_mle(
        self,
        counts: Array,
        design_matrix: Array,
        mu: Array,
        alpha_hat: Array,
        min_disp: float,
        max_disp: float,
        **options: Any,
    ) -> tuple[Array, ...]:
        mu = np.maximum(mu, MIN_MU)
        found, converged = super().alpha_mle(
            counts, design_matrix, mu, alpha_hat, min_disp, max_disp, **options
        )
        if not options.get("prior_reg", False):
            data = counts.T.astype(float), mu.T, Columns(design_matrix)
            found = prefer_bound(np.clip(found, min_disp, max_disp), data, min_disp)
            # A search that fails where the moments see no dispersion at all is not repeated on a grid.
            stuck = ~converged.astype(bool) & (alpha_hat <= AT_BOUND * min_disp)
            found = np.where(stuck, min_disp, prefer_moments(found, data, alpha_hat))
        return found, converged

    def wald_test(
        self, design_matrix: Array, disp: Array, lfc: Array, mu: Array, *args: Any, **options: Any
    ) -> tuple[Array, ...]:
        tested: tuple[Array, ...] = super().wald_test(
            design_matrix, disp, lfc, np.maximum(mu, MIN_MU), *args, **options
        )
        return tested


def data_set(counts: Array, matrix: pd.DataFrame, *, inference: DefaultInference) -> DeseqDataSet:
    """Return PyDESeq2's data set of counts (genes × samples) and a design matrix."""
    table = pd.DataFrame(counts.T, index=matrix.index).rename(columns=str)
    return DeseqDataSet(counts=table, metadata=matrix, design=matrix, inference=inference, quiet=True)


def last_tested(data: DeseqDataSet) -> DeseqStats:
    """Test the last coefficient of a fitted data set as PyDESeq2 does."""
    last = np.eye(data.obsm["design_matrix"].shape[1])[-1]
    stats = DeseqStats(data, contrast=last, inference=data.inference, quiet=True)
    stats.summary()
    return stats


def run_pydeseq2(
    counts: Array, matrix: pd.DataFrame, *, inference: DefaultInference
) -> tuple[DeseqDataSet, DeseqStats]:
    """Fit and test as PyDESeq2's manual says."""
    data = data_set(counts, matrix, inference=inference)
    data.deseq2()
    return data, last_tested(data)


def plain_table(prepared: Prepared, *, n_cpus: int = 1) -> pd.DataFrame:
    """Return what PyDESeq2 as it is finds in a comparison, indexed by gene."""
    counts, names = prepared.counts[prepared.active], prepared.cohort.genes["gene"][prepared.active]
    inference = DefaultInference(n_cpus=n_cpus)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyDESeq2's warnings are for those who use it
        _, stats = run_pydeseq2(counts, prepared.design.matrix, inference=inference)
    return stats.results_df.set_index(pd.Index(names, name="gene"))


@dataclass(frozen=True)
class Agreement:
    """How far a result agrees with R's.

    Correlation of fold changes, overlap of the lists of significant genes (Jaccard), genes
    without adjusted p-value here and there, and the largest difference of log2 fold changes.
    """

    correlation: float
    jaccard: float
    missing: int
    expected_missing: int
    apart: float


def agreement(found: pd.DataFrame, reference: pd.DataFrame) -> Agreement:
    """Compare two results that are indexed by gene, over the genes of the reference."""
    found = found.loc[reference.index]
    here, there = (set(table.index[table["padj"] < 0.05]) for table in (found, reference))
    return Agreement(
        correlation=float(found["log2FoldChange"].corr(reference["log2FoldChange"])),
        jaccard=len(here & there) / len(here | there),
        missing=int(found["padj"].isna().sum()),
        expected_missing=int(reference["padj"].isna().sum()),
        apart=float((found["log2FoldChange"] - reference["log2FoldChange"]).abs().max()),
    )


def overlap_of_both(mine: pd.DataFrame, stock: pd.DataFrame, *, alpha: float) -> tuple[float, float]:
    """Return correlation of fold changes and overlap of what is significant, over genes that both tested."""
    both = mine.set_index("gene").join(stock, rsuffix="_stock", how="inner")
    changes = both[["log2FoldChange", "log2FoldChange_stock"]].dropna()
    hits = both["padj"].lt(alpha), both["padj_stock"].lt(alpha)
    shared, either = (hits[0] & hits[1]).sum(), (hits[0] | hits[1]).sum()
    return float(np.corrcoef(changes.to_numpy().T)[0, 1]), float(shared / either)


@dataclass(frozen=True)
class Genes:
    """Counts (genes × samples) and all that determines their shrunken fold changes, the last coefficient."""

    counts: Array
    design: Array
    size_factors: Array
    dispersions: Array
    scale: float

    @classmethod
    def fitted(cls, counts: Array, matrix: pd.DataFrame, *, n_cpus: int = 1) -> Genes:
        """Fit as PyDESeq2 does, and take the scale of the prior that it chooses."""
        inference = BatchInference(n_cpus=n_cpus, rules=PYDESEQ2)
        data, stats = run_pydeseq2(counts, matrix, inference=inference)
        variance = stats._fit_prior_var(coeff_idx=matrix.shape[1] - 1)
        return cls(
            counts=counts,
            design=matrix.to_numpy(),
            size_factors=data.obs["size_factors"].to_numpy(),
            dispersions=data.var["dispersions"].to_numpy(),
            scale=min(float(np.sqrt(variance)), 1.0),
        )

    def loss(self, gene: int, beta: Array) -> float:
        """Return PyDESeq2's own objective: the negative log posterior."""
        with np.errstate(over="ignore"):
            return float(nbinomFn(beta, *self._of(gene), WIDE, self.scale, len(beta) - 1))

    def slope(self, gene: int, beta: Array) -> Array:
        """Return its gradient, written out as in `pydeseq2.utils.nbinomGLM`."""
        design, counts, size, offset = self._of(gene)
        with np.errstate(over="ignore"):
            chance = 1 / (1 + size * np.exp(-design @ beta - offset))
        prior = beta / WIDE**2
        prior[-1] = 2 * beta[-1] / (self.scale**2 + beta[-1] ** 2)
        total: Array = prior - (counts - (counts + size) * chance) @ design
        return total

    def shrunken(self, engine: DefaultInference) -> Array:
        """Return an engine's coefficients, natural logarithm: n_genes × n_coefficients."""
        found: Array = engine.lfc_shrink_nbinom_glm(
            self.design,
            self.counts.T,
            1 / self.dispersions,
            np.log(self.size_factors),
            WIDE,
            self.scale,
            "L-BFGS-B",
            self.design.shape[1] - 1,
        )[0]
        return found

    def reordered(self) -> Genes:
        """Return the same model with the columns of its covariates in reverse order."""
        last = self.design.shape[1] - 1
        return replace(self, design=self.design[:, [0, *range(last - 1, 0, -1), last]])

    def _of(self, gene: int) -> tuple[Array, Array, float, Array]:
        counts, size = self.counts[gene].astype(float), 1 / self.dispersions[gene]
        return self.design, counts, size, np.log(self.size_factors)


def shrunken_modes(genes: Genes, *, n_cpus: int = 1) -> pd.DataFrame:
    """Shrink with our engine and with PyDESeq2's, and let the latter's search go on to its end.

    Returns
    -------
    pandas.DataFrame of n_genes rows
        ``ours``, ``theirs`` and ``ended`` (theirs, searched on with a tight tolerance): shrunken
        log2 fold changes; ``ours_reordered`` and ``theirs_reordered``: the same with the covariates
        in another order, which changes nothing but the way to the mode. ``over_theirs``,
        ``over_ended``: by how much the log posterior of ours is higher.
    """
    ours_engine, their_engine = BatchInference(n_cpus=n_cpus), DefaultInference(n_cpus=n_cpus)
    ours, theirs = genes.shrunken(ours_engine), genes.shrunken(their_engine)
    again = genes.reordered()
    rows = []
    for gene, (here, there) in enumerate(zip(ours, theirs, strict=True)):
        ended = end_search(genes, gene, there)
        reached = genes.loss(gene, here)
        rows.append(
            {
                "ours": here[-1] / LN2,
                "theirs": there[-1] / LN2,
                "ended": ended[-1] / LN2,
                "over_theirs": genes.loss(gene, there) - reached,
                "over_ended": genes.loss(gene, ended) - reached,
            }
        )
    return pd.DataFrame(rows).assign(
        ours_reordered=again.shrunken(ours_engine)[:, -1] / LN2,
        theirs_reordered=again.shrunken(their_engine)[:, -1] / LN2,
    )


def end_search(genes: Genes, gene: int, start: Array) -> Array:
    """Go on from a result of PyDESeq2's search, by the same method, until it gains nothing more."""

    def objective(beta: Array) -> float:
        return genes.loss(gene, beta)

    found: Array = minimize(
        objective, start, jac=lambda beta: genes.slope(gene, beta), method="L-BFGS-B", options=TIGHT
    ).x
    return found
