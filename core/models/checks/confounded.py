"""Whether cases and controls come from different places."""

from __future__ import annotations

from core.models.checks.base import PARTICIPANTS, Check, Facts
from core.models.result import CheckResult
from core.words import percent

FEWEST = 2
LEAST_SHARED = 0.5


class Confounded(Check):
    """Where one centre sent all the cases, group and centre are one thing."""

    code, title = "confounded", "Group and centre confounded"
    tripod, probast = ("5", "6", "20"), (PARTICIPANTS,)

    def inspect(self, facts: Facts) -> CheckResult:
        """Look at who comes from where."""
        table = facts.centres
        if len(table) < 2:
            return self.not_applicable("No column names the centre, or there is only one.")
        for group, plural in (("case", "cases"), ("control", "controls")):
            if (table[group] > 0).sum() == 1:
                centre = table.index[table[group] > 0][0]
                return self.found(
                    "red",
                    f"All {int(table[group].sum())} {plural} come from {centre}. What differs between the "
                    "groups cannot be told from what differs between centres, by any model or adjustment.",
                )
        mixed = (table[["case", "control"]] >= FEWEST).all(axis=1)
        share = float(table[mixed].to_numpy().sum() / table.to_numpy().sum())
        if share < LEAST_SHARED:
            return self.found(
                "red",
                f"Only {percent(share)} of the patients come from centres with both cases and controls, so "
                "group and centre can hardly be told apart.",
            )
        mixed_centres = f"{int(mixed.sum())} of {len(table)} centres"
        text = f"{mixed_centres} have cases and controls ({percent(share)} of patients)."
        return self.found("passed" if share == 1 else "note", text)
