"""The end of every page: provenance, link, command, script."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.de.result import DEResult
from core.export.command import de_command
from core.export.script import de_script
from core.spec import DESpec
from pages.ui import access, address, state, style


def draw(digest: str | None) -> None:
    """Draw provenance line, link, command and script of the screen above."""
    spec = state.spec()
    if digest is None or spec is None:
        return
    result = access.result(digest, spec)
    if result is None:
        return
    cohort = access.cohort(digest)
    st.html(f'<p class="trd-provenance">{style.escape(access.provenance(cohort, result).line())}</p>')
    with st.container(horizontal=True):
        _actions(digest, spec, result)


def _actions(digest: str, spec: DESpec, result: DEResult) -> None:
    with st.popover("Copy link", icon=":material/link:"):
        st.caption("Opens this very screen, for everybody who reaches this dashboard.")
        st.code(link(), language=None, wrap_lines=True)
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
