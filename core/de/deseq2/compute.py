"""Compute what the store lacks of a differential-expression result.

Four entries make a result, so that nothing is computed twice: the *size factors*, which do not
depend on the design; the *fit*, which does not depend on alpha, threshold or shrinkage; the
*shrinkage* of a fit; and the *result* that readers see. Fit and shrinkage are stored under the
key of the plainest specification they serve.
"""

from __future__ import annotations

import time
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from core.analysis import At, asked_for, key
from core.de.deseq2.fit import (
    Engine,
    Fit,
    collecting_notices,
    estimate_size_factors,
    fit_model,
    fitted_counts,
    shrink_factor,
    wald_tests,
)
from core.de.deseq2.outliers import describe_outlier_handling
from core.de.design.build import Design
from core.de.design.levels import coded, recoded
from core.de.engine.coefficients import climb, search_as_r
from core.de.engine.inference import BatchInference
from core.de.prepare import Prepared
from core.de.reading.notes import explain
from core.de.result import (
    ALGORITHM,
    FITS,
    SHRINKAGES,
    SIZES,
    TABLE_COLUMNS,
    DEResult,
    RunInfo,
    fit_key,
    fitted_pair,
    shrinkage_key,
    size_key,
    write_result,
)
from core.de.spec import DESpec
from core.de.timing import CostModel, Timeline, usable_cpus
from core.errors import Notice
from core.kinds import kind_of
from core.progress import Reporter
from core.record import versions_of
from core.store import Draft, Entry

MOST_NAMED = 12  # genes in a notice


def run_deseq2(at: At, spec: DESpec, draft: Draft, report: Reporter, *, prepared: Prepared) -> None:
    """Write a result by DESeq2; one with shrinkage is stored without it first, for others to look at."""
    cost, planned = _plan(at, spec, prepared=prepared)
    timeline = Timeline(report, cost, planned)
    timeline.stage("Starting")
    computation = Computation(
        at, spec, prepared=prepared, engine=build_engine(spec, timeline, n_cpus=cost.n_cpus)
    )
    # Blocks of genes are shared out to threads: threads inside their products only get in the way.
    with threadpool_limits(limits=1):
        if spec.shrink:
            computation.store_unshrunken()
        computation.write(draft, spec)


def build_engine(spec: DESpec, timeline: Timeline, *, n_cpus: int) -> Engine:
    """Return what computes an analysis by DESeq2, and tells the timeline."""
    rescue = climb if spec.scale else search_as_r
    return Engine(BatchInference(n_cpus=n_cpus, watch=timeline.passed, rescue=rescue), timeline)


def _plan(at: At, spec: DESpec, *, prepared: Prepared) -> tuple[CostModel, float]:
    """Return what each kernel costs on these data, and the expected seconds of what the store lacks."""
    n_genes = int(prepared.active.sum())
    fit = at.store.get(fit_key(at.digest, spec), kind=FITS) is None
    shrink = spec.shrink and at.store.get(shrinkage_key(at.digest, spec), kind=SHRINKAGES) is None
    n_samples, n_coefficients = prepared.model.matrix.shape
    cost = CostModel(n_samples, n_coefficients, n_cpus=at.n_cpus or usable_cpus())
    return cost, cost.plan(n_genes=n_genes, fit=fit, shrink=shrink)


