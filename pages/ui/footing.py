"""The end of every page: provenance, link, command, script."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.de.result import DEResult
from core.export.command import de_command
from core.export.pathway_provenance import pathway_command
from core.export.pathway_script import can_script, pathway_script
from core.export.pathway_tables import sets_gmt_bytes
from core.export.script import de_script
from core.pathways.result import PathwayResult
from core.spec import DESpec
from pages.ui import access, address, state, style

PATHWAYS = "footing.pathways"


def tell_pathways(result: PathwayResult) -> None:
    """Let the foot of this run's page speak of an enrichment as well."""
    st.session_state[PATHWAYS] = result


def draw(digest: str | None) -> None:
    """Draw provenance line, link, command and script of the screen above."""
    spec = state.spec()
    if digest is None or spec is None:
        return
    result = access.result(digest, spec)
    if result is None:
        return
    cohort = access.cohort(digest)
    sets: PathwayResult | None = st.session_state.pop(PATHWAYS, None)
    told = access.pathway_provenance(cohort, result, sets) if sets else access.provenance(cohort, result)
    st.html(f'<p class="trd-provenance">{style.escape(told.line())}</p>')
    with st.container(horizontal=True):
        with st.popover("Copy link", icon=":material/link:"):
            st.caption("Opens this very screen, for everybody who reaches this dashboard.")
            st.code(link(), language=None, wrap_lines=True)
        _actions(digest, spec, result) if sets is None else _pathway_actions(digest, result, sets)


def _pathway_actions(digest: str, comparison: DEResult, sets: PathwayResult) -> None:
    with st.popover("Copy command", icon=":material/terminal:"):
        st.caption("The same analysis without a screen.")
        command = pathway_command(comparison.spec, sets.spec, dataset=digest)
        st.code(command, language="bash", wrap_lines=True)
        st.caption("Or, from your files:")
        st.code(pathway_command(comparison.spec, sets.spec), language="bash", wrap_lines=True)
    if not can_script(sets):
        return
    line = access.pathway_provenance(access.cohort(digest), comparison, sets).line()
    st.download_button(
        "Download script",
        lambda: pathway_script(sets, provenance=line).encode(),
        "gene_sets.py",
        "text/x-python",
        icon=":material/code:",
        on_click="ignore",
        help="A short Python script that needs only public packages and gives the numbers of this page. It "
        "reads the table of the comparison (de.csv of the command, or the CSV of the Genes page with every "
        "gene) and the tested sets (button beside).",
    )
    st.download_button(
        "Sets for the script (GMT)",
        lambda: sets_gmt_bytes(sets, range(len(sets.table))),
        "sets.gmt",
        "text/plain",
        icon=":material/download:",
        on_click="ignore",
    )


def _actions(digest: str, spec: DESpec, result: DEResult) -> None:
    with st.popover("Copy command", icon=":material/terminal:"):
        st.caption("The same analysis without a screen.")
        st.code(de_command(spec, dataset=digest), language="bash", wrap_lines=True)
        st.caption("Or, from your files:")
        st.code(de_command(spec), language="bash", wrap_lines=True)
    st.download_button(
        "Download script",
        lambda: de_script(spec, result=result).encode(),
        "differential_expression.py",
        "text/x-python",
        icon=":material/code:",
        on_click="ignore",
        help="A short Python script that needs only pandas and PyDESeq2 and gives the numbers of this page.",
    )


def link() -> str:
    """Return the address of the present screen."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(address.query())}"
