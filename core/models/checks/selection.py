"""Whether genes were chosen inside the folds."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import ANALYSIS, Check, Facts
from core.models.result import CheckResult

ALL_ALIKE = 0.999


class SelectionInside(Check):
    """Genes chosen anew in every training part cannot be the same ones every time."""

    code, title = "selection-inside", "Leakage: genes chosen inside the folds"
    tripod, probast = ("12", "16"), (ANALYSIS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Look at the stability of the choice over refits."""
        if not facts.chooses or np.isnan(facts.stability):
            return self.not_applicable("No gene was chosen among others, so no choice could leak.")
        if facts.stability >= ALL_ALIKE:
            return self.found(
                "red",
                "Every refit chose the same genes, as happens when they are chosen before folds are made.",
            )
        text = (
            "Every training part chose its own genes (stability over refits "
            f"{facts.stability:.2f}, where 1 is always the same)."
        )
        if not np.isnan(facts.outside) and "genes" in facts.auc:
            honest = facts.auc["genes"].value
            text += (
                f" Choosing them on all patients first would have claimed an area of {facts.outside:.2f} "
                f"instead of {honest:.2f}."
            )
        return self.found("passed", text)
