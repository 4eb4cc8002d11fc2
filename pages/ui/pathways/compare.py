"""The gene sets of this comparison against those of another one of the same data set."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from core.analysis import key
from core.de.kind import KIND as COMPARISON
from core.de.spec import DESpec
from core.figures.pathways.compare import strength_against
from core.figures.pathways.words import set_label
from core.pathways.kind import KIND
from core.pathways.reading.compare_results import Agreement, compare_results
from core.pathways.reading.select_sets import set_keys
from pages.ui.frame import access, problems, state
from pages.ui.frame.shown import button, is_running
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, plain, signed
from pages.ui.pathways import explorer
from pages.ui.pathways.results import Found, start_of
from pages.ui.pathways.view import PathwaysView

DIGITS = 12
describe = COMPARISON.describe
MOST = 10


def draw(found: Found) -> None:
    """Draw the choice of a second comparison, and what it does to the sets."""
    own, at = replace(found.shown.result.spec, shrink=False), access.at(found.digest)
    others = {
        key(COMPARISON, at, spec)[:DIGITS]: spec for spec in access.comparisons(found.digest) if spec != own
    }
    st.subheader("Would another adjustment say the same?")
    if not others:
        st.caption(
            "Once a second comparison of this data set has been computed, for example with or without "
            "covariates, its gene sets can be set against these here."
        )
        return
    called = {"": "no other comparison", **{name: describe(spec) for name, spec in others.items()}}
    against = state.choice("against", "Compare with", called, widget=st.selectbox)
    if against:
        _against(found, own, others[against])


def _against(found: Found, own: DESpec, spec: DESpec) -> None:
    at, sets = start_of(found.digest, spec), found.result.spec
    other = access.find(KIND, at, sets)
    if other is None:
        if not is_running(KIND, at, sets):
            missing = f"The gene sets of that comparison ({plain(describe(spec))}) have not been tested yet."
            st.markdown(missing)
            button(KIND, at, sets, "Test them", type="primary", key="against.compute")
        return
    _picture(found, compare_results(found.result, other), own=own, spec=spec)


def _changed(found: Found, agreement: Agreement) -> None:
    """List the sets that hold in one of the two only, those that changed most first."""
    table = agreement.table
    changed = table[table["kept"].isin(["first", "second"])]
    changed = changed.loc[(changed["x"] - changed["y"]).abs().sort_values(ascending=False).index].head(MOST)
    if changed.empty:
        return
    strength = explorer.SHORT[found.result.spec.test]
    columns = {
        "Holds in one only": changed["set"].map(set_label),
        "Which": changed["kept"].map({"first": "here", "second": "there"}),
        f"{strength} here": changed["x"].map(signed),
        f"{strength} there": changed["y"].map(signed),
    }
    st.html(style.columns(columns))


@problems.fragment
def _picture(found: Found, agreement: Agreement, *, own: DESpec, spec: DESpec) -> None:
    table = agreement.table.assign(key=set_keys(agreement.table))
    strength = explorer.SHORT[found.result.spec.test]
    axes = (f"{strength} here: {describe(own)}", f"{strength} there: {describe(spec)}")
    counts = table["kept"].value_counts()
    n = {kind: number(int(counts.get(kind, 0))) for kind in ("both", "first", "second")}
    r = agreement.correlation
    correlation = "" if math.isnan(r) else f" The strengths correlate at {r:.2f}."
    st.markdown(
        f"**{n['both']}** sets are significant and hold in both, {n['first']} only here "
        f"({plain(describe(own))}), {n['second']} only there ({plain(describe(spec))}).{correlation}"
    )
    left, right = st.columns([11, 10], gap="medium")
    with left:
        figure = strength_against(
            table, axes=axes, selected=state.view(PathwaysView).gene_set, **charts.look(found.cohort)
        )
        explorer.selectable(figure, "pathways.against")
    with right:
        st.caption(
            "On the dashed line a set is equally strong in both. Sets that leave it owe their strength to "
            "what only one of the two adjusts for."
        )
        _changed(found, agreement)
        explorer.open_picked(found, "pathways.against")
    charts.files(table.drop(columns="key"), "pathways_two_comparisons", found.provenance, figure=figure)
