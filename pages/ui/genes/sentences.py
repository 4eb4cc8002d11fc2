"""The sentence under each title: written from the result, with its uncertainty. Returns safe HTML."""

from __future__ import annotations

import math

import numpy as np

from core.cohort.samples.cell_scores import PREFIX, covariate_words
from core.de.reading.gene import GeneView, view_gene
from core.de.reading.summary import (
    count_significant,
    fold_change_sentence,
    genomic_inflation,
    null_share,
    significant,
)
from core.de.spec import DESpec
from core.robustness.ladder.run import Ladder
from core.robustness.ladder.words import cells_clause
from pages.ui.frame import state
from pages.ui.genes.results import Comparison
from pages.ui.parts.format import enumeration, number, p_value, percent
from pages.ui.parts.style import escape

SMALL = 0.5
"""A change of so much, as a share, is no longer called small."""
SHARE_IS_A_COUNT = (
    "The share is a count in these patients, not an estimate, and so has no interval: more patients would "
    "find more genes."
)
INFLATED = (
    "the typical test statistic is larger than chance makes it. A broad difference between the groups "
    "does this, and so do cell composition, centre or medication; the number cannot tell them apart."
)


def genes_answer(shown: Comparison) -> str:
    """Say how many genes differ, in which direction, and how many of them may be false."""
    result, view = shown.result, state.view()
    spec, run = result.spec, result.run
    counts = count_significant(result, alpha=view.padj, min_lfc=view.lfc)
    size = f" and |log2FC| of {view.lfc:g} or more" if view.lfc else ""
    case, control = escape(spec.case), escape(spec.control)
    if counts.n == 0:
        return (
            f"No gene of {_active(shown)} differs between {case} and {control} at an adjusted "
            f"p below {view.padj:g}{size}{adjusted(spec)}. That does not prove that none differs: "
            f"with {run.n_case} and {run.n_control} samples small differences stay unseen."
        )
    return (
        f"<b>{number(counts.n)}</b> of {_active(shown)} "
        f'(<b><abbr title="{SHARE_IS_A_COUNT}">{percent(counts.share)}</abbr></b>) differ between '
        f"{case} (n&nbsp;=&nbsp;{run.n_case}) and {control} (n&nbsp;=&nbsp;{run.n_control}) at an adjusted p "
        f"below {view.padj:g}{size}: {number(counts.n_up)} higher and {number(counts.n_down)} lower in {case}"
        f"{adjusted(spec)}. Expect up to {number(counts.n * view.padj)} of them to be false discoveries."
    )


def _active(shown: Comparison) -> str:
    definition = escape(shown.result.run.active_definition)
    return (
        f'<abbr title="Active: {definition}. Only these are tested.">'
        f"{number(shown.result.run.n_active)} active genes</abbr>"
    )


def adjusted(spec: DESpec) -> str:
    """Return what a comparison is adjusted for, as the end of a sentence."""
    names = covariate_words(spec.covariates)
    return f", adjusted for {escape(enumeration(names))}" if names else ", not adjusted"


def but_line(shown: Comparison, *, ladder: Ladder | None = None) -> str:
    """Say what stands against the headline; with its model ladder, what cell composition makes of it."""
    names = {c.casefold() for c in shown.result.spec.covariates}
    missing = [word for word in ("age", "sex", "centre") if word not in names]
    unadjusted = f"not adjusted for {enumeration(missing)}; and " if missing else ""
    if any(c.startswith(PREFIX) for c in shown.result.spec.covariates):
        return (
            f"<b>But</b> {unadjusted}blood cells are taken into account only as far as marker scores measure "
            "them, and medication may differ between the groups."
        )
    view = state.view()
    if ladder and (cells := cells_clause(ladder, alpha=view.padj, min_lfc=view.lfc)):
        return f"<b>But</b> {unadjusted}{cells}; and medication may differ between the groups."
    return (
        f"<b>But</b> {unadjusted}blood is a mixture of cells, and medication may differ between the groups: "
        "neither is taken into account here."
    )


def typical_size(shown: Comparison) -> str:
    """Say how large the differences of the significant genes are."""
    table = shown.result.table
    passing = significant(table, alpha=state.view().padj, min_lfc=state.view().lfc)
    if not passing.any():
        return "No significant gene, no size to report."
    change = np.exp2(np.abs(table["log2FoldChange"].to_numpy()[passing])) - 1
    low, middle, high = np.quantile(change, [0.1, 0.5, 0.9])
    size = "most differences are small:" if high < SMALL else "of the differences,"
    return (
        f"<b>But</b> {size} half are below {percent(middle)}, most lie between {percent(low)} and "
        f"{percent(high)}; and estimates of significant genes tend to be too large."
    )


def gene_answer(shown: Comparison, gene: str) -> str:
    """Say what one gene does, as a clinician would read it."""
    card = view_gene(shown.cohort, shown.result, gene)
    spec = shown.result.spec
    name = f"<b>{escape(card.symbol or card.gene)}</b>"
    if card.raw is None:
        return f"{name} was not tested. {escape(card.note)}"
    words = escape(fold_change_sentence(card.raw, case=spec.case))
    return f"{name}: <b>{words}</b>, compared with {escape(spec.control)}{adjusted(spec)}. {_verdict(card)}"


def _verdict(card: GeneView) -> str:
    padj, limit = card.row["padj"], state.view().padj
    if math.isnan(padj):
        return f"No adjusted p-value. {escape(card.note)}"
    verdict = "among the genes that differ" if padj < limit else "not distinguishable from chance here"
    return f"Adjusted p = {p_value(padj)}: {verdict}. {escape(card.note)}".rstrip()


def histogram_verdict(shown: Comparison) -> str:
    """Say what the shape of the p-value histogram means, with π0 and λ."""
    pvalues = shown.result.table["pvalue"]
    share, inflation = null_share(pvalues), genomic_inflation(pvalues)
    if share is None or inflation is None:
        return "Too few genes were tested to judge the p-values as a whole."
    return (
        f"If no gene differed, all bars would be equally high. Here they level off at the dashed line: about "
        f"{percent(share)} of the tested genes are unchanged (π₀), and some {percent(1 - share)} differ, "
        f"most too little to be named singly. Inflation λ = {inflation:.2f}: "
        + ("as expected without any difference." if inflation < 1.1 else INFLATED)
    )


def dispersion(value: float) -> str:
    """Say how much a gene varies between patients beyond counting noise."""
    if math.isnan(value):
        return "not estimated"
    return f"{value:.2g}: patients vary by about {percent(math.sqrt(value))} beyond counting noise"
