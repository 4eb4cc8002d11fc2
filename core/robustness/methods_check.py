"""The same comparison by three tests: where they agree, and where not, the likely reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.de.methods import METHODS, by_method
from core.de.reading.summary import significant
from core.de.result import DEResult
from core.de.spec import DESpec, Method

FEW_COUNTS = 20.0  # mean normalised count
FAR_OUT = 6.0  # robust standard deviations of log counts from the median
CLOSE = 3.0  # factor around the threshold
MOST_LISTED = 500


def method_specs(spec: DESpec) -> dict[Method, DESpec]:
    """Return the comparison by each test; one that cannot adjust does without covariates."""
    plain = replace(spec, shrink=False, lfc_threshold=0.0)
    return {method: by_method(plain, method) for method in METHODS}


def agreement(results: Mapping[Method, DEResult], *, alpha: float = 0.05) -> pd.DataFrame:
    """Compare the tests two by two.

    Returns
    -------
    pandas.DataFrame
        ``one``, ``other`` (names), ``n_one``, ``n_other``, ``n_both`` (significant, same direction),
        ``overlap`` (both over either), ``correlation`` (of log2 fold changes), ``rank_correlation`` (of p).
    """
    rows = []
    for one, other in combinations(results, 2):
        first, second = results[one].table, results[other].table
        a, b = (significant(table, alpha=alpha) for table in (first, second))
        same = np.sign(first["log2FoldChange"]) == np.sign(second["log2FoldChange"])
        both, either = int((a & b & same).sum()), int((a | b).sum())
        rows.append(
            {
                "one": METHODS[one].label,
                "other": METHODS[other].label,
                "n_one": int(a.sum()),
                "n_other": int(b.sum()),
                "n_both": both,
                "overlap": both / either if either else float("nan"),
                "correlation": first["log2FoldChange"].corr(second["log2FoldChange"]),
                "rank_correlation": first["pvalue"].corr(second["pvalue"], method="spearman"),
            }
        )
    return pd.DataFrame(rows)


def disagreements(cohort: Cohort, results: Mapping[Method, DEResult], *, alpha: float = 0.05) -> pd.DataFrame:
    """List the genes that some tests call significant and others do not, with the likely reason.

    Returns
    -------
    pandas.DataFrame
        ``gene``, ``symbol``, ``baseMean``, ``significant_by``, ``not_by``, ``why``, and ``padj_<method>``;
        the most contested first, at most 500 rows.
    """
    methods = list(results)
    tables = [results[method].table for method in methods]
    found = np.column_stack([significant(table, alpha=alpha) for table in tables])
    padj = np.column_stack([table["padj"].to_numpy(float) for table in tables])
    contested = found.any(axis=1) & ~found.all(axis=1) & np.isfinite(padj).any(axis=1)
    logs = np.log10(np.clip(np.nan_to_num(padj, nan=1.0), 1e-300, 1))
    spread = np.ptp(logs, axis=1)
    rows = np.flatnonzero(contested)
    rows = rows[np.argsort(-spread[rows], kind="stable")][:MOST_LISTED]
    listed = tables[0].loc[rows, ["gene", "symbol", "baseMean"]].reset_index(drop=True)
    labels = np.array([METHODS[method].label for method in methods], dtype=object)
    listed["significant_by"] = [", ".join(labels[found[row]]) for row in rows]
    listed["not_by"] = [", ".join(labels[~found[row]]) for row in rows]
    listed["why"] = _reasons(cohort, results, rows, found=found, padj=padj, alpha=alpha)
    for number, method in enumerate(methods):
        listed[f"padj_{method}"] = padj[rows, number]
    return listed


def _reasons(
    cohort: Cohort,
    results: Mapping[Method, DEResult],
    rows: NDArray[np.intp],
    *,
    found: NDArray[np.bool_],
    padj: NDArray[np.float64],
    alpha: float,
) -> list[str]:
    """Name the first reason that applies; a rule of thumb, not a proof."""
    first, methods = next(iter(results.values())), list(results)
    unadjusted = [number for number, method in enumerate(methods) if not METHODS[method].adjusts]
    covariates = next((r.spec.covariates for r in results.values() if r.spec.covariates), ())
    others, values = np.delete(found[rows], unadjusted, axis=1), padj[rows]
    others_agree = others.all(axis=1) == others.any(axis=1)
    few = first.table["baseMean"].to_numpy()[rows] < FEW_COUNTS
    close = (values < CLOSE * alpha) & (values > alpha / CLOSE)
    reasons = {
        "an outlier count: one sample lies far from all others": _far_out(cohort, first, rows),
        "one test withholds its adjusted p-value (outlier or low counts)": np.isnan(values).any(axis=1),
        f"Wilcoxon is not adjusted for {', '.join(covariates)}": others_agree
        & bool(covariates and unadjusted),
        "few counts: the tests treat counting noise differently": few,
        "close to the threshold in every test": close.all(axis=1),
    }
    otherwise = "the tests weigh the spread between patients differently"
    told: list[str] = np.select(list(reasons.values()), list(reasons), default=otherwise).tolist()
    return told


def _far_out(cohort: Cohort, result: DEResult, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    if not len(rows):
        return np.zeros(0, dtype=bool)
    used = cohort.samples.get_indexer(result.samples.index)
    logs = np.log2(np.asarray(cohort.counts[rows])[:, used] / result.size_factors.to_numpy() + 0.5)
    middle = np.median(logs, axis=1, keepdims=True)
    spread = 1.4826 * np.median(np.abs(logs - middle), axis=1, keepdims=True)
    n_far = (np.abs(logs - middle) > FAR_OUT * np.maximum(spread, 0.1)).sum(axis=1)
    # Many far from the rest are a group of their own, as the sexes are in genes of X and Y.
    far: NDArray[np.bool_] = (n_far > 0) & (n_far <= max(2, 0.03 * logs.shape[1]))
    return far
