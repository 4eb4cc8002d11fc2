"""A result on screen, of whatever kind: found in the store, watched while computed, or offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import streamlit as st

from core import analysis
from core.analysis import Analysis, At, Made
from core.cohort.model import Cohort
from core.errors import InputError
from core.export.provenance import Provenance
from core.spec import Spec
from pages.ui.frame import access, jobs_panel, problems
from pages.ui.parts.format import about, plain

S = TypeVar("S", bound=Spec)
R = TypeVar("R")


@dataclass(frozen=True)
class Shown(Generic[S, R]):
    """What a page draws from.

    Parameters
    ----------
    made : Made
        The result on screen, with what was asked.
    stale : bool
        Whether it belongs to the analysis before the one that is being computed.
    """

    made: Made[S, R]
    stale: bool = False

    @property
    def digest(self) -> str:
        """Content hash of the data set."""
        return self.made.at.digest

    @property
    def cohort(self) -> Cohort:
        """The data set."""
        return self.made.at.cohort

    @property
    def result(self) -> R:
        """The result."""
        return self.made.result

    @property
    def contrast(self) -> tuple[str, str]:
        """Case and control, of an analysis that has its own."""
        spec: Any = self.made.spec
        return spec.case, spec.control

    @cached_property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return access.provenance(self.made)


def start(
    kind: Analysis[S, R], at: At, spec: S, *, put_in_force: Callable[[S], None] = lambda spec: None
) -> bool:
    """Check what is asked, once, put it in force and start it unless its result is there.

    What is wrong is shown otherwise, and False returned.
    """
    if not fits(kind, at, spec):
        return False
    jobs_panel.start(kind, at, spec)
    put_in_force(spec)
    return True


def fits(kind: Analysis[S, R], at: At, spec: S) -> bool:
    """Return whether what is asked can be computed; show why where it cannot, with tables that explain it."""
    try:
        analysis.examine(kind, at, spec)
    except InputError as error:
        problems.show_faults(error.faults)
        for title, table in error.tables.items():
            st.caption(plain(title))
            st.dataframe(table, width="content")
        return False
    return True


def offer(kind: Analysis[S, R], at: At, spec: S, missing: str, *, label: str, key: str) -> None:
    """Watch an analysis; where it does not run, say what is missing and how long it takes, and offer it."""
    if not is_running(kind, at, spec):
        st.markdown(f"{missing} It takes {about(kind.seconds(at, spec))}.")
        button(kind, at, spec, label, type="primary", key=key)


def button(kind: Analysis[S, R], at: At, spec: S, label: str, **appearance: Any) -> None:
    """Draw the button that starts an analysis; `appearance` as of `st.button`."""
    if st.button(label, **appearance) and start(kind, at, spec):
        st.rerun()


def find(kind: Analysis[S, R], at: At, spec: S) -> Shown[S, R] | None:
    """Return the result to show and remember that it was shown, or None where there is none."""
    found = access.made(kind, at, spec)
    if found is None:
        return None
    st.session_state[_shown(kind)] = (at, found.spec)
    return Shown(found)


def earlier(kind: Analysis[S, R], at: At, same: Callable[[At, S], bool]) -> Shown[S, R] | None:
    """Return what was shown before of this data set, if it answers the same question; greyed by the page."""
    before: tuple[At, S] | None = st.session_state.get(_shown(kind))
    if before is None or before[0].digest != at.digest or not same(*before):
        return None
    found = access.made(kind, *before)
    return None if found is None else Shown(found, stale=True)


def is_running(kind: Analysis[S, R], at: At, spec: S, *, sooner: str | None = None) -> bool:
    """Show the progress of an analysis, or how it ended; return whether it runs."""
    key = analysis.key(kind, at, spec)
    job = jobs_panel.watch(key, sooner=None if sooner is None else (kind.name, sooner))
    is_running = job is not None and job.status == "running"
    if not is_running and at.store.state(key, kind=kind.name) == "damaged":
        access.damaged().discard(kind.title)
        _warn_of_damage("This")
    return is_running


def tell_damage() -> None:
    """Say which results were found damaged by parts of the page that do not offer them."""
    for title in sorted(access.damaged()):
        _warn_of_damage(title)
    access.damaged().clear()


def _warn_of_damage(what: str) -> None:
    st.warning(
        f"{what} was computed before, but its files in the store are damaged: they are not used, and made "
        "anew when it is computed again.",
        icon=":material/broken_image:",
    )


def _shown(kind: Analysis[S, R]) -> str:
    return f"{kind.name}.shown"
