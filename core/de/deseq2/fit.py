"""Fit, test and shrink with PyDESeq2, step by step, so that each step can be named and stored."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydeseq2.dds import DeseqDataSet
from pydeseq2.ds import DeseqStats

from core.de.deseq2.adjust import filtered_padj
from core.de.deseq2.dispersion import fit_prior, fit_trend
from core.de.deseq2.outliers import describe_outlier_handling, winsorise
from core.de.design.build import Design
from core.de.engine.inference import BatchInference
from core.de.timing import Timeline
from core.errors import JobError, Notice

Vector = NDArray[np.float64]
LN2 = np.log(2)
UNFINISHED = "the search for shrunken fold changes did not end"

_PLAIN = (
    (
        "dispersion trend curve fitting did not converge",
        "mean-trend",
        "The curve of dispersion against mean count could not be fitted; one mean dispersion is used for "
        "all genes.",
    ),
    (
        "Every gene contains at least one zero",
        "iterative-size-factors",
        "Every gene has a zero count in some sample, so size factors were estimated iteratively, which is "
        "less certain. A sample with hardly any counts is the usual cause.",
    ),
    (
        "residual degrees of freedom is less than 3",
        "few-degrees-of-freedom",
        "Few samples are left beyond the number of coefficients, so the spread of the dispersions is "
        "uncertain.",
    ),
    (
        "NaN/infinite values during LFC shrinkage",
        "shrinkage-failed",
        "For some genes the fold change could not be shrunk; the shrunken value shown is the raw one.",
    ),
    (
        UNFINISHED,
        "shrinkage-unfinished",
        "For some genes the search for the shrunken fold change did not end; do not rely on their shrunken "
        "values.",
    ),
)
_NUMERIC = Notice(
    "numeric-limits",
    "For some genes the fit went beyond what numbers can hold and was made again by a slower method.",
)


@dataclass(frozen=True)
class Fit:
    """What the fit found for the genes that went to it; all of it is needed to test and shrink again.

    Parameters
    ----------
    log_fold_changes : numpy.ndarray of shape (n_fitted, n_coefficients)
        Maximum-likelihood coefficients, natural logarithm, NaN for genes without any count.
    base_mean, genewise_dispersions, trend_dispersions, dispersions : numpy.ndarray of length n_fitted
        Mean normalised count; dispersion of the gene alone, of the trend, and as used.
    replaced, emptied, cooks_outlier : numpy.ndarray of bool, length n_fitted
        An outlier was replaced; that left no count at all; an outlier withholds the p-value.
    converged : numpy.ndarray of bool, length n_fitted
        The coefficients are those of the greatest likelihood; also where there is no count.
    size_factors : numpy.ndarray of length n_used
        Median of ratios.
    """

    log_fold_changes: NDArray[np.float64]
    base_mean: Vector
    genewise_dispersions: Vector
    trend_dispersions: Vector
    dispersions: Vector
    replaced: NDArray[np.bool_]
    emptied: NDArray[np.bool_]
    cooks_outlier: NDArray[np.bool_]
    converged: NDArray[np.bool_]
    size_factors: Vector


@dataclass(frozen=True)
class Engine:
    """What computes, and who is told."""

    inference: BatchInference
    timeline: Timeline


def estimate_size_factors(counts: NDArray[np.integer], design: Design, *, engine: Engine) -> Vector:
    """Estimate size factors by the median of ratios; they do not depend on the design.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_fitted, n_used)
        Raw counts of the genes that passed the filter.
    design : Design
        Of the samples in the columns of `counts`.
    engine : Engine
        Inference and timeline.
    """
    engine.timeline.stage("Estimating size factors")
    dds = _data_set(counts, design, engine)
    dds.fit_size_factors()
    size_factors: Vector = dds.obs["size_factors"].to_numpy()
    return size_factors


def fit_model(counts: NDArray[np.integer], design: Design, *, size_factors: Vector, engine: Engine) -> Fit:
    """Estimate dispersions and fold changes, and find outliers.

    The steps are those of `DeseqDataSet.deseq2`.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_fitted, n_used)
        From `fitted_counts`.
    design : Design
        Of the samples in the columns of `counts`.
    size_factors : numpy.ndarray of length n_used
        From `estimate_size_factors`.
    engine : Engine
        Inference and timeline.
    """
    dds = fit_dispersions(counts, design, size_factors=size_factors, engine=engine)
    engine.timeline.stage("Fitting fold changes")
    dds.fit_LFC()
    if describe_outlier_handling(design).state == "off":
        # Cook's distances would be computed and then asked of no sample.
        dds.var["replaced"] = dds.var["_pvalue_cooks_outlier"] = False
        return _read_fit(dds)
    dds.calculate_cooks()
    # How many genes have outliers to replace, and so are fitted again, is known only now.
    engine.timeline.stage("Replacing outlier counts", planned=False)
    dds.refit()
    dds.cooks_outlier()
    return _read_fit(dds)


def fit_dispersions(
    counts: NDArray[np.integer], design: Design, *, size_factors: Vector, engine: Engine
) -> Any:
    """Return a `DeseqDataSet` with the dispersions of each gene; parameters as for `fit_model`."""
    engine.timeline.stage("Estimating dispersions")
    dds = _data_set(counts, design, engine)
    _set_size_factors(dds, size_factors)
    dds.fit_genewise_dispersions()
    fit_trend(dds)
    fit_prior(dds)
    dds.fit_MAP_dispersions()
    return dds


def fitted_counts(
    counts: NDArray[np.integer], size_factors: Vector, *, cap: float | None
) -> NDArray[np.integer]:
    """Return the counts that a fit was made on: winsorised if `cap` is given."""
    return counts if cap is None else winsorise(counts, size_factors, cap)


def wald_tests(
    fit: Fit,
    counts: NDArray[np.integer],
    design: Design,
    *,
    alpha: float,
    lfc_threshold: float,
    compared: NDArray[np.bool_] | None = None,
    engine: Engine,
) -> pd.DataFrame:
    """Test the factor: Wald test, Cook's filter, independent filtering.

    Parameters
    ----------
    fit : Fit
        From `fit_model`.
    counts : numpy.ndarray of shape (n_fitted, n_used)
        From `fitted_counts`.
    design : Design
        As fitted.
    alpha : float
        False discovery rate for which independent filtering is optimised.
    lfc_threshold : float
        Null hypothesis: absolute log2 fold change at most this.
    compared : numpy.ndarray of bool, length n_used, optional
        Samples of the two groups, if there are others. A gene without a count in both is not tested,
        as if the two were fitted alone (DESeq2 calls its fold change 0 and its p-value 1).
    engine : Engine
        Inference and timeline.

    Returns
    -------
    pandas.DataFrame of n_fitted rows
        Columns ``log2FoldChange``, ``lfcSE``, ``stat``, ``pvalue``, ``padj``.
    """
    engine.timeline.stage("Testing")
    dds = _restore(fit, counts, design, engine)
    stats = _statistics(dds, engine, alpha=alpha, lfc_threshold=lfc_threshold)
    stats.summary()
    tested: pd.DataFrame = stats.results_df.reset_index(drop=True)
    tested.loc[_silent(counts, compared), ["log2FoldChange", "lfcSE", "stat", "pvalue"]] = np.nan
    base_mean, pvalue = tested.pop("baseMean").to_numpy(), tested["pvalue"].to_numpy()
    return tested.assign(padj=filtered_padj(base_mean, pvalue, alpha=alpha))


def _silent(counts: NDArray[np.integer], compared: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Return which genes have counts, but none in the samples that are compared."""
    if compared is None:
        return np.zeros(len(counts), dtype=bool)
    return np.asarray(counts.any(axis=1) & ~counts[:, compared].any(axis=1), dtype=bool)


