"""Which metadata columns probably hold what: suggestions with their reason, never applied in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.cohort.samples.groups import level_names

SEXES = {
    "female": frozenset(("f", "female", "w", "woman", "women", "weiblich", "mujer", "femme", "frau", "xx")),
    "male": frozenset(("m", "male", "man", "men", "männlich", "hombre", "homme", "mann", "xy")),
}
CONTROLS = re.compile(r"^(non|no|not|un)|control|^(hc|ctrl|healthy|untreated|untrt|responder|ltbi|0)$", re.I)
GROUP_NAMES = re.compile(r"group|status|condition|diagnos|trd|treatment|dex|case|response|arm|class", re.I)
PATIENT_NAMES = re.compile(r"patient|subject|donor|individual|participant|person|pid$", re.I)
CENTRE_NAMES = re.compile(r"cent(re|er)|site|hospital|clinic$|cohort|batch|plate|city", re.I)
SEX_NAMES = re.compile(r"^(sex|gender|geschlecht|sexo)($|[_ .])", re.I)


@dataclass(frozen=True)
class Suggestion:
    """A column (or a value) that may play a role.

    Parameters
    ----------
    value : str
        Column name, or value for case and control.
    reason : str
        Why, in a few words.
    """

    value: str
    reason: str


def sex_of(value: object) -> str | None:
    """Return "female" or "male" for the words people use; None for anything else."""
    word = str(value).strip().casefold()
    return next((sex for sex, words in SEXES.items() if word in words), None)


def suggest_roles(metadata: pd.DataFrame) -> dict[str, list[Suggestion]]:
    """Suggest columns for each role, best first.

    Returns
    -------
    dict
        Keys ``factor``, ``case``, ``control`` (values of the first factor), ``patient``,
        ``centre``, ``sex``, ``covariates``; an empty list where nothing suggests itself.
    """
    found: dict[str, list[Suggestion]] = {
        key: [] for key in ("factor", "patient", "centre", "sex", "covariates")
    }
    for name in map(str, metadata.columns):
        role, reason = _role(name, level_names(metadata[name]), metadata[name])
        if role:
            found[role].append(Suggestion(name, reason))
    found["factor"].sort(key=lambda s: not s.reason.startswith("its name"))
    best = found["factor"][:1]
    case, control = _levels(level_names(metadata[best[0].value])) if best else ([], [])
    return found | {"case": case, "control": control}


def _role(name: str, levels: pd.Series[Any], values: pd.Series[Any]) -> tuple[str, str]:
    """Return the role that a column may play and why, or twice nothing."""
    present = levels.dropna()
    n_levels = present.nunique()
    if n_levels < 2:
        return "", ""
    if SEX_NAMES.search(name) or all(sex_of(value) for value in present.unique()):
        return "sex", f"its values are {' and '.join(sorted(present.unique())[:3])}"
    if PATIENT_NAMES.search(name) and n_levels > 2:
        repeats = "each occurs once" if present.is_unique else "some occur more than once"
        return "patient", f"its name says so, and {repeats}"
    if CENTRE_NAMES.search(name) and n_levels <= max(2, len(levels) // 3):
        return "centre", f"its name says so, with {n_levels} different values"
    numeric = pd.api.types.is_numeric_dtype(values) and n_levels > 2
    if not numeric and present.value_counts().iloc[:2].min() >= 2 and n_levels <= 6:
        reason = "its name says so" if GROUP_NAMES.search(name) else f"it has {n_levels} groups"
        return "factor", f"{reason}, with values {', '.join(sorted(present.unique())[:4])}"
    return ("covariates", "it is a number") if numeric else ("", "")


def _levels(levels: pd.Series[Any]) -> tuple[list[Suggestion], list[Suggestion]]:
    """Suggest which of the two largest groups is the case, and which the control."""
    sizes = levels.value_counts()
    names = sorted(sizes.index[:2], key=lambda name: (CONTROLS.search(name) is not None, name))
    if len(names) < 2:
        return [], []
    case, control = names
    worded = bool(CONTROLS.search(control)) and not CONTROLS.search(case)
    reason = "read from its name" if worded else "one of the two largest groups; check the direction"
    return [Suggestion(case, reason)], [Suggestion(control, reason)]
