"""Whether a result is too good to be true."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import ANALYSIS, Check, Facts, words
from core.models.result import CheckResult

LIMIT = 0.85


class TooGood(Check):
    """Published blood and clinical models of treatment resistance reach 0.6 to 0.75."""

    code, title = "suspicious-auc", "Too good to be true"
    tripod, probast = ("23", "25"), (ANALYSIS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Name the models above 0.85."""
        known = {name: auc for name, auc in facts.auc.items() if not np.isnan(auc.value)}
        if not known:
            return self.not_applicable("No model was validated.")
        high = [f"{name} {words(auc)}" for name, auc in known.items() if auc.value > LIMIT]
        if high:
            return self.found(
                "amber",
                f"An area above {LIMIT} is rare for such data: {'; '.join(high)}. Look for a predictor that "
                "states the outcome, samples of one person under two names, or groups handled apart.",
            )
        return self.found("passed", f"No area is above {LIMIT}.")
