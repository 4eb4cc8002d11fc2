"""How each number is made, in the order in which a reader meets it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd
import streamlit as st

from pages.ui.methods import cohort, models, pathways, robustness
from pages.ui.parts import style

SECTIONS = {
    "Reading the files": (
        "Samples are matched by identifier, never by position; genes are recognised as Ensembl identifiers, "
        "symbols or old names against the gene table shipped with this program (org.hs.eg.db 3.16.0). Rows "
        "that turn out to be the same gene are added up. Nothing is repaired without consent. A data set is "
        "known by the sha256 hash of its content, so the order of rows, columns or files does not matter."
    ),
    "Active genes": (
        "A gene is *active*, and tested, if it reaches the minimum count (10) in at least as many of the "
        "compared samples as the smaller group has. Both numbers can be changed in the settings."
    ),
    "Differential expression": (
        "PyDESeq2 (Muzellec 2023, after Love, Huber and Anders 2014) with DESeq2's own rules where the two "
        "differ: dispersion trend and prior, single dispersions, standard errors, and independent filtering "
        "by a smoothed curve of rejections over mean counts. Our own engine maximises PyDESeq2's functions "
        "for all genes at once. In order: median-of-ratios size factors, negative-binomial model per gene "
        "with dispersions moderated towards a trend, Wald test of the group, Benjamini–Hochberg adjusted "
        "p-values with independent filtering. Covariates are part of the model; numbers among them are "
        "centred and scaled, unless a setting turns that off. The reference group is always named, so the "
        "sign of a fold change cannot flip. A model that cannot be estimated is refused before the fit."
    ),
    "More than two groups": (
        "By default only the samples of the two groups compared are fitted. With *one model of all "
        "groups* every sample of the factor is: dispersions rest on more samples, a gene is active by the"
        " size of the smallest group, and a comparison of any two is a contrast of the same fit, computed"
        " in a moment. A gene without a count in both groups is not tested. One dispersion then serves "
        "all groups: with a third group that varies less than the two, p-values become too small, with "
        "one that varies more, too large. The permutations of Robustness, which keep the other groups in "
        "the model, show it; the tests of gene sets look at the two groups alone."
    ),
    "Agreement with R": (
        "Against R's DESeq2 1.38.3 on five public cohorts: the same genes pass the filter, size factors "
        "agree to 14 digits, the lists of significant genes share 99.6 to 100 % (Jaccard), and log2 fold "
        "changes correlate at 0.99999 or more on four of them. On the fifth, with age as a covariate, it is "
        "0.9986: for about ten genes R's fit stops short of the maximum when age is in years (its "
        "likelihood is lower there), and one of them, RNA45S5, makes most of the difference. R itself, "
        "given scaled age, agrees with us to 0.9999; and so do we with R's result in years if numbers are "
        "not scaled (the command line's default, to repeat R), and then mark these genes as not to be relied "
        "on. The tests hold these figures."
    ),
    "Outliers": (
        "Like DESeq2, the fit replaces or withholds outlying counts (Cook's distance) only if at least three "
        "samples share the same design row. One numeric covariate makes every row unique and switches this "
        "off; each page says whether it was on. Winsorising caps each gene's normalised counts at a quantile "
        "instead and works with any design (Yang 2024)."
    ),
    "Fold changes": (
        "log2 fold changes are maximum-likelihood estimates with Wald 95 % intervals, said in percent: 0.17 "
        "is 12 % higher. *Shrunken* fold changes use an adaptive heavy-tailed prior (apeGLM, Zhu 2019) and "
        "are better for ranking; their interval is a posterior one. They are the maximum of PyDESeq2's own "
        "posterior. Its search stops a little before it, at a place that depends on the order of the "
        "covariates, so that single values of its differ from ours, and from its own with the covariates in "
        "another order, by up to a few hundredths."
    ),
    "p-values as a whole": (
        "π₀, the share of genes without a difference, is Storey's estimate; λ is the median test statistic "
        "over the one expected by chance. Both are raised by true differences and by confounding alike."
    ),
}
LIMITS = {
    "What the numbers cannot say": (
        "Blood is a mixture of cells: a shift between cell types changes thousands of genes without any cell "
        "changing its expression. Medication and centre do the same. Blood is not brain. A cross-sectional "
        "comparison shows what goes with treatment resistance, not what causes or predicts it."
    ),
}
PACKAGES = ("pydeseq2", "gseapy", "scikit-learn", "numpy", "scipy", "pandas", "plotly", "streamlit")


def answer() -> None:
    """Say in one sentence what a reader may rely on."""
    style.answer(
        "Every number comes from a <b>published method</b>, was compared with R on public data, and carries "
        "its settings at the foot of its page: the same data, settings and seed give the same number again."
    )


def draw() -> None:
    """Draw the page's text and the versions in use."""
    left, right = st.columns([3, 1], gap="large")
    with left:
        _draw(SECTIONS)
        _draw(cohort.SECTIONS)
        _draw(pathways.SECTIONS)
        pathways.draw_collections()
        _draw(robustness.SECTIONS)
        _draw(models.SECTIONS)
        _draw(LIMITS)
    with right:
        st.subheader("Versions")
        table = pd.DataFrame({"Package": PACKAGES, "Version": [version(name) for name in PACKAGES]})
        st.dataframe(table, hide_index=True, width="stretch")


def _draw(sections: Mapping[str, str]) -> None:
    for title, text in sections.items():
        st.subheader(title)
        st.markdown(text)
