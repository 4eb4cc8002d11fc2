"""The enrichment analysis a page shows: found in the store, watched while computed, or offered."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.analysis import At
from core.de.spec import DESpec
from core.pathways.kind import KIND
from core.pathways.result import PathwayResult
from core.pathways.spec import PathwaySpec
from pages.ui.frame import access, jobs_panel, shown, site, state
from pages.ui.frame.shown import Shown
from pages.ui.genes.results import Comparison, on_demo
from pages.ui.parts.format import plain
from pages.ui.pathways import settings


@dataclass(frozen=True, kw_only=True)
class Found(Shown[PathwaySpec, PathwayResult]):
    """What the Pathways page draws from: the enrichment, stale where it or the comparison is.

    Parameters
    ----------
    shown : Comparison
        The comparison.
    """

    shown: Comparison

    @property
    def contrast(self) -> tuple[str, str]:
        """Case and control."""
        return self.shown.contrast


def start_of(digest: str, de_spec: DESpec) -> At:
    """Return what the enrichment of a comparison starts from."""
    return KIND.plain(access.at(digest, de=de_spec), PathwaySpec())[0]


def require(comparison: Comparison) -> Found:
    """Return the result to show; where there is none, say why, offer the next step and stop."""
    spec, at = state.chosen(KIND), start_of(comparison.digest, comparison.result.spec)
    access.refuse_foreign_sets(spec)
    if found := shown.find(KIND, at, spec):
        return Found(found.made, comparison.stale, shown=comparison)
    if not comparison.stale:
        _progress_or_offer(at, spec)
    if old := shown.earlier(KIND, at, lambda before, _: before.before == at.before):
        st.caption(f"Below, until then: the earlier analysis, {plain(KIND.describe(old.made.spec))}.")
        return Found(old.made, stale=True, shown=comparison)
    settings.panel(at)
    site.stop()


def start_on_demo(at: At, spec: PathwaySpec) -> None:
    """Start the usual test by itself on the demonstration cohort; one that was cancelled stays cancelled."""
    de_spec = at.before["de"]
    if isinstance(de_spec, DESpec) and on_demo(at.digest, de_spec) and spec == PathwaySpec():
        jobs_panel.start_unasked(KIND, at, spec)


def _progress_or_offer(at: At, spec: PathwaySpec) -> None:
    start_on_demo(at, spec)
    what = f"The gene sets of this comparison ({plain(KIND.describe(spec))})"
    missing = f"{what} have not been tested on this computer yet."
    shown.offer(KIND, at, spec, missing, label="Test the gene sets", key="pathways.compute")
