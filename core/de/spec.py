"""What a comparison of two groups is asked to do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from core.spec import Spec, option

Method = Literal["deseq2", "limma", "wilcoxon"]
EXCLUDE_HELP = (
    "samples left out, by name or token, each with why: sex-mismatch, duplicate-sample, repeated-patient, "
    "low-depth, high-globin, outlier-sample, chosen"
)


@dataclass(frozen=True)
class DESpec(Spec):
    """A differential-expression analysis."""

    factor: str = option(label="Groups are in column", help="Metadata column with the groups.", metavar="COL")
    case: str = option(label="Case", help="A positive fold change means higher here.", metavar="LEVEL")
    control: str = option(label="Control", help="What it is compared with.", metavar="LEVEL")
    covariates: tuple[str, ...] = option(
        (),
        label="Adjust for",
        help="Differences that these columns explain are taken out before the groups are compared. "
        "score: how much of a blood cell type a sample seems to hold, by its marker genes.",
        metavar="COL,COL",
    )
    min_count: int = option(
        10,
        label="Smallest count",
        help="A gene counts as active in a sample from this count on.",
        words="genes with at least {} counts",
        limits=(0, math.inf),
    )
    min_samples: int | None = option(
        None,
        label="in at least so many samples",
        help="A gene is tested if it is active in this many samples. Automatic: the size of the smallest "
        "group that is fitted; 0: no filter.",
        words="in at least {} samples",
        limits=(0, math.inf),
        empty="automatic",
    )
    method: Method = option(
        "deseq2",
        label="Test",
        help="DESeq2 models counts; limma-trend models their logarithms, in seconds; Wilcoxon compares ranks "
        "and cannot adjust for anything. Where all three agree, the finding does not hang on the model.",
    )
    alpha: float = option(
        0.05,
        label="False discovery rate",
        help="False discovery rate for which weakly expressed genes are left out (independent filtering).",
        words="false discovery rate {:g}",
        limits=(0, 1),
        strict=True,
        metavar="P",
    )
    lfc_threshold: float = option(
        0.0,
        label="Test |log2FC| above",
        help="Tests whether a difference is larger than this, not merely different from 0.",
        words="tested for |log2FC| above {:g}",
        limits=(0, math.inf),
        metavar="X",
    )
    shrink: bool = option(
        False,
        label="Shrunken fold changes",
        help="Also computes fold changes pulled towards 0 where the data say little; good for ranking.",
    )
    winsorise: float | None = option(
        None,
        label="Winsorise counts",
        help="Caps each gene's normalised counts at this quantile, so that single extreme patients cannot "
        "make a gene significant. Worth trying when a numeric covariate switches outlier handling off.",
        words="counts capped at quantile {:g}",
        limits=(0.5, 1),
        strict=True,
        empty="off",
        metavar="Q",
    )
    scale: bool = option(
        True,
        label="Scale numeric covariates",
        help="Centres numbers, such as age, and divides them by their standard deviation for the fit. "
        "Without: they enter as they are, as in R's defaults. Where a gene is hard to fit, R's search may "
        "then stop short; such genes are named in a notice. Do without only to compare with a result from R.",
        words="numbers not scaled",
        flag="scaled",
        flag_default=False,
    )
    exclude: tuple[str, ...] = option(
        (), label="Samples left out", help=EXCLUDE_HELP, hidden=True, metavar="SAMPLE:WHY,..."
    )
    all_groups: bool = option(
        False,
        label="One model of all groups",
        help="Fits the samples of every group together, as is usual in DESeq2. The spread of a gene is then "
        "estimated from more samples, and any two groups are compared without a new fit. Leave it off if one "
        "group varies much less or more than the others: p-values would be too small, or too large.",
        words="in one model of all groups",
    )

    def __post_init__(self) -> None:
        """Let one analysis have one specification: without covariates there is nothing to scale."""
        if not self.covariates:
            object.__setattr__(self, "scale", True)

    @property
    def contrast(self) -> str:
        """The comparison in words, for example ``"TRD vs non-TRD"``."""
        return f"{self.case} vs {self.control}"

    @property
    def design(self) -> str:
        """The design in R's notation, the tested factor last."""
        return "~ " + " + ".join((*self.covariates, self.factor))


DEMO_ANALYSIS = DESpec(
    factor="group", case="TRD", control="non-TRD", covariates=("age", "sex", "centre"), shrink=True
)
"""The comparison that the demonstration cohort comes with."""