def shrink_factor(
    fit: Fit,
    counts: NDArray[np.integer],
    design: Design,
    *,
    compared: NDArray[np.bool_] | None = None,
    engine: Engine,
) -> pd.DataFrame:
    """Shrink the fold changes of the factor with an adaptive Cauchy prior (apeGLM).

    Parameters
    ----------
    fit, counts, design, compared, engine
        As for `wald_tests`.

    Returns
    -------
    pandas.DataFrame of n_fitted rows
        Columns ``log2FoldChangeShrunken``, ``lfcSEShrunken``.

    Notes
    -----
    Zhu, Ibrahim, Love 2019, doi 10.1093/bioinformatics/bty895, as in PyDESeq2.
    """
    stats = _statistics(_restore(fit, counts, design, engine), engine, alpha=0.05, lfc_threshold=0.0)
    stats.run_wald_test()
    engine.timeline.stage("Shrinking fold changes")
    stats.lfc_shrink(design.coefficient, adapt=True)
    if not stats._LFC_shrink_converged.fillna(value=True).all():
        warnings.warn(UNFINISHED, UserWarning, stacklevel=2)
    shrunken = pd.DataFrame(
        {
            "log2FoldChangeShrunken": stats.LFC[design.coefficient].to_numpy() / LN2,
            "lfcSEShrunken": stats.SE.to_numpy() / LN2,
        }
    )
    shrunken.loc[_silent(counts, compared)] = np.nan
    return shrunken