class Computation:
    """One request: writes the entries that the store lacks.

    Parameters
    ----------
    at, spec
        What is asked.
    prepared : Prepared
        The cohort cut down to the comparison.
    engine : Engine
        What computes, and who is told.
    """

    def __init__(self, at: At, spec: DESpec, *, prepared: Prepared, engine: Engine):
        self.at, self.store, self.digest, self.spec = at, at.store, at.digest, spec
        self.prepared, self.engine = prepared, engine
        self._fitted, self._design = _designs(prepared, spec)
        self._started = time.monotonic()

    def store_unshrunken(self) -> None:
        """Put the result without shrinkage, which is ready first, into the store."""
        kind, spec = kind_of("de"), replace(self.spec, shrink=False)

        def write(draft: Draft) -> None:
            draft.run |= asked_for(kind, self.at, spec)
            self.write(draft, spec)

        self.store.get_or_compute(key(kind, self.at, spec), write, kind=kind.name)

    def write(self, draft: Draft, spec: DESpec) -> None:
        """Write the result for a specification, that was asked for or the same without shrinkage."""
        fitted = self._fit_entry()
        shrinkage = self._shrinkage_entry() if spec.shrink else None
        fit = self._read_fit(fitted)
        with collecting_notices() as notices:
            tested = wald_tests(
                fit,
                self._counts(np.asarray(fit.size_factors)),
                self._design,
                alpha=spec.alpha,
                lfc_threshold=spec.lfc_threshold,
                compared=self.prepared.is_compared,
                engine=self.engine,
            )
        shrunken = shrinkage.table("genes") if shrinkage else tested[[]]
        numbers = directed(pd.concat([tested, shrunken], axis=1), spec)
        table = result_table(self.prepared, fit, numbers)
        stored = [notice for entry in (fitted, shrinkage) if entry for notice in _read_notices(entry)]
        run = run_info(
            self.prepared,
            table,
            notices=(*stored, *_unconverged(self.prepared, fit, spec), *notices),
            seconds=time.monotonic() - self._started,
        )
        write_result(draft, DEResult(spec, self.digest, table, run, sample_table(self.prepared, fit)))

    def _fit_entry(self) -> Entry:
        return self.store.get_or_compute(fit_key(self.digest, self.spec), self._write_fit, kind=FITS)

    def _shrinkage_entry(self) -> Entry:
        key = shrinkage_key(self.digest, self.spec)
        return self.store.get_or_compute(key, self._write_shrinkage, kind=SHRINKAGES)

    def _read_fit(self, entry: Entry) -> Fit:
        fit = Fit(**{field.name: entry.array(field.name) for field in fields(Fit)})
        return recoded(fit, self._fitted, self._design) if self.spec.all_groups else fit

    def _write_fit(self, draft: Draft) -> None:
        sizes = self._sizes()
        factors = np.asarray(sizes.array("size_factors"))
        with collecting_notices() as notices:
            fit = fit_model(self._counts(factors), self._fitted, size_factors=factors, engine=self.engine)
        for field in fields(Fit):
            draft.write_array(field.name, getattr(fit, field.name))
        _write_notices(draft, [*_read_notices(sizes), *notices])

    def _sizes(self) -> Entry:
        prepared = self.prepared
        key = size_key(self.digest, prepared.model.positions, prepared.active)
        return self.store.get_or_compute(key, self._write_sizes, kind=SIZES)

    def _write_sizes(self, draft: Draft) -> None:
        counts = self.prepared.model_counts[self.prepared.active]
        with collecting_notices() as notices:
            size_factors = estimate_size_factors(counts, self._fitted, engine=self.engine)
        draft.write_array("size_factors", size_factors)
        _write_notices(draft, notices)

    def _write_shrinkage(self, draft: Draft) -> None:
        fit = self._read_fit(self._fit_entry())
        with collecting_notices() as notices:
            shrunken = shrink_factor(
                fit,
                self._counts(np.asarray(fit.size_factors)),
                self._design,
                compared=self.prepared.is_compared,
                engine=self.engine,
            )
        draft.write_table("genes", shrunken)
        _write_notices(draft, notices)

    def _counts(self, size_factors: NDArray[np.float64]) -> NDArray[np.integer]:
        counts = self.prepared.model_counts[self.prepared.active]
        return fitted_counts(counts, size_factors, cap=self.spec.winsorise)


def _designs(prepared: Prepared, spec: DESpec) -> tuple[Design, Design]:
    """Return the design that is fitted, and the same coded for the comparison, its last column tested."""
    case, control = fitted_pair(spec)
    design = coded(prepared.model, factor=spec.factor, case=case, control=control)
    if not spec.all_groups:
        return design, design
    first, second, *_ = sorted(set(prepared.model.groups))
    return coded(prepared.model, factor=spec.factor, case=first, control=second), design


def _write_notices(draft: Draft, notices: list[Notice]) -> None:
    draft.run["notices"] = [[notice.code, notice.message] for notice in notices]


def _read_notices(entry: Entry) -> list[Notice]:
    return [Notice(code, message) for code, message in entry.run["notices"]]


