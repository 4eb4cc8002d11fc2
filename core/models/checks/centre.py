"""Whether the recruiting centre alone tells who is a case."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import PARTICIPANTS, Check, Facts, words
from core.models.result import CheckResult

LIMIT = 0.6


class CentreOnly(Check):
    """A model that knows only the centre must not do well."""

    code, title = "centre-only", "Centre alone predicts the group"
    tripod, probast = ("5", "6"), (PARTICIPANTS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Compare its area with 0.6."""
        auc = facts.auc.get("centre")
        if auc is None or np.isnan(auc.value):
            return self.not_applicable(
                "No column names the centre, there is one only, or the model was not run."
            )
        if auc.value > LIMIT:
            return self.found(
                "red",
                f"Knowing nothing but the centre gives an area of {words(auc)}, above {LIMIT}. What differs "
                "between centres (handling, batches, referral) can pass for a difference between the groups.",
            )
        text = f"Knowing nothing but the centre gives an area of {words(auc)}, not above {LIMIT}."
        return self.found("passed", text)
