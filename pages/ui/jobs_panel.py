"""Long work on screen: started, watched and cancelled from any page."""

from __future__ import annotations

import streamlit as st

from core.cohort.demo import DEMO, demo_key
from core.cohort.profile import profile_key
from core.commands import models as model_command
from core.commands import pathways as pathway_command
from core.commands.de import arguments
from core.de.result import de_key
from core.de.timing import usable_cpus
from core.jobs import JobState
from core.models.result import model_key
from core.pathways.result import pathway_key
from core.pathways.timing import expected_seconds
from core.spec import DESpec, ModelSpec, PathwaySpec
from pages.ui import access, problems
from pages.ui.format import percent, plain, seconds

EVERY = 1.0  # seconds; each look takes the browser's time, which on a small machine the job lacks


@problems.store_permitting()
def start_demo() -> None:
    """Start the simulation of the demonstration cohort."""
    access.jobs().start(
        demo_key(),
        title="Preparing the demonstration cohort",
        arguments=["demo", "--seed", str(DEMO.seed)],
    )
    access.jobs().stand_by()  # for the comparison, which is started as soon as there is a cohort


def start_analysis(digest: str, spec: DESpec) -> None:
    """Start a differential-expression analysis, or join it if it is running."""
    access.jobs().start(
        de_key(digest, spec),
        title=f"Comparing {spec.contrast}",
        arguments=["de", "--dataset", digest, *arguments(spec)],
    )


@problems.store_permitting()
def start_profile(digest: str) -> None:
    """Start looking at the samples of a data set, unless that was done or is being done."""
    key = profile_key(digest)
    if access.profile(digest) is None and access.jobs().state(key) is None:
        access.jobs().start(key, title="Looking at the samples", arguments=["profile", "--dataset", digest])


def start_pathways(digest: str, de_spec: DESpec, spec: PathwaySpec) -> None:
    """Start an enrichment analysis of a finished comparison, or join it if it is running."""
    access.jobs().start(
        pathway_key(digest, de_spec, spec),
        title=f"Testing gene sets, {de_spec.contrast}",
        arguments=[
            "pathways",
            "--comparison",
            de_key(digest, de_spec),
            *pathway_command.arguments(spec),
        ],
        expected=expected_pathways(digest, de_spec, spec),
    )


def expected_pathways(digest: str, de_spec: DESpec, spec: PathwaySpec) -> float | None:
    """Return about how many seconds an enrichment takes; None where the comparison is not known."""
    compared = access.result(digest, de_spec)
    if compared is None:
        return None
    run = compared.run
    return expected_seconds(
        spec, n_samples=run.n_case + run.n_control, n_genes=run.n_active, n_cpus=usable_cpus()
    )


def start_models_if_absent(digest: str, spec: ModelSpec) -> None:
    """Start the validation of risk models unless its result is there; joins it if it is running."""
    key = model_key(digest, spec)
    if access.store().get(key) is None:
        arguments = ["models", "--dataset", digest, *model_command.arguments(spec)]
        access.jobs().start(key, title=f"Evaluating models, {spec.contrast}", arguments=arguments)


def watch(key: str, *, sooner: str | None = None) -> JobState | None:
    """Show a job until it ends, then draw the whole page again; return how it stood.

    `sooner` is the key of a first result that is worth drawing before the job ends.
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
def _progress(key: str, sooner: str | None) -> None:
    state = access.jobs().state(key)
    is_there = sooner is not None and access.store().get(sooner) is not None
    if is_there or state is None or state.status != "running":
        st.rerun(scope="app")
        return
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        done = min(1.0, state.fraction)
        told = f"**{plain(state.title)}** · {plain(state.stage)} · {percent(round(done, 2))}"
        left.progress(done, text=f"{told} · {seconds(state.seconds_left)}")
        if right.button("Cancel", key=f"cancel.{key}", width="stretch"):
            access.jobs().cancel(key)


@st.fragment(run_every=EVERY)
def _running(awaited: str | None) -> None:
    states = access.jobs().running()
    if not states or (awaited and awaited not in {state.key for state in states}):
        st.rerun(scope="app")
        return
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


@problems.store_permitting()
def start_on_first_visit(digest: str, spec: DESpec) -> None:
    """Start an analysis that nobody has asked for yet; one that was cancelled stays cancelled."""
    if access.jobs().state(de_key(digest, spec)) is None:
        start_analysis_if_absent(digest, spec)


@problems.store_permitting()
def start_pathways_on_first_visit(digest: str, de_spec: DESpec, spec: PathwaySpec) -> None:
    """Start an enrichment analysis that nobody has asked for yet; one that was cancelled stays cancelled."""
    if access.jobs().state(pathway_key(digest, de_spec, spec)) is None:
        start_pathways_if_absent(digest, de_spec, spec)


def start_analysis_if_absent(digest: str, spec: DESpec) -> None:
    """Start an analysis unless its result is there."""
    if access.store().get(de_key(digest, spec)) is None:
        start_analysis(digest, spec)


def start_pathways_if_absent(digest: str, de_spec: DESpec, spec: PathwaySpec) -> None:
    """Start an enrichment analysis unless its result is there."""
    if access.store().get(pathway_key(digest, de_spec, spec)) is None:
        start_pathways(digest, de_spec, spec)
