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
from core.pathways.spec import PathwaySpec
from pages.ui.frame import access, long_link, state
from pages.ui.frame.view import usable

OF_GROUPS = ("de", "models")
"""Kinds that are told apart by the groups they compare; they share these parameters."""
UNPREFIXED = ("pathways",)
"""Other kinds whose parameters were in links before there were prefixes."""
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
    chosen, wrong = model_choices(incoming)
    state.choose_models(chosen)
    st.session_state[FAULTS] = (*faults, *_take_over_others(incoming), *wrong)


def _take_over_others(incoming: Mapping[str, str]) -> Iterator[Fault]:
    """Take over the settings of all other kinds."""
    state.others().clear()
    for name in (name for name in KINDS if name not in OF_GROUPS):
        kind, prefix = kind_of(name), _prefix(name)
        own = {key.removeprefix(prefix): text for key, text in incoming.items() if key.startswith(prefix)}
        try:
            if own:
                spec = kind.spec.from_query(own)
                check(kind, spec)
                if isinstance(spec, PathwaySpec):
                    access.refuse_foreign_sets(spec)
                state.choose(kind, spec)
        except InputError as error:
            yield from error.faults


def _prefix(kind: str) -> str:
    """Return what the parameters of a kind begin with in a link."""
    return "" if kind in UNPREFIXED else f"{kind}."


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
    shown = {name: text for part in state.parts() for name, text in part.to_query().items()}
    compared = chosen.to_query() if chosen else {}
    return long_link.shortened(access.store(), shown | compared | _others_query() | _models_query())


def _others_query() -> dict[str, str]:
    """Return what was chosen of all other kinds; what starts from a comparison is named only with one."""
    return {
        f"{_prefix(kind)}{name}": text
        for kind, spec in state.others().items()
        if state.spec() or "de" not in kind_of(kind).needs
        for name, text in spec.to_query().items()
    }


def _models_query() -> dict[str, str]:
    """Return what was chosen of the risk models; a centre that was taken out is said by an empty one."""
    choices, asked = state.model_choices(), state.models(centre="")
    if asked is None:
        return {}
    texts = asked.to_query()
    return {name: texts.get(name, "") for name in choices if name in texts or name == "centre"}
