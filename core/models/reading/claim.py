"""How much may be said: the rung of the ladder that was reached, and why not the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.models.checks.base import Facts, words
from core.models.metrics.base import Interval
from core.models.pipelines.cards import BY_NAME
from core.models.result import CheckResult, Claim, Rung

CHANCE = 0.5
WORDING: dict[Rung, str] = {
    "exploratory": "Exploratory: no claim that {model} predicts the group is made.",
    "internal": "Internally validated: in patients of this study whom it had not seen, {model} told the "
    "groups apart with an area under the curve of {auc}.",
    "centre": "Held-out centre: in centres it had not seen, {model} told the groups apart with an area "
    "under the curve of {auc}.",
    "external": "External: in a cohort it had not seen, {model} told the groups apart with an area under the "
    "curve of {auc}.",
}


def climb(facts: Facts, checks: Sequence[CheckResult]) -> Claim:
    """Return the highest rung whose conditions, and those of all rungs below, are met.

    Exploratory: always. Internal: no red check, and the 95 % interval of the nested cross-validation lies
    above 0.5. Held-out centre: so does that of predicting each centre from the others. External: so does
    that in an external cohort.
    """
    if not facts.model:
        return _claim("exploratory", facts, "No model that uses genes was run.", headline=False)
    red = [check for check in checks if check.severity == "red"]
    if red:
        named = "; ".join(check.title for check in red)
        return _claim("exploratory", facts, f"Stopped by a red check: {named}.", headline=False)
    if np.isnan(facts.primary_auc.lower):
        reason = "There is no area under the curve with an interval."
        return _claim("exploratory", facts, reason, headline=False)
    reached: Rung = "exploratory"
    rungs: tuple[tuple[Rung, Interval, str, str], ...] = (
        ("internal", facts.primary_auc, "nested cross-validation", "it was not made"),
        ("centre", facts.centre_auc, "centres held out", "no centre could be held out"),
        ("external", facts.external_auc, "the external cohort", "no external cohort was given"),
    )
    for rung, interval, where, absent in rungs:
        why_not = _why_not(interval, where, absent)
        if why_not:
            return _claim(reached, facts, why_not, headline=True)
        reached = rung
    return _claim(reached, facts, "Every rung was reached.", headline=True)


def _why_not(interval: Interval, where: str, absent: str) -> str:
    if np.isnan(interval.value) or np.isnan(interval.lower):
        return f"The next rung needs {where}: {absent}."
    if interval.lower <= CHANCE:
        return f"In {where} the area is {words(interval)}, which does not exclude chance (0.5)."
    return ""


def _claim(rung: Rung, facts: Facts, reason: str, *, headline: bool) -> Claim:
    interval = {
        "exploratory": facts.primary_auc,
        "internal": facts.primary_auc,
        "centre": facts.centre_auc,
        "external": facts.external_auc,
    }[rung]
    title = BY_NAME[facts.model].title if facts.model else "any model"
    wording = WORDING[rung].format(model=f"the model “{title}”", auc=words(interval))
    return Claim(rung, facts.model, headline, reason, wording)
