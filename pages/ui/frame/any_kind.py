"""The page of any kind of analysis: answer, settings, figures, tables, foot, all from the kind itself."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

import streamlit as st

from core.analysis import Analysis, At
from core.spec import Spec
from pages.ui.frame import access, footing, shown, site, state
from pages.ui.frame.shown import Shown
from pages.ui.genes import results as gene_results
from pages.ui.parts import charts, draft_panel, option_widgets, style
from pages.ui.parts.format import about, plain

S = TypeVar("S", bound=Spec)


def draw(kind: Analysis[S, Any], *, question: str) -> None:
    """Draw the page of a kind whose settings are its own alone; a kind may draw a page of its own instead."""
    st.title(question)
    found = _require(kind)
    made = found.made
    footing.tell(made)
    style.answer(style.escape(kind.sentence(made.result)))
    _panel(kind, made.at, drawn=made.spec)
    with st.container(key="stale" if found.stale else "fresh"):
        for name, make in kind.figures(made.result).items():
            figure = make(**charts.look(found.cohort))
            charts.offer(figure, f"{kind.name}.{name}", name, found.provenance)
        for name, table in kind.tables(made.result).items():
            st.dataframe(table, hide_index=True, width="stretch", key=f"{kind.name}.table.{name}")
            charts.files(table, name, found.provenance)


def _require(kind: Analysis[S, Any]) -> Shown[S, Any]:
    """Return the result to show; where there is none, watch or offer it, and stop."""
    at, spec = _start(kind), state.chosen(kind)
    if found := shown.find(kind, at, spec):
        return found
    missing = f"{kind.title} ({plain(kind.describe(spec))}) has not been computed on this computer yet."
    shown.offer(kind, at, spec, missing, label="Compute it", key=f"{kind.name}.compute")
    if old := shown.earlier(kind, at, lambda before, _: before.before == at.before):
        st.caption(f"Below, until then: the earlier analysis, {plain(kind.describe(old.made.spec))}.")
        return old
    _panel(kind, at, drawn=None)
    site.stop()


def _start(kind: Analysis[Any, Any]) -> At:
    """Return what it starts from: the comparison in force, or the data set alone."""
    if "de" in kind.needs:
        comparison = gene_results.require()
        return access.at(comparison.digest, de=comparison.result.spec)
    digest, _ = gene_results.chosen()
    return access.at(digest)


def _panel(kind: Analysis[S, Any], at: At, *, drawn: S | None) -> None:
    draft_panel.draw(
        kind.name,
        state.chosen(kind),
        title=f"Settings · {kind.title}",
        drawn=drawn,
        base=(at.digest, tuple(at.before.items())),
        fields=lambda draft: option_widgets.draw_rest(draft, prefix=kind.name, but=()),
        run=lambda draft: shown.start(kind, at, draft, put_in_force=partial(state.choose, kind)),
        takes=lambda draft: f"This takes {about(kind.seconds(at, draft))}.",
    )
