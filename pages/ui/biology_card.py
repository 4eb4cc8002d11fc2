"""The card "Which biology?": the themes of an enrichment at a glance, or the way to them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.cohort.demo import DEMO_ANALYSIS, find_demo
from core.pathways.result import ThemeGlance, pathway_key
from core.spec import PathwaySpec
from pages.ui import access, jobs_panel, pathway_sentences, state, style
from pages.ui.analysis import Shown
from pages.ui.format import about, number
from pages.ui.pathway_analysis import plain_comparison
from pages.ui.pathway_themes import BRAIN, CLASSES

TITLE = "Which biology?"
CLAIMED = ("Immune system", "Gene regulation", BRAIN)


def card(shown: Shown) -> style.Card:
    """Return the card; the file of themes is small, so this reads no more than the card says."""
    glance = access.theme_glance(shown.digest, shown.result.spec, state.pathways())
    if glance is None:
        if not shown.stale:  # before the card is written, so that it says what is being done
            start_on_demo(shown, state.pathways())
        return style.Card(TITLE, "–", _waiting(shown), "<b>But</b> blood is not brain, whatever comes of it.")
    themes = glance.themes[(glance.themes["sub_theme"] == "") & glance.themes["theme"].isin(CLAIMED)]
    lines = "".join(_line(row) for _, row in themes.iterrows())
    case, control = style.escape(shown.result.spec.case), style.escape(shown.result.spec.control)
    unclear = "; ◆ no clear direction" if (themes["direction"] == "unclear").any() else ""
    unit = (
        f"<span class='trd-label'>▲ higher, ▼ lower in {case} than in {control}{unclear}; in "
        f"{pathway_sentences.SD} with 95&nbsp;% interval</span>"
    )
    return style.Card(TITLE, f"<table class='trd-biology'>{lines}</table>", unit, _but(glance))


def next_step(shown: Shown) -> None:
    """Draw, under the cards, what is needed for this one: a job's progress, or a button that starts it."""
    spec, de_spec = state.pathways(), plain_comparison(shown.result.spec)
    if shown.stale or access.theme_glance(shown.digest, de_spec, spec) is not None:
        return
    key = pathway_key(shown.digest, de_spec, spec)
    job = jobs_panel.watch(key)
    if job is not None and job.status == "running":
        return
    takes = about(jobs_panel.expected_pathways(shown.digest, de_spec, spec))
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Test the gene sets", key="overview.pathways", icon=":material/play_arrow:")
        st.caption(f"For “{TITLE}”, the gene sets have to be tested once; this takes {takes}.")
    if pressed:
        jobs_panel.start_pathways_if_absent(shown.digest, de_spec, spec)
        st.rerun()


def start_on_demo(shown: Shown, spec: PathwaySpec) -> None:
    """Start the test by itself on the demonstration cohort, once nothing else is being computed.

    One that was cancelled stays cancelled.
    """
    de_spec = plain_comparison(shown.result.spec)
    on_demo = plain_comparison(DEMO_ANALYSIS) == de_spec and shown.digest == find_demo(access.store())
    if on_demo and spec == PathwaySpec() and not access.jobs().running():
        jobs_panel.start_pathways_on_first_visit(shown.digest, de_spec, spec)


def _waiting(shown: Shown) -> str:
    job = access.jobs().state(
        pathway_key(shown.digest, plain_comparison(shown.result.spec), state.pathways())
    )
    if job is not None and job.status == "running":
        return "The gene sets are being tested now."
    return "The gene sets of this comparison have not been tested on this computer yet."


def _line(row: pd.Series) -> str:
    if not row["n_sets"]:
        return f"<tr><th>{style.escape(row['theme'])}</th><td>no set tested</td></tr>"
    direction = str(row["direction"])
    strength = pathway_sentences.interval_short(row).replace(" ", "&nbsp;")
    return (
        f"<tr><th>{style.escape(row['theme'])}</th><td class='{CLASSES[direction]}'>"
        f"{pathway_sentences.ARROWS[direction]}&nbsp;{strength}</td></tr>"
    )


def _but(glance: ThemeGlance) -> str:
    run = glance.run
    held = run.n_significant - run.n_flagged
    checked = (
        f"<b>But</b> {number(held)} of {number(run.n_significant)} significant sets hold when genes that "
        "move together are allowed for; "
        if run.n_flagged
        else "<b>But</b> "
    )
    cells = glance.cells[(glance.cells["theme"] == BRAIN) & (glance.cells["sub_theme"] == "")]
    if not cells["n_genes"].any():
        return f"{checked}blood is not brain."
    return (
        f"{checked}blood is not brain: the genes that carry neuroplasticity here are typical of "
        f"{pathway_sentences.cells_words(cells, most=2)}."
    )
