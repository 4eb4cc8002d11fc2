"""A panel in which settings are changed: a draft beside what is in force, and a button that runs it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from core.spec import Spec
from pages.ui import access

S = TypeVar("S", bound=Spec)
ON_PAGE = "the results on this page"


def draw(
    title: str,
    spec: S,
    *,
    name: str,
    base: Hashable,
    fields: Callable[[S], S],
    run: Callable[[S], None],
) -> None:
    """Draw the panel; it is open, and says so, while the draft differs from what is in force.

    Parameters
    ----------
    title : str
        What the settings are of.
    spec : Spec
        In force.
    name : str
        Under which the draft is kept.
    base : hashable
        What the settings are applied to. A draft is dropped where this or `spec` is no longer what it
        started from.
    fields : callable
        Draws the fields of a draft and returns the draft with what was chosen.
    run : callable
        Draws the row with the button, for the draft as chosen.
    """
    draft: S = st.session_state.get(f"{name}.draft") or spec
    if st.session_state.get(f"{name}.base") != (base, spec):
        draft = spec
    st.session_state[f"{name}.base"] = (base, spec)
    changed = draft != spec
    if changed:
        access.jobs().stand_by()
    label = title + (" · changed, results are from before" if changed else "")
    with st.expander(label, icon=":material/tune:", expanded=changed):
        draft = fields(draft)
        st.session_state[f"{name}.draft"] = draft
        if (draft != spec) != changed:
            st.rerun()  # the panel's own label was drawn before the fields were read
        run(draft)


def pressed(label: str, *, name: str, changed: bool, results: str, takes: str = "") -> bool:
    """Draw the button that runs a draft, with a word on what it stands beside; return whether it was pressed.

    Parameters
    ----------
    label : str
        Of the button.
    name : str
        As in `draw`.
    changed : bool
        Whether the draft differs from what is in force; the button is dead otherwise.
    results : str
        Which results the settings in force made, as in "the results below".
    takes : str
        A sentence on how long the draft takes; "" if not known.
    """
    left, right = st.columns([1, 4], vertical_alignment="center")
    answer = left.button(label, type="primary", disabled=not changed, key=f"{name}.run", width="stretch")
    if changed:
        right.caption(f"Settings changed; {results} are from before. {takes}".rstrip())
    else:
        right.caption(f"These are the settings of {results}.")
    return answer
