"""The kinds of test that are offered: what each is called, what it can do, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from core.de.spec import DESpec, Method
from core.errors import Fault, bad_setting


@dataclass(frozen=True, kw_only=True)
class MethodCard:
    """What a reader must know of a kind of test.

    Parameters
    ----------
    label, sentence : str
        Its name, short; how it tests, as a noun phrase.
    fold_change : str
        What its fold change is.
    outliers : str
        What outlier counts do to it; "" where it depends on the design.
    algorithm : str
        Version of this product's algorithm; part of the key. "" where `core.de.result` says it.
    adjusts, shrinks, thresholds, filters, pools : bool
        Whether it takes covariates; offers shrunken fold changes; tests against a smallest fold
        change; leaves weak genes out of the adjustment (independent filtering); is offered with one
        model of all groups.
    """

    label: str
    sentence: str
    fold_change: str
    outliers: str = ""
    algorithm: str = ""
    adjusts: bool = False
    shrinks: bool = False
    thresholds: bool = False
    filters: bool = False
    pools: bool = False


METHODS: dict[Method, MethodCard] = {
    "deseq2": MethodCard(
        label="DESeq2",
        sentence="DESeq2 Wald test",
        fold_change="maximum-likelihood estimate with Wald interval",
        adjusts=True,
        shrinks=True,
        thresholds=True,
        filters=True,
        pools=True,
    ),
    "limma": MethodCard(
        label="limma-trend",
        sentence="limma-trend: linear model of log2 counts per million (TMM), variances moderated towards "
        "their trend, moderated t test",
        fold_change="difference of mean log2 counts per million, with t interval",
        outliers="Outlier counts are neither detected nor replaced by limma-trend; the logarithm tames them. "
        "Winsorising caps them as well.",
        algorithm="limma-trend-1",
        adjusts=True,
    ),
    "wilcoxon": MethodCard(
        label="Wilcoxon",
        sentence="Wilcoxon rank-sum test of median-of-ratios counts, not adjusted for anything",
        fold_change="median log2 ratio over all pairs of a case and a control (Hodges-Lehmann), with its "
        "distribution-free interval",
        outliers="Outlier counts need no treatment: ranks do not say how far out a count lies.",
        algorithm="wilcoxon-1",
    ),
}
# What not every test can do, by setting: the ability it takes, what is wrong without it, and how to mend it.
NEEDS = {
    "covariates": (
        "adjusts",
        "the {label} test compares two groups and cannot adjust for {value}",
        "Drop the covariates, or choose DESeq2 or limma-trend",
    ),
    "all_groups": (
        "pools",
        "{label} is computed here from the two groups alone",
        "Turn it off, or choose DESeq2",
    ),
    "lfc_threshold": (
        "thresholds",
        "{label} tests here for any difference, not for one above {value:g}",
        "Set it to 0, or choose DESeq2",
    ),
    "shrink": (
        "shrinks",
        "shrunken fold changes come from DESeq2's model, and {label} has another",
        "Turn shrinkage off, or choose DESeq2",
    ),
}


def by_method(spec: DESpec, method: Method) -> DESpec:
    """Return the comparison of the same groups by a test, without what the test cannot do."""
    usual = {field.name: field.default for field in fields(DESpec)}
    missing = [name for name, (ability, *_) in NEEDS.items() if not getattr(METHODS[method], ability)]
    changes: dict[str, Any] = {name: usual[name] for name in missing}
    return replace(spec, method=method, **changes)


def unsupported(spec: DESpec) -> Iterator[Fault]:
    """Return what a specification asks for that its method cannot do."""
    card = METHODS.get(spec.method)
    if card is None:
        return
    for name, (ability, what, mend) in NEEDS.items():
        value = getattr(spec, name)
        if value and not getattr(card, ability):
            shown = ", ".join(value) if isinstance(value, tuple) else value
            yield bad_setting(name, what.format(label=card.label, value=shown), mend)
