"""Null checks in plain sentences."""

from __future__ import annotations

import pandas as pd

from core.de.methods import METHODS
from core.de.reading.summary import genomic_inflation, null_share
from core.robustness.null.labels import NOMINAL, NullResult
from core.words import p_value, percent

FLAT, CALM = 0.95, 1.1  # π0 and λ from which nothing seems to differ


def null_sentence(null: NullResult, *, n_observed: int) -> str:
    """Say whether the test keeps its promise, and how the finding compares with chance.

    Parameters
    ----------
    null : NullResult
        Permutations.
    n_observed : int
        Significant genes with the true labels, by the same method.
    """
    label, n = METHODS[null.spec.method].label, len(null.runs)
    strata = f" within {' and '.join(null.strata)}" if null.strata else ""
    found = null.runs["n_significant"]
    some, p = null.any_found(), null.chance_of(n_observed)
    chance = (
        f"a gene in {some.k} of {n} permutations (median {found.median():.0f}, at most {found.max():,})"
        if some.k
        else "no gene in any of them"
    )
    least = f", the smallest that {n} permutations can give" if p <= 1 / (n + 1) else ""
    sentence = (
        f"With labels permuted {n} times{strata}, {label} finds {chance}; at a false discovery rate of "
        f"{null.spec.alpha:g} about none are expected. With the true labels it finds {n_observed:,} "
        f"(permutation p = {p_value(p)}{least})."
    )
    return f"{sentence} {calibration_sentence(null)}{_shared(null)}"


def _shared(null: NullResult) -> str:
    """Say where permutations are not the very analysis of the true labels."""
    if not null.shared_dispersions:
        return ""
    return (
        " Each gene's dispersion was estimated once, without the groups, for all permutations: with so many "
        "samples that hardly changes a p-value (by less than 0.01 on the demonstration cohort)."
    )


def calibration_sentence(null: NullResult) -> str:
    """Say whether p-values below 0.05 come as often as they should."""
    share, label = null.calibration(), METHODS[null.spec.method].label
    interval = f"{share.value:.3f}, 95 % interval {share.low:.3f} to {share.high:.3f} over permutations"
    if null.calibrated:
        return f"p-values below {NOMINAL:g} come as often as they should ({interval})."
    ratio = share.value / NOMINAL
    if ratio > 1:
        return (
            f"{label} is off here: p-values below {NOMINAL:g} come {ratio:.2f} times as often as they "
            f"should ({interval}). Its significant genes hold more false ones than promised; winsorising, "
            "or another test, may mend that."
        )
    return (
        f"{label} is cautious here: p-values below {NOMINAL:g} come {ratio:.2f} times as often as they "
        f"should ({interval}). It promises less than it could, which costs power and no truth."
    )


def histogram_sentence(pvalues: pd.Series) -> str:
    """Say what the p-values as a whole look like."""
    share, inflation = null_share(pvalues), genomic_inflation(pvalues)
    if share is None or inflation is None:
        return "Too few genes were tested to judge the p-values as a whole."
    high = float((pvalues.dropna() > 0.9).mean())
    if high > 0.15:
        return (
            f"Too many p-values are close to 1 ({percent(high)} above 0.9, where 10 % are expected): the "
            "test or its filter does not fit these data, and the p-values should not be trusted."
        )
    numbers = (
        f"About {percent(share)} of the genes seem not to differ (π₀ = {share:.2f}); the median squared test "
        f"statistic is {inflation:.2f} times what chance gives (λ)."
    )
    if share >= FLAT and inflation < CALM:
        return f"Flat: hardly any gene seems to differ. {numbers}"
    return (
        "A peak near 0 on a flat floor, as a true signal makes it; but confounding makes the same shape. "
        + numbers
    )
