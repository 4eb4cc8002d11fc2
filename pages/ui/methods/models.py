"""How the numbers of the Models page are made."""

from __future__ import annotations

SECTIONS = {
    "Risk models": (
        "Everything that learns from data sits inside the folds: size factors and variance stabilisation are "
        "frozen on the training part and applied to the held-out part; filter, choice of genes, imputation, "
        "scaling and penalty are learnt there too. Nested cross-validation, repeated, with all samples of "
        "one patient in the same fold. Beside it each centre is predicted by models that never saw it. "
        "Models from no information to clinical columns and genes are judged on the same patients."
    ),
    "One prediction per patient": (
        "A patient is predicted once in every repeat, always by a model that had not seen this patient; the "
        "predictions are averaged on the logit scale. All intervals treat patients as the units. The spread "
        "between folds is never used: it is far too small (Varoquaux, arXiv 1706.07581)."
    ),
    "How well, and how right": (
        "AUC with DeLong's interval and paired test (DeLong 1988); average precision with a logit interval "
        "(Boyd 2013); Brier score and its skill with the interval of a mean and of a ratio over patients; "
        "calibration slope and calibration in the large by logistic regression on the predicted log odds "
        "(Cox 1958); calibration curve in groups of equal size with Wilson intervals; net benefit (Vickers "
        "2006) with the interval of its two rates; predictive values with a logit interval (Mercaldo 2007). "
        "AUC, interval, DeLong test, Brier score, slope, calibration in the large and net benefit equal R "
        "(pROC, glm) to six digits; the tests hold that."
    ),
    "Another share of cases": (
        "The study chose its share of cases; in care 20 to 30 % are resistant. Risks are shifted on the "
        "logit scale by the difference in log odds of the two shares (King and Zeng 2001), from 51 % to 25 % "
        "by −1.15. Sensitivity and specificity at a fixed threshold are taken to be the same there, which no "
        "study like this one can prove."
    ),
    "Definition leakage": (
        "Number of antidepressants, current polytherapy, augmentation and present severity partly *define* "
        "treatment resistance. Every column is judged by whether it was known before the second failed "
        "treatment (data/predictors.tsv); those that were not, and those nobody has judged, are left out "
        "unless taken in on purpose, and then no claim is made."
    ),
    "Sample size": (
        "The four criteria of Riley 2020 (BMJ m441). The anticipated c statistic is turned into Cox and "
        "Snell's R² by assuming normal log odds of equal variance in both groups (Riley 2021), integrated "
        "rather than simulated: 0.70 at a share of 51 % gives 0.121, so 293 patients carry 4 parameters and "
        "20 parameters need about 1,390."
    ),
}
