"""The Models page, in the order in which a reviewer reads: performance, evidence, drivers, checks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.models.parts import interval_text, number_text, row_text
from pages.ui.frame import footing, state
from pages.ui.models import checks, compare, drivers, evidence, files, patient, sentences, settings
from pages.ui.models.results import Found
from pages.ui.models.view import ModelsView
from pages.ui.parts import style
from pages.ui.parts.format import number, plain


def question() -> str:
    """Return the title of the page for the comparison in force."""
    spec = state.spec()
    if spec is None and st.session_state.get("digest") is not None:
        return "Can we tell the groups apart, and should anyone believe it?"
    if spec is None or (spec.case, spec.control) == ("TRD", "non-TRD"):
        return "Can we tell who is resistant, and should anyone believe it?"
    return f"Can we tell {plain(spec.case)} from {plain(spec.control)}, and should anyone believe it?"


def draw(found: Found) -> None:
    """Draw performance, evidence, drivers and checks."""
    footing.tell(found.made, *files.files(found))
    style.answer(sentences.answer(found))
    checks.red(found)
    st.html(f'<p class="trd-small">{sentences.limits(found)}</p>')
    settings.panel(found.made.at, drawn=found.result.spec)
    with st.container(key="stale" if found.stale else "fresh"):
        models = shown_models(found)
        if not models:
            st.info("No model could be evaluated; the checks below say why.", icon=":material/block:")
        else:
            _cards(found)
            evidence.explore(found, models)
            compare.draw(found, models)
            drivers.draw(found, models)
            patient.explore(found, models)
        checks.draw(found, show_areas=shows_withheld(found))


def shows_withheld(found: Found) -> bool:
    """Return whether figures of gene models may be drawn: they carry a headline, or were asked for."""
    return found.result.run.claim.headline or state.view(ModelsView).withheld


def shown_models(found: Found) -> list[str]:
    """Return the models that are drawn; the baselines alone where no headline may be given."""
    table = found.table[found.table["auc"].notna()]
    if found.result.run.claim.headline or table.empty:
        return table["model"].tolist()
    state.bound(
        "withheld",
        st.toggle,
        "Draw the withheld figures of the gene models as well",
        help="They are no evidence here: what they show may be the centre or another confounder.",
    )
    return (table if shows_withheld(found) else table[table["baseline"]])["model"].tolist()


def _cards(found: Found) -> None:
    claim, run = found.result.run.claim, found.result.run
    rows = found.table[found.table["model"] == found.primary]
    if not claim.headline or rows.empty:
        return
    row = rows.iloc[0]
    against = sentences.difference_from(found, found.primary, "clinical")
    rung = sentences.RUNGS.get(claim.rung, claim.rung)
    cards = [
        style.Card(
            "How well?",
            _two_lines(row_text(row, "auc")),
            f"{sentences.auc_of(row)}, n = {number(run.n_case)} and {number(run.n_control)}",
            f"<b>{style.escape(rung.capitalize())}.</b> {style.escape(claim.reason)}{_gap(row)}",
        ),
        style.Card(
            "Are the risks right?",
            _two_lines(row_text(row, "calibration_slope")),
            "calibration slope; 1 is right, below 1 risks are too extreme",
            f"{_on_average(row)} Brier skill {row_text(row, 'brier_skill')}: 0 is no better than knowing the "
            "share.",
        ),
    ]
    if against is not None:
        value, brier = row_text(against, "delta_auc"), row_text(against, "delta_brier", 3)
        card = style.Card(
            "Better than without genes?",
            _two_lines(value),
            "AUC gained over the clinical model, same patients",
            f"Brier score {brier}; below 0 is better. Intervals that hold 0 show no difference.",
        )
        cards.insert(1, card)
    style.cards(*cards)


def _on_average(row: pd.Series) -> str:
    """Say whether risks are too high or too low on average, if that is clear."""
    name = "calibration_in_the_large"
    value, low, high = (float(row[f"{name}{part}"]) for part in ("", "_lower", "_upper"))
    text = interval_text(value, low, high)
    if low > 0 or high < 0:
        return f"On average too {'high' if value < 0 else 'low'}: {text} log odds."
    return f"On average right, as far as can be told: off by {text} log odds."


def _gap(row: pd.Series) -> str:
    if row["gap"] != row["gap"]:
        return ""
    return f" Between centres {row_text(row, 'centre_auc')}, a gap of {number_text(float(row['gap']))}."


def _two_lines(text: str) -> str:
    """Return a number in full size, its interval smaller beside it."""
    value, _, interval = text.partition(" (")
    return (
        f'{value} <span style="font-size:.55em;font-weight:400">{interval.rstrip(")")}</span>'
        if interval
        else value
    )
