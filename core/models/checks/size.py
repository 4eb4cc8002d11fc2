"""Whether there are enough patients."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import ANALYSIS, Check, Facts, words
from core.models.metrics.size import parameters_allowed
from core.models.result import CheckResult

WIDEST = 0.1
"""Half-width of the interval of an area above which little can be said."""


class SampleSize(Check):
    """The interval says how much can be known, Riley's criteria how many predictors the sample carries."""

    code, title = "sample-size", "Number of patients"
    tripod, probast = ("10",), (ANALYSIS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Look at the width of the interval and at the parameters that the sample allows."""
        auc, n = facts.primary_auc, facts.n_case + facts.n_control
        if np.isnan(auc.lower):
            return self.not_applicable("There is no model with an interval to look at.")
        half = (auc.upper - auc.lower) / 2
        anticipated = float(np.clip(auc.value, 0.55, 0.95))
        allowed = parameters_allowed(n, prevalence=facts.n_case / n, c=anticipated)
        text = (
            f"{facts.n_case} cases and {facts.n_control} controls leave the area at {words(auc)}: "
            f"±{half:.2f}, because each patient weighs 1 in {min(facts.n_case, facts.n_control)} of its group"
        )
        riley = (
            f"By Riley's criteria a sample of {n} carries {allowed} predictor parameters at this area; "
            f"{facts.parameters:,} were looked at, which only strong shrinkage allows."
        )
        if half > WIDEST:
            return self.found(
                "amber", f"{text}. That is wide: models that differ much would look alike. {riley}"
            )
        if facts.parameters > allowed:
            return self.found("note", f"{text}. {riley}")
        return self.found(
            "passed", f"{text}. Riley's criteria allow {allowed} parameters; {facts.parameters} are used."
        )
