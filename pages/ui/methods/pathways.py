"""How the numbers of the Pathways page are made, and the collections with all one needs to cite them."""

from __future__ import annotations

import streamlit as st

from core.pathways.sets.collections import list_collections
from core.pathways.sets.themes import BLOOD_IS_NOT_BRAIN
from pages.ui.parts import style
from pages.ui.parts.format import number

SECTIONS = {
    "How gene sets are tested": (
        "All tests look at the tested genes with a symbol; where several share one, that with the highest "
        "mean count stands for it; equal statistics are ordered by symbol. *GSEA* ranks them by the Wald "
        "statistic and asks whether a set's genes gather at one end; its strength, the **NES**, is the "
        "score over the mean score of random sets of the same size. Its p-values are gseapy's multilevel "
        "ones (a port of fgsea, Korotkevich 2021), down to 10⁻¹⁰: smaller ones are given as that. "
        "*Over-representation* counts the significant genes in a set against the tested genes "
        "(hypergeometric); another background is said on screen. *Camera* (Wu & Smyth 2012) tests the mean "
        "shift of a set against all other genes. *ssGSEA* (Barbie 2009) and *GSVA* (Hänzelmann 2013) give "
        "each patient a score per set, compared between the groups by least squares with the covariates of "
        "the comparison. p-values are adjusted (Benjamini–Hochberg) within each collection, so a set's "
        "does not depend on what else was tested. The same settings and seed give the same bytes, whatever "
        "the number of cores."
    ),
    "What the flag means": (
        "Genes of a set rise and fall together between patients. GSEA and over-representation take them as "
        "independent, so a chance difference of one patient group can make a whole set significant. Beside "
        "every test stands a check that estimates from the residuals how much the mean of the set varies "
        "by chance (after Zhuo & Jiang 2017). A set that is significant in the test but not in the check, "
        "or points the other way there, is **flagged: genes move together**. On 20 simulated cohorts with "
        "group labels drawn at random, GSEA called 334 of the Hallmark and blood-module sets significant "
        "and all of them were flagged; the check called 4.5 % of sets at p < 0.05. Scores per patient need "
        "no flag: there the patient is the unit."
    ),
    "Themes": (
        "A theme is a list of sets with a reason for each, in data/themes.tsv, made to be edited. Its "
        "strength is the difference between the groups, after the covariates, of the mean score of its "
        "sets in each patient (genes in units of their own standard deviation, minus the mean of all "
        "genes), in **SD**: standard deviations between patients of one group. The 95 % interval is that "
        "of the noncentral t distribution, so it counts that the standard deviation is estimated as well. "
        "Carrying genes are those in most leading edges of sets that are significant and not flagged. The "
        "blood cells they are typical of come from the markers in BTM Plus, not from these patients. "
        + BLOOD_IS_NOT_BRAIN
    ),
    "Agreement of the gene-set tests": (
        "Enrichment scores equal an independent implementation to 12 digits. Camera equals limma 3.54 to 8 "
        "digits on equal input; on whole blood in tuberculosis the rank correlation of signed p-values "
        "with limma is above 0.9999 for blood modules and Hallmark sets. Over-representation equals "
        "SciPy's hypergeometric test. ssGSEA equals gseapy to 9 digits; GSVA differs from it by less than "
        "0.02 per score, since it computes the normal distribution instead of looking it up. The tests "
        "hold these figures."
    ),
}


def draw_collections() -> None:
    """Draw the table of collections."""
    st.subheader("Collections of gene sets")
    st.markdown("They ship with this program and are never fetched while it runs.")
    header = ["Collection", "Version", "Date", "Licence", "Sets", "Genes", "From"]
    rows = [
        [c.title, c.version, c.release_date, c.licence, number(c.n_sets), number(c.n_genes), c.source]
        for c in list_collections()
    ]
    st.html(style.table(header, rows))
    with st.expander("Attributions", icon=":material/copyright:"):
        for card in list_collections():
            st.markdown(f"**{card.title}.** {card.attribution}")
