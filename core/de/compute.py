"""Compute what the store lacks of a differential-expression result.

Three entries make a result, so that nothing is computed twice: the *fit*, which does not
depend on alpha, threshold or shrinkage; the *shrinkage* of a fit; and the *result* that
readers see. The parts are stored under the key of the plainest specification they serve.
"""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.cohort.stored import get_cohort
from core.de.aliasing import variance_inflation
from core.de.design import Design, build_design
from core.de.filter import ExpressionFilter, passes, resolve_filter
from core.de.fit import Engine, Fit, collecting_notices, fit_model, fitted_counts, shrink_factor, wald_tests
from core.de.inference import BlockwiseInference, usable_cpus
from core.de.notes import explain
from core.de.outliers import describe_outlier_handling
from core.de.result import (
    ALGORITHM,
    TABLE_COLUMNS,
    CovariateInfo,
    DEResult,
    RunInfo,
    de_key,
    write_result,
)
from core.de.timing import CostModel, Timeline
from core.errors import DesignError, Fault, Notice
from core.progress import Reporter
from core.spec import DESpec
from core.store import Draft, Entry, Store

FITS, SHRINKAGES = "fits", "shrinkages"
_PACKAGES = ("pydeseq2", "numpy", "scipy", "pandas", "anndata")


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
    design = build_design(cohort.metadata, spec)
    counts = np.asarray(cohort.counts[:, design.positions])
    expression = resolve_filter(spec, n_case=design.n_in(spec.case), n_control=design.n_in(spec.control))
    active = passes(counts, expression)
    if not counts[active].any():
        raise DesignError([_no_active_gene(expression)])
    empty = design.matrix.index[counts[active].sum(axis=0) == 0]
    if len(empty):
        raise DesignError([_empty_sample(str(sample)) for sample in empty])
    return Prepared(cohort, design, expression, counts, active)


class Analysis:
    """One request: prepares the cohort once and writes the entries that the store lacks."""

    def __init__(self, store: Store, digest: str, spec: DESpec, *, report: Reporter, n_cpus: int | None):
        self.store, self.digest, self.spec = store, digest, spec
        self._report, self._n_cpus = report, n_cpus or usable_cpus()
        self._fit_spec = replace(spec, alpha=0.05, lfc_threshold=0.0, shrink=False)
        self._started = time.monotonic()

    def write(self, draft: Draft) -> None:
        """Write the result that was asked for."""
        self._write(draft, self.spec)

    def write_unshrunken(self, draft: Draft) -> None:
        """Write the result without shrinkage, which is ready first."""
        self._write(draft, replace(self.spec, shrink=False))

    @cached_property
    def prepared(self) -> Prepared:
        """The cohort cut down to the comparison."""
        self._report("Reading counts", 0.0)
        return prepare(get_cohort(self.store, self.digest), self.spec)

    @cached_property
    def engine(self) -> Engine:
        """Inference and timeline, planned for what the store lacks."""
        n_samples, n_coefficients = self.prepared.design.matrix.shape
        cost = CostModel(n_samples, n_coefficients, self._n_cpus)
        lacks_shrinkage = self.spec.shrink and self._stored(SHRINKAGES) is None
        planned = cost.plan(
            n_genes=int(self.prepared.active.sum()), fit=self._stored(FITS) is None, shrink=lacks_shrinkage
        )
        timeline = Timeline(self._report, cost, planned)
        return Engine(BlockwiseInference(n_cpus=self._n_cpus, watch=timeline.passed), timeline)

    def _write(self, draft: Draft, spec: DESpec) -> None:
        notices: list[Notice] = []
        fitted = self._entry(FITS)
        shrinkage = self._entry(SHRINKAGES) if spec.shrink else None
        fit = _read_fit(fitted)
        with collecting_notices(notices):
            tested = wald_tests(
                fit,
                self._fitted_counts(fit),
                self.prepared.design,
                alpha=spec.alpha,
                lfc_threshold=spec.lfc_threshold,
                engine=self.engine,
            )
        table = _table(self.prepared, fit, tested, shrinkage.table("genes") if shrinkage else None)
        stored = [notice for entry in (fitted, shrinkage) if entry for notice in _read_notices(entry)]
        run = _run_info(
            self.prepared, table, notices=(*stored, *notices), seconds=time.monotonic() - self._started
        )
        write_result(draft, DEResult(spec, self.digest, table, run, _samples(self.prepared.design, fit)))

    def _stored(self, kind: str) -> Entry | None:
        return self.store.get(de_key(self.digest, self._fit_spec), kind=kind)

    def _entry(self, kind: str) -> Entry:
        compute = {FITS: self._write_fit, SHRINKAGES: self._write_shrinkage}[kind]
        return self.store.get_or_compute(de_key(self.digest, self._fit_spec), compute, kind=kind)

    def _write_fit(self, draft: Draft) -> None:
        notices: list[Notice] = []
        counts = self.prepared.counts[self.prepared.active]
        with collecting_notices(notices):
            fit = fit_model(counts, self.prepared.design, cap=self.spec.winsorise, engine=self.engine)
        for name, array in fit.arrays().items():
            draft.write_array(name, array)
        draft.run["notices"] = [[notice.code, notice.message] for notice in notices]

    def _write_shrinkage(self, draft: Draft) -> None:
        notices: list[Notice] = []
        fit = _read_fit(self._entry(FITS))
        with collecting_notices(notices):
            shrunken = shrink_factor(fit, self._fitted_counts(fit), self.prepared.design, engine=self.engine)
        draft.write_table("genes", shrunken)
        draft.run["notices"] = [[notice.code, notice.message] for notice in notices]

    def _fitted_counts(self, fit: Fit) -> NDArray[np.integer]:
        counts = self.prepared.counts[self.prepared.active]
        return fitted_counts(counts, fit.size_factors, cap=self.spec.winsorise)


