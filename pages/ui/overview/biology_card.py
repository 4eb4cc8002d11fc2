"""The card "Which biology?": the themes of an enrichment at a glance, or the way to them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.analysis import At, is_there, key
from core.pathways.kind import KIND
from core.pathways.result import ThemeGlance, read_glance
from core.pathways.spec import PathwaySpec
from pages.ui.frame import access, state
from pages.ui.frame.shown import is_running, start
from pages.ui.genes.results import Comparison
from pages.ui.parts import style
from pages.ui.parts.format import about, number
from pages.ui.pathways import sentences as pathway_sentences
from pages.ui.pathways.results import start_of, start_on_demo
from pages.ui.pathways.themes import BRAIN, CLASSES

TITLE = "Which biology?"
CLAIMED = ("Immune system", "Gene regulation", BRAIN)


def card(shown: Comparison) -> style.Card:
    """Return the card; the file of themes is small, so this reads no more than the card says."""
    at, spec = start_of(shown.digest, shown.result.spec), state.chosen(KIND)
    glance = access.read(KIND, at, spec, read_glance)
    if glance is None:
        # Before the card is written, so that it says what is being done, and once nothing else is.
        if not shown.stale and not access.jobs().running():
            start_on_demo(at, spec)
        return style.Card(
            TITLE, "–", _waiting(at, spec), "<b>But</b> blood is not brain, whatever comes of it."
        )
    themes = glance.themes[(glance.themes["sub_theme"] == "") & glance.themes["theme"].isin(CLAIMED)]
    lines = "".join(_line(row) for _, row in themes.iterrows())
    case, control = style.escape(shown.result.spec.case), style.escape(shown.result.spec.control)
    unclear = "; ◆ no clear direction" if (themes["direction"] == "unclear").any() else ""
    unit = (
        f"<span class='trd-label'>▲ higher, ▼ lower in {case} than in {control}{unclear}; in "
        f"{pathway_sentences.SD} with 95&nbsp;% interval</span>"
    )
    return style.Card(TITLE, f"<table class='trd-biology'>{lines}</table>", unit, _but(glance))


def next_step(shown: Comparison) -> None:
    """Draw, under the cards, what is needed for this one: a job's progress, or a button that starts it."""
    at, spec = start_of(shown.digest, shown.result.spec), state.chosen(KIND)
    if shown.stale or is_there(KIND, at, spec) or is_running(KIND, at, spec):
        return
    takes = about(KIND.seconds(at, spec))
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Test the gene sets", key="overview.pathways", icon=":material/play_arrow:")
        st.caption(f"For “{TITLE}”, the gene sets have to be tested once; this takes {takes}.")
    if pressed and start(KIND, at, spec):
        st.rerun()


def _waiting(at: At, spec: PathwaySpec) -> str:
    job = access.jobs().state(key(KIND, at, spec))
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
