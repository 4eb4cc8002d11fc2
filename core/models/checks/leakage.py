"""Whether labels that mean nothing give a result that means nothing."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import ANALYSIS, Check, Facts
from core.models.result import CheckResult
from core.words import p_value

FEWEST = 20


class PermutedLabels(Check):
    """The whole procedure on permuted labels must give areas on both sides of 0.5."""

    code, title = "permuted-labels", "Leakage: permuted labels"
    tripod, probast = ("12", "16"), (ANALYSIS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Compare the middle 95 % of permuted areas with 0.5."""
        n = len(facts.permuted)
        if n < FEWEST:
            return self.not_applicable(f"Labels were permuted {n} times, and {FEWEST} are needed.")
        low, high = np.quantile(facts.permuted, [0.025, 0.975])
        pvalue = (1 + np.count_nonzero(facts.permuted >= facts.observed)) / (1 + n)
        middle = f"{low:.2f} to {high:.2f} (middle 95 %)"
        where = "each fold and centre" if len(facts.centres) > 1 else "each fold"
        spread = f"with labels permuted {n} times within {where}, the area was {middle}"
        if not low <= 0.5 <= high:
            side = "better" if low > 0.5 else "worse"
            return self.found(
                "red",
                f"The genes predict meaningless labels {side} than chance: {spread}. Information leaks "
                "between training and held-out patients, or patients are not independent.",
            )
        beaten = (
            f"In one repeat, as these are, the real labels gave {facts.observed:.2f} (p = {p_value(pvalue)})."
        )
        if np.isnan(facts.observed) or pvalue > 0.05:
            text = f"No leakage seen: {spread}. But the real labels do hardly better. {beaten}"
            return self.found("amber", text)
        return self.found("passed", f"No leakage seen: {spread}, which holds 0.5. {beaten}")
