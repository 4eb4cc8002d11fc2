"""The analysis a page shows: found in the store, watched while computed, or offered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

import streamlit as st

from core.cohort.cell_scores import covariate_words
from core.cohort.demo import DEMO_ANALYSIS, demo_key, find_demo
from core.cohort.exclusion import exclusion_words
from core.cohort.model import Cohort
from core.de.methods import METHODS
from core.de.result import DEResult, de_key
from core.spec import DESpec
from pages.ui import access, jobs_panel, settings, site, state
from pages.ui.format import plain

SHOWN = "analysis.shown"
MOST_OFFERED = 6
# How a setting that is not the usual one is said.
UNUSUAL = {
    "min_count": "genes with at least {} counts",
    "min_samples": "in at least {} samples",
    "alpha": "false discovery rate {}",
    "lfc_threshold": "tested for |log2FC| above {}",
    "winsorise": "counts capped at quantile {}",
    "scale": "numbers not scaled",
    "all_groups": "in one model of all groups",
}


@dataclass(frozen=True)
class Shown:
    """What a page draws from.

    Parameters
    ----------
    digest : str
        Content hash of the data set.
    cohort : Cohort
        The data set.
    result : DEResult
        The result on screen.
    stale : bool
        Whether it belongs to the analysis before the one that is being computed.
    """

    digest: str
    cohort: Cohort
    result: DEResult
    stale: bool = False


def require() -> Shown:
    """Return the result to show; where there is none, say why, offer the next step and stop."""
    digest, spec = chosen()
    cohort = access.cohort(digest)
    result = access.result(digest, spec)
    if result is not None:
        st.session_state[SHOWN] = (digest, result.spec)
        if spec.shrink and not result.spec.shrink:
            _progress_or_offer(digest, spec, offer=False)
        return Shown(digest, cohort, result)
    _progress_or_offer(digest, spec, offer=True)
    earlier = st.session_state.get(SHOWN)
    if earlier and earlier[0] == digest and (old := access.result(digest, earlier[1])) is not None:
        st.caption(f"Below, until then: the earlier analysis, {plain(describe(old.spec))}.")
        if st.button("Back to the earlier analysis", key="analysis.back"):
            state.analyse(old.spec)
            st.rerun()
        return Shown(digest, cohort, old, stale=True)
    _offer_finished(digest)
    st.stop()


def chosen() -> tuple[str, DESpec]:
    """Return data set and comparison in force; where there is none, offer the next step and stop."""
    digest = st.session_state.get("digest")
    if digest is None:
        _wait_for_demo()
    return digest, _spec_in_force(digest)


def describe(spec: DESpec) -> str:
    """Return an analysis in a few words."""
    adjusted = (
        f"adjusted for {', '.join(covariate_words(spec.covariates))}" if spec.covariates else "not adjusted"
    )
    usual = DESpec(spec.factor, spec.case, spec.control)
    unusual = [
        words.format(value)
        for name, words in UNUSUAL.items()
        if (value := getattr(spec, name)) != getattr(usual, name)
    ]
    test = [] if spec.method == "deseq2" else [f"by {METHODS[spec.method].label}"]
    excluded = [words] if (words := exclusion_words(spec.exclude)) else []
    return ", ".join([spec.contrast, *test, adjusted, *unusual, *excluded])


def _offer_finished(digest: str) -> None:
    """Name the comparisons of this data set that can be seen at once."""
    finished = access.comparisons(digest)[:MOST_OFFERED]
    if not finished:
        return
    st.caption("Computed before, and there at once:")
    for number, spec in enumerate(finished):
        if st.button(plain(describe(spec)), key=f"analysis.finished.{number}", type="tertiary"):
            state.analyse(spec)
            st.rerun()


def _wait_for_demo() -> NoReturn:
    """Show the simulation of the demonstration cohort, the only data set there could be, and stop."""
    st.markdown("The demonstration cohort is simulated once, on the first visit; this takes a few seconds.")
    jobs_panel.watch(demo_key())
    st.stop()


def _spec_in_force(digest: str) -> DESpec:
    """Return the analysis that was chosen; where none was, offer to choose one and stop."""
    spec = state.spec()
    if spec == DEMO_ANALYSIS and digest == find_demo(access.store()):
        jobs_panel.start_on_first_visit(digest, DEMO_ANALYSIS)
    if spec is None:
        st.info("No groups have been chosen for this data set yet.", icon=":material/groups:")
        if st.button("Choose what to compare", type="primary"):
            site.go_to("data")
        st.stop()
    return spec


def _progress_or_offer(digest: str, spec: DESpec, *, offer: bool) -> None:
    # The result without shrinkage is there first, and is what the page shows until then.
    first = de_key(digest, replace(spec, shrink=False)) if offer and spec.shrink else None
    job = jobs_panel.watch(de_key(digest, spec), sooner=first)
    if offer and (job is None or job.status != "running"):
        access.jobs().stand_by()
        st.markdown(f"This comparison ({plain(describe(spec))}) has not been computed on this computer yet.")
        with st.container(horizontal=True):
            wanted = st.button("Compute it", type="primary", key="analysis.compute")
            if st.button("Choose another comparison", key="analysis.other"):
                site.go_to("data")
        if wanted and settings.start(digest, access.cohort(digest), spec):
            st.rerun()
