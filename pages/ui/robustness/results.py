"""The ladder of a comparison, as the Robustness page and others read it."""

from __future__ import annotations

import streamlit as st

from core.analysis import At
from core.de.spec import DESpec
from core.robustness.ladder.run import KIND, Ladder, LadderSpec
from core.robustness.ladder.steps import Plan, plan_ladder
from pages.ui.frame import access, jobs_panel, state
from pages.ui.frame.shown import Shown
from pages.ui.genes.results import Comparison, on_demo


def start_of(shown: Comparison) -> At:
    """Return what the ladder of a comparison, or another check of it, starts from."""
    return access.at(shown.digest, de=shown.result.spec)


def climbed(digest: str, spec: DESpec) -> Shown[LadderSpec, Ladder] | None:
    """Return a finished ladder to show, or None: computing is a job's business."""
    made = access.made(KIND, access.at(digest, de=spec), state.chosen(KIND))
    return None if made is None else Shown(made)


def ladder(digest: str, spec: DESpec) -> Ladder | None:
    """Return a finished ladder alone."""
    found = climbed(digest, spec)
    return None if found is None else found.result


@st.cache_resource(max_entries=8, show_spinner=False)
def plan(digest: str, spec: DESpec) -> Plan:
    """Return the rungs that a ladder of the comparison would have."""
    return plan_ladder(access.cohort(digest), spec)


def start_ladder_on_demo(shown: Comparison) -> None:
    """Climb the ladder by itself on the demonstration cohort, once nothing else is being computed.

    It gives way to whatever somebody waits for. One that was cancelled stays cancelled.
    """
    if on_demo(shown.digest, shown.result.spec) and not shown.stale and not access.jobs().running():
        jobs_panel.start_unasked(KIND, start_of(shown), state.chosen(KIND), background=True)
