"""Whether predicted risks are right in size, not only in order."""

from __future__ import annotations

import numpy as np

from core.models.checks.base import ANALYSIS, Check, Facts, words
from core.models.result import CheckResult


class Calibration(Check):
    """Slope 1 and no shift on average are what they should be."""

    code, title = "calibration", "Calibration"
    tripod, probast = ("12", "23"), (ANALYSIS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """See whether the intervals hold 1 and 0."""
        slope, large = facts.slope, facts.in_the_large
        if np.isnan(slope.lower):
            return self.not_applicable("Predicted risks do not vary enough for a calibration slope.")
        faults = []
        if slope.upper < 1:
            faults.append("risks are too extreme, as after overfitting")
        if slope.lower > 1:
            faults.append("risks are too close together")
        if not np.isnan(large.lower) and not large.lower <= 0 <= large.upper:
            faults.append("risks are too " + ("low" if large.value > 0 else "high") + " on average")
        text = f"Calibration slope {words(slope)} (1 is right), in the large {words(large)} (0 is right)"
        if faults:
            return self.found("amber", f"{text}: {' and '.join(faults)}.")
        return self.found("passed", f"{text}. Both hold at the study's share of cases only.")
