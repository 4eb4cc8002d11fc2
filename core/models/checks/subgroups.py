"""Whether subgroups are large enough to be told apart."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import PARTICIPANTS, Check, Facts
from core.models.metrics.subgroups import FEWEST_EVENTS
from core.models.result import CheckResult


class SmallSubgroups(Check):
    """Performance is told only where there are 10 cases and 10 controls."""

    code, title = "small-subgroups", "Subgroups with few events"
    tripod, probast = ("14", "23"), (PARTICIPANTS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Name the sexes and centres with fewer."""
        table = facts.subgroups
        if table.empty:
            return self.not_applicable("Neither sex nor centre is recorded.")
        fewer = np.minimum(table["case"], table["control"])
        small = table[fewer < FEWEST_EVENTS]
        if small.empty:
            least = int(fewer.min())
            return self.found("passed", f"Every sex and centre has at least {least} cases and controls.")
        named = "; ".join(
            f"{row.column} {row.level}: {row.case} cases, {row.control} controls"
            for row in small.itertuples()
        )
        text = (
            f"Performance is not told where there are fewer than {FEWEST_EVENTS} cases or controls ({named})."
        )
        return self.found("amber", f"{text} Whether the model serves these people is not known.")
