"""What an enrichment analysis is asked to do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from core.spec import Spec, option

EnrichmentTest = Literal["gsea", "ora", "camera", "ssgsea", "gsva"]
Direction = Literal["both", "up", "down"]
Background = Literal["tested", "annotated", "cohort"]
COLLECTIONS = ("hallmark", "btm", "reactome", "wikipathways", "go_bp", "go_cc", "go_mf")


@dataclass(frozen=True)
class PathwaySpec(Spec):
    """An enrichment analysis of a finished comparison of two groups.

    Which comparison is said by its `DESpec`, beside which this one travels: together they
    share one link, so no field has the name of one there.
    """

    collections: tuple[str, ...] = option(
        COLLECTIONS,
        label="Collections",
        help="Shipped collections, or GMT files. Sets are tested, and their p-values adjusted, within each.",
        metavar="NAME,FILE",
    )
    test: EnrichmentTest = option(
        "gsea",
        label="Test",
        help="GSEA asks whether the genes of a set gather at one end of the ranking. Overlap (ora) asks "
        "whether a set holds more significant genes than expected. Camera asks the first question and allows "
        "for genes that move together. A score per patient (ssgsea, gsva) is compared between the groups "
        "like any measurement, with the covariates of the comparison and an interval. Beside each, a check "
        "shows which sets hold when genes that move together are allowed for.",
        flag="method",
    )
    min_size: int = option(
        10,
        label="Fewest genes of a set",
        help="Fewest tested genes of a set that is tested.",
        words="sets of at least {} genes",
        limits=(2, math.inf),
    )
    max_size: int = option(
        500,
        label="Most genes of a set",
        help="Most tested genes of a set that is tested.",
        words="sets of at most {} genes",
        limits=(2, math.inf),
    )
    set_alpha: float = option(
        0.05,
        label="False discovery rate",
        help="Adjusted p-values of sets below this are called significant.",
        words="sets at padj < {:g}",
        limits=(0, 1),
        strict=True,
        metavar="P",
    )
    correlation: float | None = option(
        0.01,
        label="Correlation between genes",
        help="Correlation between the genes of a set that camera assumes (0.01 is limma's default); none to "
        "estimate it for each set. The check beside each test always estimates it.",
        words="correlation between genes {}",
        limits=(0, 0.999),
        empty="estimated",
        metavar="R",
    )
    seed: int = option(
        1,
        label="Seed",
        help="Of the random sets that GSEA draws.",
        words="seed {}",
        limits=(0, 2**32 - 1),
    )
    permutations: int = option(
        1000,
        label="Random sets at first",
        help="Random sets of each size that GSEA draws first.",
        words="{} random sets",
        limits=(100, math.inf),
    )
    direction: Direction = option(
        "both",
        label="Significant genes",
        help="Significant genes that over-representation looks at.",
        words="genes {}",
    )
    gene_alpha: float = option(
        0.05,
        label="with an adjusted p below",
        help="Adjusted p-values of genes below this are called significant by over-representation.",
        words="genes at padj < {:g}",
        limits=(0, 1),
        strict=True,
        metavar="P",
    )
    gene_lfc: float = option(
        0.0,
        label="and |log2FC| of at least",
        help="Smallest absolute log2 fold change of a significant gene, for over-representation.",
        words="|log2FC| of genes from {:g}",
        limits=(0, math.inf),
        metavar="X",
    )
    background: Background = option(
        "tested",
        label="Background",
        help="Genes that could have been significant in over-representation: those tested, those tested that "
        "are in a set of the collection (annotated), or all of the count file (cohort).",
        words="against the genes of “{}”",
    )
