"""A panel in which settings are changed: a draft beside what is in force, and a button that runs it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from core.spec import Spec
from pages.ui.frame import access

S = TypeVar("S", bound=Spec)


def draw(
    name: str,
    spec: S,
    *,
    title: str,
    button: str = "Run analysis",
    drawn: S | None,
    base: Hashable,
    fields: Callable[[S], S],
    run: Callable[[S], bool],
    takes: Callable[[S], str] = lambda draft: "",
) -> None:
    """Draw the panel; it is open, and says so, while the draft differs from what is in force.

    Parameters
    ----------
    name : str
        Under which the draft is kept.
    spec : Spec
        In force.
    title, button : str
        What the settings are of; label of the button.
    drawn : Spec or None
        Of the results on this page; None where there are none.
    base : hashable
        What the settings are applied to. A draft is dropped where this or `spec` is no longer what it
        started from.
    fields : callable
        Draws the fields of a draft and returns the draft with what was chosen.
    run : callable
        Runs a draft; returns whether it could.
    takes : callable
        Says how long a draft takes, as a sentence; "" if not known.
    """
    draft: S = st.session_state.get(f"{name}.draft") or spec
    if st.session_state.get(f"{name}.base", (base, spec)) != (base, spec) and draft != spec:
        draft = spec
        st.session_state[f"{name}.turn"] = st.session_state.get(f"{name}.turn", 0) + 1
    st.session_state[f"{name}.base"] = (base, spec)
    changed = draft != spec
    if changed:
        access.jobs().stand_by()
    marks = ["changed"] * changed + ["results are from before"] * (drawn not in (None, draft))
    label = " · ".join([title, *filter(None, [", ".join(marks)])])
    with st.container(key=f"draft.{name}"), st.expander(label, icon=":material/tune:", expanded=changed):
        draft = fields(draft)
        st.session_state[f"{name}.draft"] = draft
        if (draft != spec) != changed:
            st.rerun()  # the panel's own label was drawn before the fields were read
        left, right = st.columns([1, 4], vertical_alignment="center")
        # Where nothing is drawn, the settings in force can be run as they are.
        idle = not changed and drawn is not None
        pressed = left.button(button, type="primary", disabled=idle, key=f"{name}.run", width="stretch")
        right.caption(f"{results_are_of(draft, drawn)} {takes(draft) if changed else ''}".rstrip())
        if pressed and run(draft):
            st.rerun()


def results_are_of(draft: Spec, drawn: Spec | None) -> str:
    """Say whether the results on the page are those of the settings in the panel."""
    if drawn is None:
        return "There are no results of these settings on this page."
    if draft == drawn:
        return "These are the settings of the results on this page."
    return "The results on this page are from before, of other settings."
