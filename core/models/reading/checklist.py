"""What this run answers of the reporting and risk-of-bias checklists, and what only the authors can.

Items are named by their number and a neutral name of their topic; for what each asks see the published
checklists: TRIPOD+AI (doi 10.1136/bmj-2023-078378) and PROBAST+AI (doi 10.1136/bmj-2024-082505).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.models.checks.base import ANALYSIS, OUTCOME, PARTICIPANTS, PREDICTORS
from core.models.result import CheckResult

COLUMNS = ("checklist", "item", "topic", "status", "note")
OPEN, IN_PART = "open", "in part"
SEE = "For what the item asks see the published checklist."
TRIPOD = {
    "1": "Title",
    "2": "Abstract",
    "3": "Background",
    "4": "Objectives",
    "5": "Data",
    "6": "Participants",
    "7": "Data preparation",
    "8": "Outcome",
    "9": "Predictors",
    "10": "Sample size",
    "11": "Missing data",
    "12": "Analytical methods",
    "13": "Class imbalance",
    "14": "Fairness",
    "15": "Model output",
    "16": "Training versus evaluation",
    "17": "Ethical approval",
    "18": "Open science",
    "19": "Patient and public involvement",
    "20": "Participants (results)",
    "21": "Model development",
    "22": "Model specification",
    "23": "Model performance",
    "24": "Model updating",
    "25": "Interpretation",
    "26": "Limitations",
    "27": "Usability in current care",
}
# What the run itself documents, beside the checks.
DOCUMENTED = {
    "7": "Size factors, log transform, filter and scaling are learnt in each training part.",
    "11": "Filled in inside each fold with medians or commonest levels, marked by indicator columns.",
    "12": "Pipelines, nested cross-validation and its seeds are in the specification.",
    "15": "A predicted risk of being a case, at the study's share of cases.",
    "16": "Nested folds by patient, each centre held out, and an external cohort where one was given.",
    "20": "Numbers by group, centre and sex are in the result.",
    "21": "Numbers of patients and of predictors looked at are in the result.",
    "22": "Coefficients, means and standard deviations of the models on all patients are exported.",
    "23": "Discrimination, calibration and net benefit with intervals, also in subgroups of enough events.",
}
PROBAST = (PARTICIPANTS, PREDICTORS, OUTCOME, ANALYSIS)


def checklist(checks: Sequence[CheckResult]) -> pd.DataFrame:
    """Return the checklists with what the checks found.

    Returns
    -------
    pandas.DataFrame
        ``checklist``, ``item``, ``topic``, ``status`` ("open" or "in part": none can be settled by
        software alone) and ``note``.
    """
    rows = [
        ("TRIPOD+AI", item, topic, *_answer(checks, "tripod", item, DOCUMENTED.get(item, "")))
        for item, topic in TRIPOD.items()
    ]
    for domain in PROBAST:
        number, _, topic = domain.partition(" ")
        answer = _answer(checks, "probast", domain)
        rows.append(("PROBAST+AI", f"domain {number}", topic.capitalize(), *answer))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _answer(checks: Sequence[CheckResult], field: str, item: str, documented: str = "") -> tuple[str, str]:
    """Return status and note of an item: what is documented, and the checks that bear on it."""
    found = [
        f"{check.title}: {check.severity}. {check.not_applicable_because or check.explanation}"
        for check in checks
        if item in getattr(check, field)
    ]
    note = " ".join(part for part in (documented, *found) if part)
    return (IN_PART, f"{note} {SEE}") if note else (OPEN, f"Only the authors can answer. {SEE}")
