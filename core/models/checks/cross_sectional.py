"""Whether the outcome came after the blood was drawn."""

from __future__ import annotations

import re

from core.models.checks.base import OUTCOME, Check, Facts
from core.models.result import CheckResult

FOLLOWED = re.compile(
    r"(outcome|follow|response|failure|event)[\w-]*[_ .]?(date|day|week|month|year)"
    r"|time_to|(date|weeks|months)_of_outcome",
    re.IGNORECASE,
)


class CrossSectional(Check):
    """A model of patients who are resistant already recognises; it does not predict."""

    code, title = "cross-sectional", "Outcome known when blood was drawn"
    tripod, probast = ("5", "8"), (OUTCOME,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Look for a column that dates the outcome."""
        dated = [name for name in facts.columns if FOLLOWED.search(name)]
        if dated:
            text = (
                f"The column {dated[0]!r} seems to date the outcome; confirm that blood was drawn before it."
            )
            return self.found("passed", text)
        return self.found(
            "note",
            "No column says that the outcome came after the blood was drawn. The model then recognises "
            "who is a case already; it has not been shown to predict who will become one.",
        )
