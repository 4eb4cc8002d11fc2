"""The address bar and the state of a visit, kept equal.

`bind="query-params"` would tie single widgets to single parameters; here the whole of
the view and the specification travel through their own lossless round trip, so that a
link, a command and a stored result can never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.analysis import check
from core.de.spec import DESpec
from core.errors import Fault, InputError
from core.kinds import KINDS, kind_of
from core.models.kind import KIND as MODELS
from core.models.spec import ModelSpec
from core.pathways.kind import KIND as PATHWAYS
from core.pathways.spec import PathwaySpec
from pages.ui.frame import access, long_link, state
from pages.ui.frame.view import usable

UNPREFIXED = ("de", "pathways", "models")
"""Kinds whose parameters were in links before there were others."""
READ = "address.read"
FAULTS = "address.faults"


def read() -> None:
    """Take over the address of a visit's beginning, or that of the back and forward buttons.

    With all else the browser sends the address that it knew when it asked, which is older
    than the state when an answer was still on its way: taken over, it would undo a step.
    An empty one is a switch of page, after which the state is written again.
    """
    incoming, begins = st.query_params.to_dict(), READ not in st.session_state
    st.session_state[READ] = True
    if incoming and (begins or _went_back()):
        _take_over(incoming)


def _went_back() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _take_over(incoming: Mapping[str, str]) -> None:
    incoming, faults = long_link.whole(access.store(), incoming)
    parts, unusable = usable(state.PARTS, incoming)
    faults += unusable
    state.show_parts(parts)
    state.analyse(None)
    if "factor" in incoming:
        try:
            state.analyse(DESpec.from_query(incoming))
        except InputError as error:
            faults += error.faults
    try:
        enrichment = PathwaySpec.from_query(incoming)
        check(PATHWAYS, enrichment)
        state.enrich(enrichment)
    except InputError as error:
        faults += error.faults
    chosen, wrong = model_choices(incoming)
    state.choose_models(chosen)
    st.session_state[FAULTS] = (*faults, *wrong, *_take_over_others(incoming))


def _take_over_others(incoming: Mapping[str, str]) -> Iterator[Fault]:
    """Take over the settings of kinds that came later, whose parameters begin with their name."""
    state.others().clear()
    for name in (name for name in KINDS if name not in UNPREFIXED):
        own = {
            key.removeprefix(f"{name}."): text for key, text in incoming.items() if key.startswith(f"{name}.")
        }
        try:
            spec = kind_of(name).spec.from_query(own) if own else None
            if spec is not None:
                check(kind_of(name), spec)
                state.choose(kind_of(name), spec)
        except InputError as error:
            yield from error.faults


def model_choices(query: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the fields of the risk models that an address names, and what is wrong with them."""
    # Groups are those of the comparison, whose own faults are told there.
    groups = {"factor": "group", "case": "case", "control": "control"}
    try:
        asked = ModelSpec.from_query({**query, **groups})
        check(MODELS, asked)
    except InputError as error:
        return {}, error.faults
    named = [f.name for f in fields(ModelSpec) if f.name in query and f.name not in groups]
    return {name: getattr(asked, name) for name in named}, ()


def write() -> None:
    """Show the state in the address bar."""
    wanted = query()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def write_from_fragment() -> None:
    """Show the state in the address bar where a part of the page is drawn alone; the page does it else."""
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:
        write()


def query() -> dict[str, str]:
    """Return the parameters of the present screen."""
    chosen = state.spec()
    analysis = chosen.to_query() | state.pathways().to_query() | _models_query() if chosen else {}
    shown = {name: text for part in state.parts() for name, text in part.to_query().items()}
    return long_link.shortened(access.store(), shown | analysis | _others_query())


def _others_query() -> dict[str, str]:
    return {
        f"{kind}.{name}": text
        for kind, spec in state.others().items()
        for name, text in spec.to_query().items()
    }


def _models_query() -> dict[str, str]:
    """Return what was chosen of the risk models; a centre that was taken out is said by an empty one."""
    choices, asked = state.model_choices(), state.models(centre="")
    texts = asked.to_query() if asked else {}
    return {name: texts.get(name, "") for name in choices if name in texts or name == "centre"}