def _read_fit(entry: Entry) -> Fit:
    return Fit(**{field.name: entry.array(field.name) for field in fields(Fit)})


def _read_notices(entry: Entry) -> list[Notice]:
    return [Notice(code, message) for code, message in entry.run["notices"]]


def _table(prepared: Prepared, fit: Fit, tested: pd.DataFrame, shrunken: pd.DataFrame | None) -> pd.DataFrame:
    genes = prepared.cohort.genes
    table = pd.DataFrame({"gene": genes["gene"].to_numpy(), "symbol": genes["symbol"].to_numpy()})
    table["baseMean"] = (prepared.counts / fit.size_factors).mean(axis=1)
    fitted: dict[str, Any] = {
        "baseMean": fit.base_mean,
        **{str(name): tested[name].to_numpy() for name in tested},
        "dispersion": fit.dispersions,
        "dispersionGeneWise": fit.genewise_dispersions,
        "dispersionTrend": fit.trend_dispersions,
    }
    if shrunken is not None:
        fitted |= {str(name): shrunken[name].to_numpy() for name in shrunken}
    for name, values in fitted.items():
        table.loc[prepared.active, name] = values
    withheld = _spread(fit.cooks_outlier, prepared.active)
    replaced = _spread(fit.replaced, prepared.active)
    table["outlier"] = np.select([withheld, replaced], ["withheld", "replaced"], default="")
    table["note"] = explain(
        no_counts=np.asarray(~prepared.counts.any(axis=1)),
        active=prepared.active,
        outlier=withheld,
        pvalue=table["pvalue"],
        padj=table["padj"],
    )
    return table.reindex(columns=list(TABLE_COLUMNS))


def _spread(flags: NDArray[np.bool_], active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return flags of the fitted genes as flags of all genes."""
    everywhere = np.zeros(len(active), dtype=bool)
    everywhere[active] = flags
    return everywhere


def _samples(design: Design, fit: Fit) -> pd.DataFrame:
    samples = pd.DataFrame({"group": design.groups, "size_factor": np.asarray(fit.size_factors)})
    return pd.concat([samples, design.matrix], axis=1)


def _run_info(
    prepared: Prepared, table: pd.DataFrame, *, notices: tuple[Notice, ...], seconds: float
) -> RunInfo:
    design, expression = prepared.design, prepared.expression
    outliers = describe_outlier_handling(design)
    n_case = int(design.matrix[design.coefficient].sum())
    return RunInfo(
        n_case=n_case,
        n_control=len(design.matrix) - n_case,
        n_genes=len(table),
        n_active=int((prepared.active & prepared.counts.any(axis=1)).sum()),
        n_tested=int(table["padj"].notna().sum()),
        min_samples=expression.min_samples,
        active_definition=expression.definition,
        outlier_state=outliers.state,
        outlier_reason=outliers.reason,
        n_replaced=int((table["outlier"] == "replaced").sum()),
        n_withheld=int((table["outlier"] == "withheld").sum()),
        coefficients=tuple(map(str, design.matrix.columns)),
        covariates=tuple(CovariateInfo(c.name, c.kind, c.reference, c.mean, c.sd) for c in design.covariates),
        variance_inflation=variance_inflation(design.matrix),
        notices=(*design.notices, *notices),
        seconds=round(seconds, 2),
        simulated=prepared.cohort.simulated,
        algorithm=ALGORITHM,
        versions={"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
    )


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