def _unconverged(prepared: Prepared, fit: Fit, spec: DESpec) -> list[Notice]:
    names = prepared.cohort.genes["gene"].to_numpy()[prepared.active][~np.asarray(fit.converged)]
    if not len(names):
        return []
    named = ", ".join(map(str, names[:MOST_NAMED])) + (" and others" if len(names) > MOST_NAMED else "")
    message = (
        f"The fit of {len(names)} gene{'s' * (len(names) > 1)} stopped short of the best values ({named}): "
        "do not rely on these numbers." + ("" if spec.scale else " Scaling numeric covariates usually helps.")
    )
    return [Notice("not-converged", message)]


def directed(numbers: pd.DataFrame, spec: DESpec) -> pd.DataFrame:
    """Turn signs so that positive means higher in case."""
    if fitted_pair(spec) == (spec.case, spec.control):
        return numbers
    signed = [name for name in ("log2FoldChange", "stat", "log2FoldChangeShrunken") if name in numbers]
    # 0 - x rather than -x: there is no negative zero in a table.
    return numbers.assign(**{name: 0.0 - numbers[name] for name in signed})


def result_table(prepared: Prepared, fit: Fit, numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the table of all genes of the cohort from the numbers of those that were fitted."""
    genes = prepared.cohort.genes
    table = pd.DataFrame({"gene": genes["gene"].to_numpy(), "symbol": genes["symbol"].to_numpy()})
    table["baseMean"] = (prepared.model_counts / fit.size_factors).mean(axis=1)
    fitted: dict[str, Any] = {
        "baseMean": fit.base_mean,
        **{str(name): numbers[name].to_numpy() for name in numbers},
        "dispersion": fit.dispersions,
        "dispersionGeneWise": fit.genewise_dispersions,
        "dispersionTrend": fit.trend_dispersions,
    }
    for name, values in fitted.items():
        table.loc[prepared.active, name] = values
    counted = prepared.counts.any(axis=1)
    withheld = _spread(fit.cooks_outlier, prepared.active) & counted
    replaced = _spread(fit.replaced, prepared.active)
    table["outlier"] = np.select([withheld, replaced], ["withheld", "replaced"], default="")
    table["note"] = explain(
        no_counts=np.asarray(~counted),
        active=prepared.active,
        outlier=withheld,
        unconverged=_spread(~np.asarray(fit.converged), prepared.active),
        pvalue=table["pvalue"],
        padj=table["padj"],
    )
    return table.reindex(columns=list(TABLE_COLUMNS))


def _spread(flags: NDArray[np.bool_], active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return flags of the fitted genes as flags of all genes."""
    everywhere = np.zeros(len(active), dtype=bool)
    everywhere[active] = flags
    return everywhere


def sample_table(prepared: Prepared, fit: Fit) -> pd.DataFrame:
    """Return group, size factor and design row of each sample compared."""
    design, size_factors = prepared.design, np.asarray(fit.size_factors)[prepared.is_compared]
    samples = pd.DataFrame({"group": design.groups, "size_factor": size_factors})
    return pd.concat([samples, design.matrix], axis=1)


def run_info(
    prepared: Prepared, table: pd.DataFrame, *, notices: tuple[Notice, ...], seconds: float
) -> RunInfo:
    """Return what a reader must know of a run besides its numbers."""
    model, expression = prepared.model, prepared.expression
    outliers = describe_outlier_handling(model)
    n_case = int(prepared.design.matrix.iloc[:, -1].sum())
    return RunInfo(
        n_case=n_case,
        n_control=len(prepared.design.matrix) - n_case,
        group_sizes={str(level): int(n) for level, n in model.groups.value_counts().items()},
        n_genes=len(table),
        n_active=int((prepared.active & prepared.model_counts.any(axis=1)).sum()),
        n_tested=int(table["padj"].notna().sum()),
        min_samples=expression.min_samples,
        active_definition=expression.definition,
        outlier_state=outliers.state,
        outlier_reason=outliers.reason,
        n_replaced=int((table["outlier"] == "replaced").sum()),
        n_withheld=int((table["outlier"] == "withheld").sum()),
        coefficients=tuple(map(str, model.matrix.columns)),
        covariates=model.covariates,
        variance_inflation=model.inflation,
        notices=(*model.notices, *notices),
        seconds=round(seconds, 2),
        simulated=prepared.cohort.simulated,
        algorithm=ALGORITHM,
        versions=versions_of("pydeseq2", "numpy", "scipy", "pandas", "anndata"),
    )
