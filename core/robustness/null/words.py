"""Null checks in plain sentences."""

from __future__ import annotations

import pandas as pd

from core.cohort.reading.findings import count_of
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
    return f"{sentence} {exchange_sentence(null)} {calibration_sentence(null)}{_shared(null)}"


def _shared(null: NullResult) -> str:
    """Say where permutations are not the very analysis of the true labels."""
    if not null.shared_dispersions:
        return ""
    return (
        " Each gene's dispersion was estimated once, without the groups, for all permutations: with so many "
        "samples that hardly changes a p-value (by less than 0.01 on the demonstration cohort)."
    )


def calibration_sentence(null: NullResult) -> str:
    """Say whether p-values below 0.05 come as often as they should, or why this check cannot tell."""
    share, label = null.calibration(), METHODS[null.spec.method].label
    interval = f"{share.value:.3f}, 95 % interval {share.low:.3f} to {share.high:.3f} over permutations"
    times = f"p-values below {NOMINAL:g} come {share.value / NOMINAL:.2f} times as often as they should"
    match null.verdict:
        case "few ways":
            return (
                f"This check cannot answer: there are only {null.n_ways:,.0f} ways to give the labels out, "
                "so that permutations repeat each other."
            )
        case "spread":
            return _spread_sentence(null)
        case "too often":
            return (
                f"{label} is off here: {times} ({interval}). Its significant genes hold more false ones than "
                f"promised; {_remedy(null)} may mend that."
            )
        case "too rarely":
            return (
                f"{label} is cautious here: {times} ({interval}). It promises less than it could, which "
                "costs power and no truth."
            )
        case "right":
            return f"p-values below {NOMINAL:g} come as often as they should ({interval})."
    return (
        f"Whether p-values below {NOMINAL:g} come as often as they should is not known from "
        f"{len(null.runs)} permutations ({interval})."
    )


def _remedy(null: NullResult) -> str:
    if null.n_people:
        return "one sample of each person, or a test that allows for their likeness,"
    return "winsorising, or another test,"


def _spread_sentence(null: NullResult) -> str:
    """Say that groups vary differently, what it does to the test, and what allows for it."""
    wide, narrow = (null.spec.case, null.spec.control)[:: 1 if null.spread > 0 else -1]
    ratio, chance = 2 ** abs(null.spread), p_value(null.spread_chance())
    return (
        f"This check cannot answer: genes vary {ratio:.1f} times as much in {wide} as in {narrow} (variance, "
        f"permutation p = {chance}), and permuted labels mix the two. With {null.n_case:,} and "
        f"{null.n_control:,} of them, p-values below {NOMINAL:g} would come in about "
        f"{percent(null.rate_of_spread())} of the genes that do not differ. A variance for each group, or "
        "limma's voom with quality weights, allows for that."
    )


def exchange_sentence(null: NullResult) -> str:
    """Say what was taken as exchangeable."""
    if null.n_within:
        people = count_of(null.n_within, "person who has", "people who have")
        return f"Labels were exchanged within {people} both, each person apart."
    if null.n_people:
        people = count_of(null.n_people, "person", "people")
        return f"Labels were exchanged between whole people, {people} with several samples."
    return "Samples were exchanged one by one, as if each were of another person."


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
