"""The Cohort page: the groups beside each other, and the samples one by one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.analysis import examine, key
from core.cohort.exclusion import exclusion_words
from core.cohort.profile import KIND as PROFILE
from core.cohort.profile import ProfileSpec
from core.de.kind import KIND as COMPARISON
from core.de.spec import DESpec
from core.errors import InputError
from pages.ui import (
    access,
    analysis,
    cohort_cells,
    cohort_groups,
    cohort_samples,
    cohort_sentences,
    cohort_view,
    jobs_panel,
    problems,
    settings,
    shown,
    style,
)
from pages.ui.format import plain


def draw() -> None:
    """Draw the page."""
    st.title("Are the groups comparable?")
    digest, spec = analysis.chosen()
    at = access.at(digest)
    jobs_panel.start_unasked(PROFILE, at, ProfileSpec())
    looked = cohort_view.look_at(digest, spec)
    job = access.jobs().state(key(PROFILE, at, ProfileSpec()))
    under_way = job is not None and job.status == "running"
    style.answer(cohort_sentences.answer(looked, under_way=under_way))
    _left_out(digest, spec)
    _refusal(digest, spec)
    cohort_groups.draw(looked)
    if looked.profile is None:
        if not shown.is_running(PROFILE, at, ProfileSpec()):
            pressed = st.button("Look at the samples", type="primary", key="cohort.look")
            if pressed and shown.start(PROFILE, at, ProfileSpec()):
                st.rerun()
        return
    cohort_samples.draw(looked, looked.profile)
    cohort_cells.draw(looked, looked.profile)


def _left_out(digest: str, spec: DESpec) -> None:
    """Say what was left out, and offer to put it back."""
    if not spec.exclude:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        words = exclusion_words(spec.exclude)
        st.markdown(
            f"**{plain(words)}** of this comparison: of its genes and pathways, and in the link. Risk models "
            "still take all samples."
        )
        if st.button("Put them back", icon=":material/undo:", key="cohort.undo") and settings.start(
            digest, replace(spec, exclude=())
        ):
            st.rerun()


def _refusal(digest: str, spec: DESpec) -> None:
    """Show why the model in force cannot be estimated, if so, with the table that shows it."""
    try:
        examine(COMPARISON, access.at(digest), spec)
    except InputError as error:
        problems.show_faults(error.faults)
        for title, table in error.tables.items():
            st.caption(plain(title))
            st.dataframe(table, width="content")
