"""How the checks of the Robustness page are made, whose idea each is, and what it cannot say."""

from __future__ import annotations

from core.robustness.ladder.steps import MOST_LOST
from core.robustness.ladder.summary import COLLAPSES, FEWEST_JUDGED, MOSTLY, WEAKENS
from core.robustness.null.deseq2 import ENOUGH_FREEDOM
from core.robustness.null.labels import NullSpec
from core.robustness.null.random_parts import FEWEST, RANDOM_PARTS
from core.robustness.null.sets import BINS, DRAWS
from core.robustness.replication.run import MOST_CHOSEN
from pages.ui.parts.format import number, percent

PERMUTATIONS = NullSpec().permutations
SECTIONS = {
    "Robustness: adjustment": (
        "The *ladder* makes the comparison anew with more and more covariates: nothing; age and sex; centre; "
        "cell composition (counted, else scored); BMI, smoking and medication; whatever else the comparison "
        "names. A column stays out if it cannot be estimated beside the others, if its missing values would "
        f"cost more than {percent(MOST_LOST)} of the samples, or if it is part of what defines resistance; "
        "the reason is shown. A gene *vanishes* at a rung if it was significant before and is not "
        "significant in the same direction after; the finding *collapses* if "
        f"{percent(COLLAPSES)} or more vanish, *mostly vanishes* from {percent(MOSTLY)}, *weakens* from "
        f"{percent(WEAKENS)}, and *persists* below; fewer than {FEWEST_JUDGED} genes are not judged. "
        "*Attenuation* is the share by which a fold change has shrunk. Theme scores are made once, from the "
        "crude model, so that their unit is the same at every rung. That a shift of cells can make most of a "
        "blood finding: Jaffe and Irizarry 2014, for methylation; why cells are scored: Blood cells, above. "
        "**Limits:** scores measure cells with error, so too little may be taken away; if the illness itself "
        "moves cells, too much is (Schisterman 2009 on adjusting too much). What was not "
        "recorded cannot be adjusted for."
    ),
    "Robustness: three tests": (
        "The comparison by DESeq2, by limma-trend (Law 2014) and by the Wilcoxon test, the last without "
        "covariates. *Both* counts genes significant in both tests in one direction; *overlap* divides by "
        "those significant in either (Jaccard). Wilcoxon was recommended for cohorts of hundreds (Li 2022); "
        "part of the difference was normalisation (Hejblum 2024), and winsorising repairs much of it (Yang "
        "2024). **Limits:** the tests share data, filter and covariates, so that they agree does not "
        "make a finding true; the reason named for a disagreement is a rule of thumb."
    ),
    "Robustness: chance": (
        f"Labels are exchanged {PERMUTATIONS} times at random between patients alike in the categories "
        "adjusted for (else in sex), and the test is made again: the share of p below 0.05 should be 0.05. "
        "Its interval is over permutations, since genes move together. limma-trend and Wilcoxon are made in "
        "full each time. So is DESeq2, but for one shortcut: with "
        f"{ENOUGH_FREEDOM} samples or more beyond the coefficients, and hardly any outlier counts to be "
        "withheld or replaced, each gene's dispersion is estimated once, without the groups. On the "
        "demonstration cohort p-values then lie within 0.006 of the full analysis, the share below 0.05 "
        "within 0.001. The permutation p-value counts the true labels as one of the permutations (Phipson "
        "and Smyth 2010). **Limits:** "
        f"with {PERMUTATIONS} permutations it cannot be below {1 / (PERMUTATIONS + 1):.3f}. Exchanging "
        "labels also breaks what goes "
        "with the groups other than the strata, so a confounded finding passes."
    ),
    "Robustness: themes and chance": (
        f"A theme's mean test statistic against {number(DRAWS)} random sets of as many genes from the same "
        f"{BINS} classes of mean expression (after Goeman and Bühlmann 2007, the *competitive* question). "
        "**Limits:** random genes do not move together as a theme's do, so this is lenient; the check on the "
        "Pathways page is the strict one. Nearly any theme of thousands of genes differs."
    ),
    "Robustness: centres": (
        "Each centre is left out, the others are compared, and the genes significant there are looked up in "
        "the centre alone: in how many is the direction the same? The share has Wilson's interval (Wilson "
        f"1927), and beside it what {RANDOM_PARTS} random parts of that size do (5 % to 95 %), which is the "
        "better measure since genes move together. By limma-trend whatever the test of the comparison; "
        "library sizes and cell scores are those of all samples. **Limits:** with few patients in a centre "
        "random parts scatter so widely that a centre which differs can hide among them."
    ),
    "Robustness: sex": (
        "Whether the difference depends on sex is tested by the interaction of group and sex over all "
        f"samples, from {FEWEST} samples in each group of each sex on. That a gene is significant in one sex "
        "and not in the other is no evidence of a difference between them (Gelman and Stern 2006), so no "
        "such lists are made. **Limits:** an interaction needs about four times the samples of a "
        "difference to be "
        "seen as well."
    ),
    "Robustness: other studies": (
        "Genes of an uploaded table are matched by identifier, else by symbol. Those significant there (or "
        f"the {MOST_CHOSEN} with the smallest p) are asked for their direction here; one *replicates* if the "
        "direction is the same and p, adjusted over these genes alone, is below 0.05. Ranks are compared by "
        "signed p-values (after Plaisier 2010). The literature stands beside the cohort's own direction, "
        "with the sources named there. **Limits:** genes move together, so the interval of a share is too "
        "narrow; studies differ in patients, tissue and method, and nothing is averaged."
    ),
    "Robustness: power": (
        "The smallest fold change that is found in 80 % of such studies is the sum of two normal (or t) "
        "quantiles, of the p-value that is significant after adjustment here and of the power, times the "
        "gene's standard error. **Limits:** the standard error is that of this study, itself an estimate; "
        "power at the estimated fold change says nothing that p does not say (Hoenig and Heisey 2001), so it "
        "is given beside the smallest one and not instead."
    ),
    "Robustness: paths tried": (
        "The comparisons, pathway analyses and evaluations of risk models of a data set that this computer's "
        "store holds, each distinct one once; direction, shrinkage and the order of covariates make none. "
        "The count stands at the end of every exported table, figure and script, since a finding that "
        "is one of "
        "many that could have been told must be read with the others in mind (Gelman and Loken 2013). "
        "**Limits:** what was tried elsewhere, or deleted, is not known."
    ),
    "Related patients": (
        "Two samples of one patient are found by their counts (see Samples); *relatives are not*. Siblings "
        "can be told from genotypes only, and counts hold none. If patients may be related, ask the study "
        "for genotypes before relying on intervals that take patients as independent."
    ),
}
