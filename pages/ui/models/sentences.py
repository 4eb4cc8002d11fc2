"""What the risk models say, in sentences written from the result. Returns safe HTML."""

from __future__ import annotations

import math

import pandas as pd

from core.figures.models.parts import interval_text, number_text, row_text
from core.models.metrics.size import SampleSize
from pages.ui.models.results import Found
from pages.ui.parts.format import number, percent, plural
from pages.ui.parts.style import escape

AUC = (
    '<abbr title="Area under the ROC curve: the chance that a case drawn at random has a higher '
    "predicted risk "
    'than a control drawn at random. 0.5 is a coin, 1 is perfect.">AUC</abbr>'
)
# Where the figure of a rung comes from, and its column.
RUNG_FIGURES = {
    "exploratory": ("As an exploratory figure of which nothing may be claimed", "auc"),
    "internal": ("In patients of the same study whom it had not seen", "auc"),
    "centre": ("In whole centres that it had not seen", "centre_auc"),
    "external": ("In another cohort that it had not seen", "external_auc"),
}
PLACES = {
    "auc": "in single patients it had not seen",
    "centre_auc": "in centres it had not seen",
    "external_auc": "in another cohort",
}
RUNGS = {
    "exploratory": "exploratory",
    "internal": "internally validated",
    "centre": "holds in centres held out",
    "external": "holds in another cohort",
}


def auc_of(row: pd.Series) -> str:
    """Return what a card's figure is: the AUC of a model, by its title."""
    return f"{AUC} of the model “{escape(row['title'])}”"


def answer(found: Found) -> str:
    """Say how well the model that claims are made of tells the groups apart, as far as may be said."""
    claim, run = found.result.run.claim, found.result.run
    case, control = map(escape, found.contrast)
    row = _row(found, found.primary)
    if not claim.headline or row is None:
        return (
            f"<b>No figure is given</b> for how well blood tells {case} from {control}: "
            f"{why_withheld(found)} What follows is for finding out why (n = {number(run.n_case)} and "
            f"{number(run.n_control)})."
        )
    title = escape(found.title(found.primary))
    where, column = RUNG_FIGURES.get(claim.rung, RUNG_FIGURES["exploratory"])
    area, low, high = (number_text(float(row[f"{column}{part}"])) for part in ("", "_lower", "_upper"))
    return (
        f"{where}, the model <b>{title}</b> ranks a {case} patient above a {control} one with a chance of "
        f"<b>{area}</b> ({AUC}, 95 % interval {low} to {high}; n = {number(run.n_case)} and "
        f"{number(run.n_control)}). {_elsewhere(row, column)} {_beside_clinical(found)}"
    )


def why_withheld(found: Found) -> str:
    """Return why no figure may be given, as the rest of a sentence."""
    reason = found.result.run.claim.reason
    return escape(reason[:1].lower() + reason[1:]) or "no model could be evaluated."


def _row(found: Found, model: str) -> pd.Series | None:
    rows = found.table[(found.table["model"] == model) & found.table["auc"].notna()]
    return None if rows.empty else rows.iloc[0]


def difference_from(found: Found, model: str, baseline: str) -> pd.Series | None:
    """Return the paired differences between a model and a baseline; None if not computed."""
    rows = found.against[(found.against["model"] == model) & (found.against["baseline"] == baseline)]
    return None if rows.empty else rows.iloc[0]


def _beside_clinical(found: Found) -> str:
    row = difference_from(found, found.primary, "clinical")
    if row is None:
        return "There is no clinical model to compare it with."
    value, low, high = (float(row[f"delta_auc{part}"]) for part in ("", "_lower", "_upper"))
    text = interval_text(value, low, high)
    if low > 0:
        return f"In the same patients that is better than the clinical model, by {text}."
    if high < 0:
        return f"In the same patients that is worse than the clinical model, by {text}."
    return (
        f"In the same patients it is not clearly better or worse than the clinical model: difference {text}."
    )


def _elsewhere(row: pd.Series, column: str) -> str:
    """Say the areas that are not the main one."""
    areas = [
        f"{words} it is {row_text(row, name)}"
        for name, words in PLACES.items()
        if name != column and not math.isnan(row[name])
    ]
    text = "; ".join(areas)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def limits(found: Found) -> str:
    """Say what such a study cannot show, whatever the numbers."""
    case, run = escape(found.contrast[0]), found.result.run
    share = percent(run.n_case / max(1, run.n_case + run.n_control))
    dated = next(
        (c for c in found.result.checks if c.code == "cross-sectional" and c.severity == "passed"), None
    )
    when = (
        escape(dated.explanation)
        if dated
        else "Nothing here says that the outcome came after the blood was drawn: these models recognise "
        f"patients who <b>are</b> {case}; they have not been shown to predict who <b>will become</b> so."
    )
    return (
        f"{when} {share} of these patients are {case}; where fewer are, every predicted risk is lower "
        "(slider below). Not for use in care."
    )


def size_words(found: Found, *, allowed: int, c: float, needed: SampleSize) -> str:
    """Say how many predictors this many patients can carry."""
    n = found.result.run.n_case + found.result.run.n_control
    return (
        f"At an anticipated AUC of {c:.2f}, {plural(n, 'patient')} can carry "
        f"**{plural(allowed, 'parameter')}**; 20 parameters would need **{number(needed.needed)}** patients "
        "(Riley 2020, at the study's share of cases; c statistic turned into Cox–Snell R² "
        f"{needed.r2_cox_snell:.3f} as in Riley 2021). Genes are thousands of candidates: only strong "
        "shrinkage and validation make such a model possible at all, and intervals stay wide."
    )
