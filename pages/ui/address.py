"""The address bar and the state of a visit, kept equal.

`bind="query-params"` would tie single widgets to single parameters; here the whole of
the view and the specification travel through their own lossless round trip, so that a
link, a command and a stored result can never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.errors import Fault, InputError
from core.pathways.check import check_spec
from core.spec import DESpec, PathwaySpec
from pages.ui import state
from pages.ui.view import View

WRITTEN = "address.written"
FAULTS = "address.faults"


def read() -> None:
    """Take over an address that did not come from here: a pasted link, or the back button.

    An empty one is a switch of page, after which the state is written again.
    """
    incoming = st.query_params.to_dict()
    if not incoming or incoming == st.session_state.get(WRITTEN):
        return
    st.session_state[FAULTS] = ()
    st.session_state["view"], faults = usable_view(incoming)
    if "factor" in incoming:
        try:
            state.analyse(DESpec.from_query(incoming))
        except InputError as error:
            faults += error.faults
    try:
        enrichment = PathwaySpec.from_query(incoming)
        check_spec(enrichment)
        state.enrich(enrichment)
    except InputError as error:
        faults += error.faults
    st.session_state[FAULTS] = tuple(faults)


def usable_view(query: Mapping[str, str]) -> tuple[View, list[Fault]]:
    """Return the view of all parameters that can be used, and what is wrong with the others."""
    usable, faults = {}, []
    for name, text in query.items():
        try:
            View.from_query({name: text})
        except InputError as error:
            faults += error.faults
        else:
            usable[name] = text
    return View.from_query(usable), faults


def write() -> None:
    """Show the state in the address bar."""
    wanted = query()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[WRITTEN] = wanted


def query() -> dict[str, str]:
    """Return the parameters of the present screen."""
    chosen = state.spec()
    analysis = chosen.to_query() | state.pathways().to_query() if chosen else {}
    return state.view().to_query() | analysis
