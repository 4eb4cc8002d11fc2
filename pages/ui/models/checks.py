"""What speaks against the models, in plain sight: checks, permutations, predictors, the teaching switch."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.models.checks import learning_figure, permuted_figure, teaching_figure
from core.figures.models.parts import interval_text, number_text
from core.models.metrics.subgroups import LearningCurve
from core.models.reading.checklist import checklist
from core.models.reading.evidence import first_repeat_auc, size_statement, teaching
from core.models.result import CheckResult
from pages.ui.frame import problems, state
from pages.ui.models import parts, sentences
from pages.ui.models.results import Found
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, plain

# Signs and words stay on one line in a narrow column.
SIGNS = {
    "red": "✖\u00a0stops a\u00a0claim",
    "amber": "▲\u00a0weakens\u00a0it",
    "note": "◆\u00a0to\u00a0know",
    "passed": "✔\u00a0passed",
}
RISING = "The last step gained more than 0.01: more patients may help."
LEVEL = "The last step gained less than 0.01: more patients of this kind may add little."
KNOWN = {"yes": "✔ yes", "no": "✖ no", "unknown": "? nobody has judged it", "": "not a predictor"}


def red(found: Found) -> None:
    """Draw what stops a claim or makes it suspicious, before any number is read."""
    for check in found.result.checks:
        if check.severity == "red":
            st.error(f"**{plain(check.title)}**: {plain(check.explanation)}", icon=":material/gpp_bad:")
        elif check.code == "suspicious-auc" and check.severity == "amber":
            st.warning(f"**{plain(check.title)}**: {plain(check.explanation)}", icon=":material/warning:")


def draw(found: Found, *, show_areas: bool) -> None:
    """Draw all checks, and what they rest on."""
    st.subheader("Should anyone believe it?")
    _list(found)
    left, right = st.columns(2, gap="medium")
    with left:
        _permuted(found, show_areas=show_areas)
    with right:
        _learning(found, show_areas=show_areas)
    _size(found)
    if show_areas:
        _teaching(found)
    _predictors(found)
    problems.remark(found.result.run.notices)


def check_table(checks: tuple[CheckResult, ...]) -> pd.DataFrame:
    """Return the checks as a table for export."""
    return pd.DataFrame(
        {
            "check": [check.code for check in checks],
            "title": [check.title for check in checks],
            "result": [check.severity for check in checks],
            "explanation": [check.explanation or check.not_applicable_because for check in checks],
            "tripod_ai": [", ".join(check.tripod) for check in checks],
            "probast_ai": [", ".join(check.probast) for check in checks],
        }
    )


def _list(found: Found) -> None:
    rows = [
        [
            SIGNS.get(check.severity, "not applicable"),
            check.title,
            check.explanation or f"Not applicable because {check.not_applicable_because}",
            ", ".join(check.tripod),
            ", ".join(check.probast),
        ]
        for check in found.result.checks
    ]
    if rows:
        st.html(style.table(["", "Check", "What was found", "TRIPOD+AI", "PROBAST+AI"], rows))
        charts.files(check_table(found.result.checks), "model_checks", found.provenance)
    table = checklist(found.result.checks)
    n_open = int((table["status"] == "open").sum())
    with st.expander(
        f"TRIPOD+AI and PROBAST+AI checklist ({number(n_open)} items open)", icon=":material/checklist:"
    ):
        st.markdown(
            "What this run documents of each item. Software cannot settle any of them alone; what only the "
            "authors know stays open."
        )
        header = ["Checklist", "Item", "Topic", "Status", "What this run says"]
        st.html(style.table(header, table.astype(str).to_numpy().tolist()))
        charts.files(table, "model_checklist", found.provenance)


def _permuted(found: Found, *, show_areas: bool) -> None:
    areas = found.result.permuted
    model = str(areas["model"].iloc[0]) if len(areas) else "genes"
    row = found.table[found.table["model"] == model]
    if not show_areas or row.empty:
        return
    figure = permuted_figure(
        areas["auc"], observed=first_repeat_auc(found.result, model), **charts.look(found.cohort)
    )
    parts.figure(found, figure, "permuted", title="Does it find anything where there is nothing to find?")


def _learning(found: Found, *, show_areas: bool) -> None:
    rows = found.result.learning
    if rows.empty or not show_areas:
        return
    model = found.primary if found.primary in set(rows["model"]) else str(rows["model"].iloc[0])
    curve = LearningCurve(model, rows[rows["model"] == model].reset_index(drop=True))
    figure = learning_figure(curve.table, **charts.look(found.cohort))
    title = f"Would more patients help? {found.title(model)}"
    parts.figure(found, figure, "learning", title=title)
    more = RISING if curve.still_rising else LEVEL
    st.caption(f"{more} The band is the 95 % interval of each size.")


def _size(found: Found) -> None:
    if min(found.result.run.n_case, found.result.run.n_control) < 1:
        return
    said = size_statement(found.result)
    st.markdown(sentences.size_words(found, allowed=said.allowed, c=said.c, needed=said.twenty))


def _teaching(found: Found) -> None:
    label = "Teaching switch: what choosing genes outside the folds would have claimed"
    switch = state.bound("lesson", st.expander, label)
    if switch.open:  # few ask for it, and its picture takes time
        with switch:
            _outside(found)


def _outside(found: Found) -> None:
    """Set what choosing genes outside the folds claims beside what holds."""
    seen = teaching(found.result)
    if seen is None:
        st.caption("This evaluation did not compute it.")
        return
    inside, outside = seen.honest, seen.claimed
    st.markdown(
        "The same patients, the same model; the only difference is that its genes are chosen on all "
        "patients before the folds are made, so the patients to be predicted helped to choose. AUC "
        f"**{number_text(inside.value)}** becomes **{number_text(outside.value)}**. This second figure "
        "is worthless, and papers have been published with it."
    )
    wrong = state.bound("outside", st.toggle, "Choose the genes outside the folds (wrong on purpose)")
    rows = [("genes chosen inside each fold", inside, True)]
    rows += [("genes chosen outside", outside, False)] if wrong else []
    table = pd.DataFrame(
        [
            {"label": label, "value": at.value, "lower": at.lower, "upper": at.upper, "honest": honest}
            for label, at, honest in rows
        ]
    )
    figure = teaching_figure(table, **charts.look(found.cohort))
    parts.figure(found, figure, "teaching")
    if wrong:
        st.error(f"Leakage: AUC {interval_text(*outside[:3])} is an artefact.", icon=":material/gpp_bad:")


def _predictors(found: Found) -> None:
    table = found.result.predictors
    taken = found.result.spec.include_unsafe
    if taken:
        st.error(
            "Taken in on purpose, though not known before the second failed treatment: "
            f"{plain(', '.join(taken))}. No claim is made.",
            icon=":material/gpp_bad:",
        )
    if table.empty:
        return
    left_out = int((table["known_before"].isin(("no", "unknown")) & ~table["used"].astype(bool)).sum())
    label = f"Predictors: known before the second failed treatment? ({number(left_out)} left out)"
    with st.expander(label, icon=":material/rule:"):
        st.markdown(
            "A column that partly *defines* resistance, or comes after it, predicts it only in appearance. "
            "Columns that were not known before the second failed treatment are left out unless taken in on "
            "purpose."
        )
        rows = [
            [row["column"], KNOWN.get(row["known_before"], row["known_before"]), row["reason"], _use(row)]
            for _, row in table.iterrows()
        ]
        st.html(style.table(["Column", "Known before?", "Why", "Used"], rows))
        charts.files(table, "predictors", found.provenance)


def _use(row: pd.Series) -> str:
    return "yes" if row["used"] else f"no: {row['why_not']}" if row["why_not"] else "no"
