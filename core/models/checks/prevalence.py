"""Whether the share of cases is that of a clinic."""

from __future__ import annotations

from core.models.checks.base import PARTICIPANTS, Check, Facts
from core.models.result import CheckResult
from core.words import percent

USUAL = 0.35
"""Of patients with depression in care, 20 to 30 % become resistant; above this the share was chosen."""


class CaseControlShare(Check):
    """Cases and controls recruited in chosen numbers give risks that hold nowhere else."""

    code, title = "case-control", "Share of cases set by design"
    tripod, probast = ("5", "13"), (PARTICIPANTS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Look at the share of cases."""
        n = facts.n_case + facts.n_control
        if not n:
            return self.not_applicable("There are no samples.")
        share = facts.n_case / n
        if share <= USUAL:
            return self.found(
                "passed", f"{percent(share)} are cases, as may be met in care; confirm that it is so."
            )
        return self.found(
            "note",
            f"{percent(share)} are cases. Where treatment resistance is 20 to 30 % of patients in care, "
            "predicted risks must be shifted to that share before they mean anything there; the area stays.",
        )
