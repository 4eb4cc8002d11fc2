"""Results by limma-trend and by the Wilcoxon test, in the shape of all results."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.analysis import At
from core.cohort.samples.size_factors import median_of_ratios
from core.de.deseq2.adjust import adjust
from core.de.deseq2.compute import directed, result_table, run_info, sample_table
from core.de.deseq2.fit import Fit
from core.de.deseq2.outliers import winsorise
from core.de.design.levels import coded
from core.de.limma.trend import effective_size_factors, shrunken_log_cpm, trended_tests
from core.de.methods import METHODS
from core.de.prepare import Prepared
from core.de.result import DEResult, fitted_pair, write_result
from core.de.spec import DESpec
from core.de.wilcoxon import rank_tests
from core.progress import Reporter
from core.store import Draft

Floats = NDArray[np.float64]


class Tested(NamedTuple):
    """What a method finds.

    Parameters
    ----------
    table : pandas.DataFrame of n_active rows
        ``log2FoldChange``, ``lfcSE``, ``stat``, ``pvalue``.
    size_factors : numpy.ndarray of length n_used
        By which counts were brought to one scale.
    freedom : float or None
        Degrees of freedom of the t distribution; None for the normal.
    """

    table: pd.DataFrame
    size_factors: Floats
    freedom: float | None


def run_test(
    counts: NDArray[np.integer],
    design: NDArray[np.float64],
    spec: DESpec,
    *,
    size_factors: Floats | None = None,
) -> Tested:
    """Test the last coefficient of a design in every gene by the specification's method.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_active, n_used)
        Raw counts of the genes that are tested.
    design : numpy.ndarray of shape (n_used, n_coefficients)
        The last column is 1 in one group and 0 in the other.
    spec : DESpec
        Says method and winsorising.
    size_factors : numpy.ndarray of length n_used, optional
        Of these counts, if they are known.
    """
    scale = effective_size_factors if spec.method == "limma" else median_of_ratios
    factors = scale(counts) if size_factors is None else size_factors
    seen = counts.any(axis=1)
    used = counts[seen] if spec.winsorise is None else winsorise(counts[seen], factors, spec.winsorise)
    if spec.method == "limma":
        library = factors * np.exp(np.log(counts.sum(axis=0)).mean())
        found, freedom = trended_tests(shrunken_log_cpm(used, library), design)
    else:
        found, freedom = rank_tests(used / factors, design[:, -1] == 1), None
    table = found.set_axis(np.flatnonzero(seen)).reindex(range(len(counts)))
    return Tested(table, factors, freedom)


def run_alternative(at: At, spec: DESpec, draft: Draft, report: Reporter, *, prepared: Prepared) -> None:
    """Write a result by a method other than DESeq2."""
    started = time.monotonic()
    report(f"Testing by {METHODS[spec.method].label}", 0.2)
    case, control = fitted_pair(spec)
    design = coded(prepared.design, factor=spec.factor, case=case, control=control)
    counts = prepared.counts[prepared.active]
    tested = run_test(counts, design.matrix.to_numpy(float), spec)
    padj = adjust(tested.table["pvalue"].to_numpy(), np.ones(len(counts), dtype=bool))
    fit = _without_dispersions(counts, tested.size_factors)
    table = result_table(prepared, fit, directed(tested.table.assign(padj=padj), spec))
    run = run_info(prepared, table, notices=(), seconds=time.monotonic() - started)
    card = METHODS[spec.method]
    run = replace(
        run,
        outlier_state="not needed" if spec.method == "wilcoxon" else "off",
        outlier_reason=card.outliers,
        algorithm=card.algorithm,
        versions={name: v for name, v in run.versions.items() if name not in ("pydeseq2", "anndata")},
        freedom=tested.freedom,
    )
    write_result(draft, DEResult(spec, at.digest, table, run, sample_table(prepared, fit)))


def _without_dispersions(counts: NDArray[np.integer], size_factors: Floats) -> Fit:
    """Return what stands in for a fit where no dispersion is estimated."""
    n = len(counts)
    unknown, none = np.full(n, np.nan), np.zeros(n, dtype=bool)
    return Fit(
        log_fold_changes=np.empty((n, 0)),
        base_mean=(counts / size_factors).mean(axis=1),
        genewise_dispersions=unknown,
        trend_dispersions=unknown,
        dispersions=unknown,
        replaced=none,
        emptied=none,
        cooks_outlier=none,
        converged=~none,
        size_factors=size_factors,
    )
