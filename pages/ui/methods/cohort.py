"""How the other tests, the checks of a cohort and of its findings are made."""

from __future__ import annotations

SECTIONS = {
    "Other tests": (
        "*limma-trend*: a linear model of log2 counts per million (TMM library sizes, prior count 3), "
        "variances moderated towards their trend over mean expression, moderated t test; on 16,644 genes of "
        "a public cohort its t, p and fold changes equal those of R's limma 3.54.1 with edgeR 3.40.2 to 9 "
        "digits. *Wilcoxon*: the rank-sum test of median-of-ratios counts as SciPy makes it (exact where the "
        "smaller group has at most 8 samples and no two counts are equal); its fold change is the median "
        "log2 ratio over all pairs of a case and a control (Hodges and Lehmann 1963). It cannot adjust for "
        "covariates, and a comparison that names any is refused. With both, adjusted p-values are "
        "Benjamini–Hochberg over all active genes, without independent filtering; there are no dispersions, "
        "no Cook's distances, no shrunken fold changes and no tests against a smallest fold change."
    ),
    "Comparability of the groups": (
        "Standardised differences are Cohen's d with the mean of both variances; for categories the "
        "Mahalanobis distance of the shares (Yang and Dalton 2012), with the interval of Hedges and Olkin "
        "for numbers and two levels. p-values: rank-sum test, or χ². A characteristic is *not estimable* if "
        "the model with it alone is not of full rank; it *may confound* if the groups differ in it (p < "
        "0.05, or a difference of 0.1 or more) and it explains one of the first five principal components (F "
        "test, p-value times five, < 0.05), if adjusting for it inflates the variance of every fold change "
        "more than twofold, or if one of its levels has samples of one group only. Whether it *does* "
        "confound, no test can say."
    ),
    "Samples": (
        "Principal components are those of variance-stabilised counts (median of ratios; closed form for a "
        "dispersion of a + b/mean, fitted to the moments) of genes with 10 counts or more in half of the "
        "samples. Sex is read from XIST and Y genes against what is usual among the cohort's own women and "
        "men. Two samples are called one if they differ by less than three times counting noise; relatives "
        "cannot be told from counts. On 20 simulated demonstration cohorts every planted defect was found "
        "and nothing else. A sample that is left out is named in links by a code made from all identifiers "
        "of the data set, never by its own."
    ),
    "Blood cells": (
        "Measured fractions come first. Otherwise a cell type is *scored*: the mean of its marker genes (BTM "
        "plus, genes typical of one type only, at least five expressed), each in units of its own standard "
        "deviation over all samples of the data set, minus that of all genes. Scores order samples; they are "
        "no percentages and cannot be compared between data sets. Adjusting for them takes dendritic cells "
        "out of the list: they are under 1 % of white cells, and their markers answer to interferon."
    ),
}
