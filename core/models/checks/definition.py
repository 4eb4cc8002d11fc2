"""Whether a predictor states the outcome."""

from __future__ import annotations

from core.cohort.reading.findings import count_of
from core.models.checks.base import PREDICTORS, Check, Facts
from core.models.result import CheckResult

LIMIT = 0.85


class DefinitionLeakage(Check):
    """What partly defines resistance, or comes after it, must not predict it."""

    code, title = "definition-leakage", "Predictors that partly define the outcome"
    tripod, probast = ("9",), (PREDICTORS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Look at the columns that were used."""
        table = facts.predictors
        used = table[table["used"].astype(bool)] if len(table) else table
        unsafe = [name for name in facts.included_unsafe if name in set(used["column"])]
        if unsafe:
            return self.found(
                "red",
                f"Taken in on purpose: {', '.join(unsafe)}. What partly defines the outcome predicts it in "
                "appearance only, so nothing is claimed.",
            )
        telling = [f"{name} ({area:.2f})" for name, area in facts.single.items() if area > LIMIT]
        if telling:
            return self.found(
                "red",
                f"By itself nearly tells who is a case: {', '.join(telling)} (area above {LIMIT}). "
                "It probably states the outcome in other words; leave it out or find out.",
            )
        left_out = table.loc[table["known_before"] == "no", "column"].tolist() if len(table) else []
        left = f" Left out by rule: {', '.join(left_out)}." if left_out else ""
        unjudged = used.loc[used["known_before"] == "unknown", "column"].tolist() if len(used) else []
        if unjudged:
            names = ", ".join(unjudged)
            text = f"Used although nobody has judged whether they were known in time: {names}.{left}"
            return self.found("amber", text)
        if used.empty:
            return self.not_applicable(f"No clinical column was used.{left}")
        used_are = count_of(len(used), "clinical column is", "clinical columns are")
        return self.found("passed", f"{used_are} used, judged known in time.{left}")
