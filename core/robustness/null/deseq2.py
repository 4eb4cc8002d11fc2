"""DESeq2 under permuted labels: what does not depend on the labels is computed once.

Filter and size factors never depend on them. Dispersions do, since they are estimated with the groups
in the model; but in a large study one coefficient more or less hardly moves them, and there they are
estimated once, without the groups. Where it could matter, every permutation is fitted in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.de.deseq2.outliers import describe_outlier_handling
from core.de.prepare import Prepared
from core.de.result import fitted_pair
from core.de.spec import DESpec
from core.de.timing import CostModel, Timeline, usable_cpus
from core.progress import silent

if TYPE_CHECKING:
    from core.de.deseq2.fit import Engine

# Samples beyond the number of coefficients from which dispersions without the groups will do. With 293
# samples p-values then differ by at most 0.006 from those of a full fit, and the share below 0.05 by
# 0.001; with 30 the share differs by as much as the check is meant to find.
ENOUGH_FREEDOM = 100
# Share of the samples in which outliers may be looked for: each one found withholds a gene's p-value.
FEW_CHECKED = 0.1
Floats = NDArray[np.float64]


def shares_dispersions(prepared: Prepared, spec: DESpec) -> bool:
    """Return whether one fit of the dispersions serves all permutations of a comparison.

    Not where outlier counts are replaced, or looked for in more than a tenth of the samples, which depends
    on the labels; nor where the test is against a smallest fold change; nor in a small study.
    """
    n_used, n_coefficients = prepared.model.matrix.shape
    outliers = describe_outlier_handling(prepared.model)
    return (
        spec.method == "deseq2"
        and spec.lfc_threshold == 0
        and n_used - n_coefficients >= ENOUGH_FREEDOM
        and outliers.n_replace == 0
        and outliers.n_detect <= FEW_CHECKED * n_used
    )


def permuted_deseq2(prepared: Prepared, spec: DESpec, labels: Iterator[Floats]) -> Iterator[Floats]:
    """Yield the p-values of the tested genes for each labelling.

    Parameters
    ----------
    prepared : Prepared
        The comparison with its true labels.
    spec : DESpec
        By DESeq2.
    labels : iterator of numpy.ndarray of length n_used
        1 in case, 0 in control. Samples of other groups, if they are part of the model, stay what they are.
    """
    with _alone():
        test = _test_of(prepared, spec)
    counted = prepared.counts[prepared.active].any(axis=1)
    for one in labels:
        everybody = np.zeros(len(prepared.is_compared))
        everybody[prepared.is_compared] = one
        with _alone():
            pvalues = test(everybody)
        yield np.where(counted, pvalues, np.nan)


def _test_of(prepared: Prepared, spec: DESpec) -> Callable[[Floats], Floats]:
    """Return what turns labels into p-values, after all that labels do not change."""
    from core.de.deseq2.compute import build_engine
    from core.de.deseq2.fit import estimate_size_factors, fitted_counts
    from core.de.null import fit_null, labelled_pvalues

    cost = CostModel(*prepared.model.matrix.shape, n_cpus=usable_cpus())
    engine = build_engine(spec, Timeline(silent, cost, 1.0), n_cpus=cost.n_cpus)
    raw = prepared.model_counts[prepared.active]
    factors = estimate_size_factors(raw, prepared.model, engine=engine)
    counts = fitted_counts(raw, factors, cap=spec.winsorise)
    if not shares_dispersions(prepared, spec):
        return lambda one: _in_full(counts, one, prepared, spec=spec, size_factors=factors, engine=engine)
    null = fit_null(counts, prepared.model, size_factors=factors, engine=engine)
    return lambda one: labelled_pvalues(null, one, engine=engine)[1]


def _in_full(
    counts: NDArray[np.integer],
    labels: Floats,
    prepared: Prepared,
    *,
    spec: DESpec,
    size_factors: Floats,
    engine: Engine,
) -> Floats:
    """Return the p-values of the ordinary analysis with these labels."""
    from core.de.deseq2.fit import fit_model, wald_tests
    from core.de.design.levels import coded

    groups = prepared.model.groups.copy()
    groups[prepared.is_compared] = np.where(labels[prepared.is_compared] == 1, spec.case, spec.control)
    case, control = fitted_pair(spec)
    labelled = replace(prepared.model, groups=groups)
    design = coded(labelled, factor=spec.factor, case=case, control=control)
    fit = fit_model(counts, design, size_factors=size_factors, engine=engine)
    tested = wald_tests(
        fit, counts, design, alpha=spec.alpha, lfc_threshold=spec.lfc_threshold, engine=engine
    )
    return tested["pvalue"].to_numpy(np.float64)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the threads of matrix products out of the way of the engine's, and warnings off the screen."""
    # Both load or need PyDESeq2, which pages that only read do without.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from core.de.deseq2.fit import collecting_notices

    with threadpool_limits(limits=1), collecting_notices():
        yield
