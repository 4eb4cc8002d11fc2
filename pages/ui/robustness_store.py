"""What the Robustness page reads from the store, and the jobs it starts."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.cohort.demo import DEMO_ANALYSIS, find_demo
from core.commands.de import arguments
from core.jobs import JobState
from core.robustness.ladder import KIND, Ladder, find_ladder, ladder_key
from core.robustness.ladder_cost import expected_seconds
from core.robustness.steps import Plan, plan_ladder
from core.spec import DESpec
from pages.ui import access, jobs_panel, problems
from pages.ui.analysis import Shown


def ladder(digest: str, spec: DESpec) -> Ladder | None:
    """Return a finished ladder, or None: computing is a job's business."""
    key = ladder_key(digest, spec)
    return None if access.store().get(key, kind=KIND) is None else _ladder(digest, spec, key)


@st.cache_resource(max_entries=4, show_spinner=False)
def _ladder(digest: str, _spec: DESpec, key: str) -> Ladder | None:
    return find_ladder(access.store(), digest, _spec)


def plan(shown: Shown) -> Plan:
    """Return the rungs that a ladder of the comparison would have."""
    return _plan(shown.digest, shown.result.spec)


@st.cache_resource(max_entries=8, show_spinner=False)
def _plan(digest: str, spec: DESpec) -> Plan:
    return plan_ladder(access.cohort(digest), spec)


def ladder_seconds(shown: Shown) -> float:
    """Return how long the ladder will take, as far as one can tell before."""
    return expected_seconds(
        access.store(), shown.digest, shown.result.spec, cohort=shown.cohort, plan=plan(shown)
    )


def start_ladder(digest: str, spec: DESpec, *, options: tuple[str, ...] = ()) -> None:
    """Start the ladder of a comparison, or join it if it is running."""
    access.jobs().start(
        ladder_key(digest, spec),
        title=f"Model ladder, {spec.contrast}",
        arguments=["ladder", "--dataset", digest, *arguments(spec), *options],
    )


@problems.store_permitting()
def start_ladder_on_demo(shown: Shown) -> None:
    """Climb the ladder by itself on the demonstration cohort, once nothing else is being computed.

    It gives way to whatever somebody waits for. One that was cancelled stays cancelled.
    """
    spec = shown.result.spec
    on_demo = replace(spec, shrink=False) == replace(DEMO_ANALYSIS, shrink=False) and (
        shown.digest == find_demo(access.store())
    )
    if not on_demo or shown.stale or ladder(shown.digest, spec) is not None or access.jobs().running():
        return
    if access.jobs().state(ladder_key(shown.digest, spec)) is None:
        start_ladder(shown.digest, spec, options=("--background",))


def watch_ladder(digest: str, spec: DESpec) -> JobState | None:
    """Show the job of a ladder until it ends."""
    return jobs_panel.watch(ladder_key(digest, spec))
