"""The Cohort page: the groups beside each other, and the samples one by one."""

from __future__ import annotations

import streamlit as st

from core.analysis import key
from core.cohort.samples.exclusion import exclusion_words
from core.cohort.samples.profile import KIND as PROFILE
from core.de.kind import KIND as COMPARISON
from core.de.spec import DESpec
from pages.ui.cohort import cells, comparison, groups, samples, sentences
from pages.ui.frame import access, footing, jobs_panel, shown, state
from pages.ui.genes import results as gene_results
from pages.ui.genes import settings as gene_settings
from pages.ui.parts import style
from pages.ui.parts.format import plain


def draw() -> None:
    """Draw the page."""
    st.title("Are the groups comparable?")
    digest, spec = gene_results.chosen()
    at, looking = access.at(digest), state.chosen(PROFILE)
    jobs_panel.start_unasked(PROFILE, at, looking)
    compared = comparison.compare_groups(digest, spec)
    job = access.jobs().state(key(PROFILE, at, looking))
    under_way = job is not None and job.status == "running"
    style.answer(sentences.answer(compared, under_way=under_way))
    _left_out(digest, spec)
    shown.fits(COMPARISON, at, spec)  # if not, it says why the model in force cannot be estimated
    groups.draw(compared)
    made = comparison.profile_of(digest)
    if made is None:
        if not shown.is_running(PROFILE, at, looking):
            shown.button(PROFILE, at, looking, "Look at the samples", type="primary", key="cohort.look")
        return
    footing.tell(made, contrast=compared.contrast)
    provenance = access.provenance(made)
    samples.draw(compared, made, provenance)
    cells.draw(compared, made.result, provenance)


def _left_out(digest: str, spec: DESpec) -> None:
    """Say what was left out, and offer to put it back."""
    if not spec.exclude:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        words = exclusion_words(spec.exclude)
        st.markdown(
            f"**{plain(words)}** of this comparison: of its genes, pathways and risk models, and in the link."
        )
        if st.button("Put them back", icon=":material/undo:", key="cohort.undo"):
            gene_settings.compare_instead(digest, spec, exclude=())
