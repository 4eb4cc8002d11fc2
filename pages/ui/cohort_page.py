"""The Cohort page: the groups beside each other, and the samples one by one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.cohort.exclusion import exclusion_words
from core.cohort.model import Cohort
from core.cohort.profile import profile_key
from core.errors import InputError
from core.spec import DESpec
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
    style,
)
from pages.ui.format import plain


def draw() -> None:
    """Draw the page."""
    st.title("Are the groups comparable?")
    digest, spec = analysis.chosen()
    cohort = access.cohort(digest)
    jobs_panel.start_profile(digest)
    looked = cohort_view.look_at(digest, spec)
    style.answer(cohort_sentences.answer(looked))
    _left_out(digest, cohort, spec)
    _refusal(cohort, spec)
    cohort_groups.draw(looked)
    if looked.profile is None:
        jobs_panel.watch(profile_key(digest))
        return
    cohort_samples.draw(looked, looked.profile)
    cohort_cells.draw(looked, looked.profile)


def _left_out(digest: str, cohort: Cohort, spec: DESpec) -> None:
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
            digest, cohort, replace(spec, exclude=())
        ):
            st.rerun()


def _refusal(cohort: Cohort, spec: DESpec) -> None:
    """Show why the model in force cannot be estimated, if so, with the table that shows it."""
    try:
        settings.design_of(cohort, spec)
    except InputError as error:
        problems.show_faults(error.faults)
        for title, table in error.tables.items():
            st.caption(plain(title))
            st.dataframe(table, width="content")
