"""The comparison a page shows: found in the store, watched while computed, or offered."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import streamlit as st

from core import analysis
from core.cohort.simulation.demo import DEMO, demo_key, find_demo
from core.de.kind import KIND
from core.de.result import DEResult
from core.de.spec import DEMO_ANALYSIS, DESpec
from pages.ui.frame import access, jobs_panel, shown, site, state
from pages.ui.frame.shown import Shown
from pages.ui.parts.format import plain

Comparison = Shown[DESpec, DEResult]
MOST_OFFERED = 6


def require() -> Comparison:
    """Return the comparison to show; where there is none, say why, offer the next step and stop."""
    digest, spec = chosen()
    at, plain_spec = access.at(digest), replace(spec, shrink=False)
    if found := shown.find(KIND, at, spec):
        return found
    if spec.shrink and (found := shown.find(KIND, at, plain_spec)):
        shown.is_running(KIND, at, spec)  # shrinkage is under way, and the result without it stands in
        return found
    _progress_or_offer(digest, spec)
    if old := shown.earlier(KIND, at, lambda *_: True):
        st.caption(f"Below, until then: the earlier analysis, {plain(KIND.describe(old.made.spec))}.")
        if st.button("Back to the earlier analysis", key="analysis.back"):
            state.analyse(old.made.spec)
            st.rerun()
        return old
    _offer_finished(digest)
    site.stop()


def chosen() -> tuple[str, DESpec]:
    """Return data set and comparison in force; where there is none, offer the next step and stop."""
    digest = st.session_state.get("digest")
    if digest is None:
        _wait_for_demo()
    return digest, _spec_in_force(digest)


def on_demo(digest: str, spec: DESpec) -> bool:
    """Return whether this is the comparison that the demonstration cohort comes with, shrunken or not."""
    same = replace(spec, shrink=False) == replace(DEMO_ANALYSIS, shrink=False)
    return same and digest == find_demo(access.store())


def _offer_finished(digest: str) -> None:
    """Name the comparisons of this data set that can be seen at once."""
    finished = access.comparisons(digest)[:MOST_OFFERED]
    if not finished:
        return
    st.caption("Computed before, and there at once:")
    for number, spec in enumerate(finished):
        if st.button(plain(KIND.describe(spec)), key=f"analysis.finished.{number}", type="tertiary"):
            state.analyse(spec)
            st.rerun()


def _wait_for_demo() -> NoReturn:
    """Show the simulation of the demonstration cohort, the only data set there could be, and stop."""
    st.markdown("The demonstration cohort is simulated once, on the first visit; this takes a few seconds.")
    jobs_panel.watch(demo_key(DEMO, store=access.store()))
    site.stop()


def _spec_in_force(digest: str) -> DESpec:
    """Return the analysis that was chosen; where none was, offer to choose one and stop."""
    spec = state.spec()
    if spec == DEMO_ANALYSIS and on_demo(digest, spec):
        jobs_panel.start_unasked(KIND, access.at(digest), spec)
    if spec is None:
        st.info("No groups have been chosen for this data set yet.", icon=":material/groups:")
        if st.button("Choose what to compare", type="primary"):
            site.go_to("data")
        site.stop()
    return spec


def _progress_or_offer(digest: str, spec: DESpec) -> None:
    at = access.at(digest)
    # The result without shrinkage is there first, and is what the page shows until then.
    first = analysis.key(KIND, at, replace(spec, shrink=False)) if spec.shrink else None
    if shown.is_running(KIND, at, spec, sooner=first):
        return
    access.jobs().stand_by()
    words = plain(KIND.describe(spec))
    st.markdown(f"This comparison ({words}) has not been computed on this computer yet.")
    with st.container(horizontal=True):
        wanted = st.button("Compute it", type="primary", key="analysis.compute")
        if st.button("Choose another comparison", key="analysis.other"):
            site.go_to("data")
    if wanted and shown.start(KIND, at, spec):
        st.rerun()
