"""The enrichment analysis a page shows: found in the store, watched while computed, or offered."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from core.cohort.demo import DEMO_ANALYSIS, find_demo
from core.cohort.model import Cohort
from core.errors import Fault, InputError
from core.export.provenance import Provenance
from core.pathways.check import check_spec
from core.pathways.collections import list_collections
from core.pathways.result import PathwayResult, pathway_key
from core.spec import DESpec, PathwaySpec
from pages.ui import access, jobs_panel, pathway_settings, problems, state
from pages.ui.analysis import Shown
from pages.ui.format import about, plain

SHOWN = "pathways.shown"
TESTS = {
    "gsea": "gene set enrichment analysis",
    "ora": "over-representation",
    "camera": "correlation-aware test",
    "ssgsea": "scores per patient (ssGSEA)",
    "gsva": "scores per patient (GSVA)",
}


@dataclass(frozen=True)
class Found:
    """What the Pathways page draws from.

    Parameters
    ----------
    shown : Shown
        The comparison.
    result : PathwayResult
        The enrichment on screen.
    stale : bool
        Whether it belongs to the analysis before the one that is being computed.
    """

    shown: Shown
    result: PathwayResult
    stale: bool = False

    @property
    def digest(self) -> str:
        """Content hash of the data set."""
        return self.shown.digest

    @property
    def cohort(self) -> Cohort:
        """The data set."""
        return self.shown.cohort

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return access.pathway_provenance(self.cohort, self.shown.result, self.result)

    @property
    def contrast(self) -> tuple[str, str]:
        """Case and control."""
        return self.shown.result.spec.case, self.shown.result.spec.control


def require(shown: Shown) -> Found:
    """Return the result to show; where there is none, say why, offer the next step and stop."""
    spec, de_spec = state.pathways(), plain_comparison(shown.result.spec)
    _refuse_foreign_files(spec)
    result = access.pathways(shown.digest, de_spec, spec)
    if result is not None:
        st.session_state[SHOWN] = (shown.digest, de_spec, spec)
        return Found(shown, result, stale=shown.stale)
    if not shown.stale:
        _progress_or_offer(shown.digest, de_spec, spec)
    earlier = st.session_state.get(SHOWN)
    if earlier and earlier[:2] == (shown.digest, de_spec) and (old := access.pathways(*earlier)) is not None:
        st.caption(f"Below, until then: the earlier analysis, {plain(describe(old.spec))}.")
        return Found(shown, old, stale=True)
    pathway_settings.panel(shown.digest, de_spec)
    st.stop()


def plain_comparison(spec: DESpec) -> DESpec:
    """Return the comparison without shrinkage, which changes nothing in the ranking of genes."""
    return replace(spec, shrink=False)


def describe(spec: PathwaySpec) -> str:
    """Return an analysis in a few words."""
    names = [name.rsplit("/", 1)[-1] for name in spec.collections]
    return f"{TESTS[spec.test]} of {', '.join(names)}"


def start(digest: str, de_spec: DESpec, spec: PathwaySpec) -> bool:
    """Check an analysis and start it unless its result is there; show what is wrong otherwise."""
    try:
        check_spec(spec)
    except InputError as error:
        problems.show_faults(error.faults)
        return False
    jobs_panel.start_pathways_if_absent(digest, de_spec, spec)
    return True


def _progress_or_offer(digest: str, de_spec: DESpec, spec: PathwaySpec) -> None:
    key = pathway_key(digest, de_spec, spec)
    on_demo = plain_comparison(DEMO_ANALYSIS) == de_spec and digest == find_demo(access.store())
    if on_demo and spec == PathwaySpec():
        jobs_panel.start_pathways_on_first_visit(digest, de_spec, spec)
    job = jobs_panel.watch(key)
    if job is None or job.status != "running":
        st.markdown(
            f"The gene sets of this comparison ({plain(describe(spec))}) have not been tested on this "
            f"computer yet. It takes {about(jobs_panel.expected_pathways(digest, de_spec, spec))}."
        )
        if st.button("Test the gene sets", type="primary", key="pathways.compute") and start(
            digest, de_spec, spec
        ):
            st.rerun()


def _refuse_foreign_files(spec: PathwaySpec) -> None:
    """Refuse a link that names a file of this computer that nobody brought here through the page."""
    shipped = {card.name for card in list_collections()}
    foreign = [name for name in spec.collections if name not in shipped and not access.is_own_sets(name)]
    if foreign:
        raise InputError(
            [
                Fault(
                    "unknown-collection",
                    f"collection {name.rsplit('/', 1)[-1]!r}",
                    "it is not on this computer",
                    "Choose shipped collections in the settings, or upload the GMT file there",
                )
                for name in foreign
            ]
        )
