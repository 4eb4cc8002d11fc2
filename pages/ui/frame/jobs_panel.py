"""Long work on screen: started, watched and cancelled from any page."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from core import analysis
from core.analysis import Analysis, At
from core.cohort.simulation.demo import DEMO
from core.cohort.simulation.demo import KIND as DEMONSTRATION
from core.jobs import JobState
from core.spec import Spec
from pages.ui.frame import access, problems
from pages.ui.parts.format import percent, plain, seconds

S = TypeVar("S", bound=Spec)
R = TypeVar("R")
EVERY = 1.0  # seconds; each look takes the browser's time, which on a small machine the job lacks


def start(kind: Analysis[S, R], at: At, spec: S, *, background: bool = False) -> None:
    """Start an analysis unless its result is there, or join it if it is running.

    One in the background gives way to whatever somebody waits for.
    """
    if analysis.is_there(kind, at, spec):
        return
    access.jobs().start(
        analysis.key(kind, at, spec),
        title=kind.doing(at, spec),
        request=analysis.asked_for(kind, at, spec) | {"background": background},
        command=analysis.command(kind, at, spec),
        expected=kind.seconds(at, spec),
    )


@problems.store_permitting()
def start_unasked(kind: Analysis[S, R], at: At, spec: S, *, background: bool = False) -> None:
    """Start an analysis that nobody has asked for yet; one that was cancelled stays cancelled."""
    if access.jobs().state(analysis.key(kind, at, spec)) is None:
        start(kind, at, spec, background=background)


@problems.store_permitting()
def start_demo() -> None:
    """Start the simulation of the demonstration cohort."""
    start(DEMONSTRATION, access.at(""), DEMO)
    access.jobs().stand_by()  # for the comparison, which is started as soon as there is a cohort


def watch(key: str, *, sooner: tuple[str, str] | None = None) -> JobState | None:
    """Show a job until it ends, then draw the whole page again; return how it stood.

    `sooner` is kind and key of a first result that is worth drawing before the job ends.
    """
    state = access.jobs().state(key)
    if state is None:
        return None
    if state.status == "running":
        _progress(key, sooner)
    elif state.status in ("failed", "cancelled"):
        _ended(state)
    return state


def running_jobs(awaited: str | None) -> None:
    """List what is being computed now, in the sidebar; draw the page again once `awaited` has ended."""
    if states := access.jobs().running():
        _running(awaited if awaited in {state.key for state in states} else None)


@st.fragment(run_every=EVERY)
def _progress(key: str, sooner: tuple[str, str] | None) -> None:
    state = access.jobs().state(key)
    is_there = sooner is not None and access.store().get(sooner[1], kind=sooner[0]) is not None
    if is_there or state is None or state.status != "running":
        st.rerun(scope="app")
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        done = min(1.0, state.fraction)
        progress = f"**{plain(state.title)}** · {plain(state.stage)} · {percent(round(done, 2))}"
        left.progress(done, text=f"{progress} · {seconds(state.seconds_left)}")
        if right.button("Cancel", key=f"cancel.{key}", width="stretch"):
            access.jobs().cancel(key)


@st.fragment(run_every=EVERY)
def _running(awaited: str | None) -> None:
    states = access.jobs().running()
    if not states or (awaited and awaited not in {state.key for state in states}):
        st.rerun(scope="app")
    st.caption("Being computed")
    for state in states:
        st.progress(min(1.0, state.fraction), text=f"{plain(state.title)} · {seconds(state.seconds_left)}")


def _ended(state: JobState) -> None:
    if state.status == "cancelled":
        st.info(f"“{plain(state.title)}” was cancelled; nothing was changed.", icon=":material/cancel:")
    elif state.faults:
        problems.show_faults(state.faults)
    else:
        st.error(f"“{plain(state.title)}” did not finish: {plain(state.message)}", icon=":material/error:")
    if st.button("Close this message", key=f"dismiss.{state.key}"):
        access.jobs().dismiss(state.key)
        st.rerun()