@contextmanager
def collecting_notices() -> Iterator[list[Notice]]:
    """Turn the warnings raised inside into notices, in the list in the end; a failed fit into a JobError."""
    notices: list[Notice] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield notices
    except np.linalg.LinAlgError as error:
        message = (
            f"The model could not be fitted ({error}). Fewer covariates, or a stricter expression filter, "
            "usually help."
        )
        raise JobError(message) from error
    # Deprecations speak to the developers of the libraries.
    ours = [w.message for w in caught if issubclass(w.category, (UserWarning, RuntimeWarning))]
    notices += dict.fromkeys(map(_plain, ours))


def _plain(warning: Warning | str) -> Notice:
    text = str(warning)
    if isinstance(warning, RuntimeWarning):
        return _NUMERIC
    known = (Notice(code, message) for fragment, code, message in _PLAIN if fragment in text)
    return next(known, Notice("fit-warning", f"The fit warned: {text}"))


def _data_set(counts: NDArray[np.integer], design: Design, engine: Engine) -> Any:
    names = [str(i) for i in range(len(counts))]
    return DeseqDataSet(
        counts=pd.DataFrame(np.ascontiguousarray(counts.T), index=design.matrix.index, columns=names),
        metadata=pd.DataFrame(index=design.matrix.index),
        design=design.matrix,
        inference=engine.inference,
        quiet=True,
    )


def _set_size_factors(dds: Any, size_factors: Vector) -> None:
    dds.obs["size_factors"] = size_factors
    dds.layers["normed_counts"] = dds.X / size_factors[:, None]
    dds.var["_normed_means"] = dds.layers["normed_counts"].mean(axis=0)


def _read_fit(dds: Any) -> Fit:
    emptied = dds.new_all_zeroes_genes if dds.var["replaced"].any() else []
    column: Mapping[str, Any] = dds.var
    return Fit(
        log_fold_changes=dds.varm["LFC"].to_numpy(),
        base_mean=column["_normed_means"].to_numpy(),
        genewise_dispersions=column["genewise_dispersions"].to_numpy(),
        trend_dispersions=column["fitted_dispersions"].to_numpy(),
        dispersions=column["dispersions"].to_numpy(),
        replaced=column["replaced"].to_numpy(dtype=bool),
        emptied=dds.var_names.isin(emptied),
        cooks_outlier=column["_pvalue_cooks_outlier"].to_numpy(dtype=bool),
        converged=column["_LFC_converged"].fillna(value=True).to_numpy(dtype=bool),
        size_factors=dds.obs["size_factors"].to_numpy(),
    )


def _restore(fit: Fit, counts: NDArray[np.integer], design: Design, engine: Engine) -> Any:
    """Return a data set as PyDESeq2 leaves it after the fit, from the stored arrays.

    `counts` are those that were fitted, already winsorised if they were.
    """
    dds = _data_set(counts, design, engine)
    _set_size_factors(dds, np.asarray(fit.size_factors))
    dds.var["_normed_means"] = np.asarray(fit.base_mean)
    dds.var["dispersions"] = np.asarray(fit.dispersions)
    dds.var["replaced"] = np.asarray(fit.replaced)
    dds.var["_pvalue_cooks_outlier"] = np.asarray(fit.cooks_outlier)
    dds.var["non_zero"] = (dds.X != 0).any(axis=0)
    dds.non_zero_idx = np.flatnonzero(dds.var["non_zero"])
    dds.non_zero_genes = dds.var_names[dds.var["non_zero"]]
    dds.new_all_zeroes_genes = dds.var_names[np.asarray(fit.emptied)]
    changes = np.array(fit.log_fold_changes)
    dds.varm["LFC"] = pd.DataFrame(changes, index=dds.var_names, columns=design.matrix.columns)
    return dds


def _statistics(dds: Any, engine: Engine, *, alpha: float, lfc_threshold: float) -> Any:
    contrast = np.zeros(dds.varm["LFC"].shape[1])
    contrast[-1] = 1.0
    return DeseqStats(
        dds,
        contrast=contrast,
        alpha=alpha,
        lfc_null=lfc_threshold,
        alt_hypothesis="greaterAbs" if lfc_threshold > 0 else None,
        independent_filter=False,
        inference=engine.inference,
        quiet=True,
    )
