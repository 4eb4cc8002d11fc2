"""The kinds of test that are offered: what each is called, what it can do, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.de.spec import DESpec, Method
from core.errors import Fault, bad_setting


@dataclass(frozen=True)
class MethodCard:
    """What a reader must know of a kind of test.

    Parameters
    ----------
    label, sentence : str
        Its name, short; how it tests, as a noun phrase.
    algorithm : str
        Version of this product's algorithm; part of the key. "" where `core.de.result` says it.
    adjusts, shrinks, thresholds, filters, pools : bool
        Whether it takes covariates; offers shrunken fold changes; tests against a smallest fold
        change; leaves weak genes out of the adjustment (independent filtering); is offered with one
        model of all groups.
    outliers : str
        What outlier counts do to it; "" where it depends on the design.
    fold_change : str
        What its fold change is.
    """

    label: str
    sentence: str
    algorithm: str
    adjusts: bool
    shrinks: bool
    thresholds: bool
    filters: bool
    pools: bool
    outliers: str
    fold_change: str


METHODS: dict[Method, MethodCard] = {
    "deseq2": MethodCard(
        label="DESeq2",
        sentence="DESeq2 Wald test",
        algorithm="",
        adjusts=True,
        shrinks=True,
        thresholds=True,
        filters=True,
        pools=True,
        outliers="",
        fold_change="maximum-likelihood estimate with Wald interval",
    ),
    "limma": MethodCard(
        label="limma-trend",
        sentence="limma-trend: linear model of log2 counts per million (TMM), variances moderated towards "
        "their trend, moderated t test",
        algorithm="limma-trend-1",
        adjusts=True,
        shrinks=False,
        thresholds=False,
        filters=False,
        pools=False,
        outliers="Outlier counts are neither detected nor replaced by limma-trend; the logarithm tames them. "
        "Winsorising caps them as well.",
        fold_change="difference of mean log2 counts per million, with t interval",
    ),
    "wilcoxon": MethodCard(
        label="Wilcoxon",
        sentence="Wilcoxon rank-sum test of median-of-ratios counts, not adjusted for anything",
        algorithm="wilcoxon-1",
        adjusts=False,
        shrinks=False,
        thresholds=False,
        filters=False,
        pools=False,
        outliers="Outlier counts need no treatment: ranks do not say how far out a count lies.",
        fold_change="median log2 ratio over all pairs of a case and a control (Hodges-Lehmann), with its "
        "distribution-free interval",
    ),
}


def by_method(spec: DESpec, method: Method) -> DESpec:
    """Return the comparison of the same groups by a test, without what the test cannot do."""
    card = METHODS[method]
    return replace(
        spec,
        method=method,
        covariates=spec.covariates if card.adjusts else (),
        shrink=spec.shrink and card.shrinks,
        lfc_threshold=spec.lfc_threshold if card.thresholds else 0.0,
        all_groups=spec.all_groups and card.pools,
    )


def unsupported(spec: DESpec) -> Iterator[Fault]:
    """Return what a specification asks for that its method cannot do."""
    card = METHODS.get(spec.method)
    if card is None:
        return
    if spec.covariates and not card.adjusts:
        yield bad_setting(
            "covariates",
            f"the {card.label} test compares two groups and cannot adjust for {', '.join(spec.covariates)}",
            "Drop the covariates, or choose DESeq2 or limma-trend",
        )
    if spec.all_groups and not card.pools:
        yield bad_setting(
            "all_groups",
            f"{card.label} is computed here from the two groups alone",
            "Turn it off, or choose DESeq2",
        )
    if spec.lfc_threshold > 0 and not card.thresholds:
        yield bad_setting(
            "lfc_threshold",
            f"{card.label} tests here for any difference, not for one above {spec.lfc_threshold:g}",
            "Set it to 0, or choose DESeq2",
        )
    if spec.shrink and not card.shrinks:
        yield bad_setting(
            "shrink",
            f"shrunken fold changes come from DESeq2's model, and {card.label} has another",
            "Turn shrinkage off, or choose DESeq2",
        )
