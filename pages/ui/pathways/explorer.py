"""Table, dot plot and map of gene sets, linked: filters act at once, selections meet in one strip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray
from pandas.io.formats.style import Styler
from streamlit.column_config import NumberColumn, TextColumn

from core.figures.pathways.dots import set_dots
from core.figures.pathways.map import set_map
from core.figures.pathways.words import set_label
from core.pathways.reading.overlap_map import map_sets
from core.pathways.reading.select_sets import (
    STRENGTH,
    Rows,
    SetFilter,
    find_set,
    fold_sets,
    order_sets,
    search_sets,
    select_sets,
    set_key,
    set_keys,
    strongest,
)
from core.pathways.tables import sets_gmt_bytes
from pages.ui.frame import problems, state
from pages.ui.frame.view import SIDES
from pages.ui.parts import charts, figure_export, style, tables
from pages.ui.parts.format import number, p_value, plain, plural, signed
from pages.ui.pathways import sentences
from pages.ui.pathways.results import Found
from pages.ui.pathways.view import PathwaysView

MOST_DOTS = 24
LISTED = {"significant": "Significant", "held": "That hold", "flagged": "Flagged", "all": "All tested"}
ORDERS = {
    "p": "p-value",
    "strength": "strength",
    "shift": "shift of the genes",
    "size": "number of genes",
    "name": "name",
}
AXES = {
    "gsea": "normalised enrichment score, {case} vs {control}",
    "ora": "times as many significant genes as expected",
    "camera": "mean shift of the set's genes, {case} vs {control}",
    "ssgsea": "score difference in standard deviations, {case} vs {control}",
    "gsva": "score difference in standard deviations, {case} vs {control}",
}
SHORT = {
    "gsea": "NES",
    "ora": "Enrichment",
    "camera": "Shift",
    "ssgsea": "Difference",
    "gsva": "Difference",
}


@problems.fragment
def explore(found: Found) -> None:
    """Draw filters, dot plot, table and what is selected; only this part is redrawn by a filter."""
    _filters(found)
    rows, others, note = _listed(found)
    sets, edges = map_sets(found.result, among=rows)
    left, right = st.columns([1, 1], gap="medium") if len(sets) > 2 else (st.container(), None)
    with left:
        figure = _dots(found, rows)
    if right:
        with right:
            _map(found, sets, edges)
    _strip(found)
    ordered = _table(found, rows, others=others, note=note)
    _exports(found, ordered, figure)


def _filters(found: Found) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state.choice(
            "sets_listed",
            "Sets",
            LISTED,
            help="Significant sets; those of them that the correlation-aware check confirms; those that it "
            "does not, flagged; or all that were tested.",
        )
        label = f"In {plain(found.contrast[0])}"
        state.choice("set_side", label, SIDES)
        hint = "A word of their names, or a gene: the sets that hold it."
        state.bound(
            "set_find", st.text_input, "Search all sets", placeholder="word or gene", width=190, help=hint
        )
        state.bound(
            "fold",
            st.toggle,
            "Fold similar",
            help="Of sets that share most of their genes, only the most significant is listed and stands for "
            "the others.",
        )


def _listed(found: Found) -> tuple[Rows, pd.Series, str]:
    """Return the rows listed, how many others each stands for, and what is to be said about them."""
    view, result = state.view(PathwaysView), found.result
    none = pd.Series(dtype=int)
    if view.sets_only and view.sets:
        return select_sets(result.table, SetFilter(only=view.sets)), none, ""
    if view.set_find.strip():
        rows, gene = search_sets(result, view.set_find)
        return rows, none, f"Among them the sets that hold {gene}." if gene else ""
    wanted = SetFilter(
        listed=view.sets_listed, side=view.set_side, theme=view.theme, sub_theme=view.sub_theme
    )
    rows = select_sets(result.table, wanted)
    if not view.fold:
        return rows, none, ""
    others = fold_sets(result.table, rows)
    hidden = len(rows) - len(others)
    note = f"{plural(hidden, 'similar set')} folded into them." if hidden else ""
    return others.index.to_numpy(), others, note


def _table(found: Found, rows: Rows, *, others: pd.Series, note: str) -> Rows:
    view, table = state.view(PathwaysView), found.result.table
    rows = order_sets(table, rows, view.set_order, test=found.result.spec.test)
    page = tables.page_controls(len(rows), "set", rows="set_rows", order="set_order", orders=ORDERS)
    if view.sets:
        state.bound("sets_only", st.toggle, f"Only my {plural(len(view.sets), 'set')}")
    if note:
        st.caption(plain(note))
    part = table.iloc[rows[page]]
    if part.empty:
        _nothing_listed()
        return rows
    tables.pickable(
        _readable(found, part, others),
        list(set_keys(part)),
        name="pathways",
        picked=view.sets_picked,
        pick=_pick,
        height=min(520, 35 * (len(part) + 1) + 3),
        column_config=_columns(found),
    )
    return rows


def _nothing_listed() -> None:
    view = state.view(PathwaysView)
    if view.set_find:
        st.info("No set goes by that name and none holds a gene of that name. Try another word.")
    elif view.sets_listed == "all":
        st.info("No set of this theme was tested: choose more collections or other sizes in the settings.")
    else:
        st.info("No set is listed under these choices. “All tested” shows those that are not significant.")


def _readable(found: Found, part: pd.DataFrame, others: pd.Series) -> Styler:
    test = found.result.spec.test
    strength = part[STRENGTH[test]].astype(float)
    more = others.reindex(part.index).fillna(0).astype(int)
    shown = pd.DataFrame(
        {
            "Set": [set_label(name) for name in part["set"]],
            SHORT[test]: strength,
            "Shift": part["shift"].astype(float),
            "95 % interval": tables.spans(part["lower"], part["upper"]),
            "Adjusted p": part["padj"],
            "Flag": ["⚑ flagged" if flag else "" for flag in part["flag"]],
            "Checked p": part["check_padj"],
            "Genes": part["size"],
            "Similar": ["" if n == 0 else f"+{n}" for n in more],
            "Theme": part["theme"],
            "Collection": part["collection"],
        }
    )
    empty = {
        "Shift": part["shift"].isna().all(),
        "Similar": not more.any(),
        "95 % interval": part["lower"].isna().all(),
        "Flag": found.result.sample_scores is not None,
    }
    shown = shown.drop(columns=[name for name, is_empty in empty.items() if is_empty])
    formats: dict[str, Any] = {
        "Shift": signed,
        SHORT[test]: "{:.1f} ×".format if test == "ora" else tables.arrow,
        "Adjusted p": p_value,
        "Checked p": p_value,
    }
    styled = shown.style.format(formats)
    return styled if test == "ora" else styled.map(tables.direction_colour, subset=[SHORT[test]])


def _columns(found: Found) -> dict[str, Any]:
    case = found.contrast[0]
    return {
        # Not pinned: on a phone it would leave no room for the others to be scrolled into.
        "Set": TextColumn(width=280),
        "Shift": NumberColumn(
            help=f"{sentences.STRENGTHS['camera']} Unlike the score, it does not grow with the set.",
            width=65,
        ),
        SHORT[found.result.spec.test]: NumberColumn(
            help=f"{sentences.STRENGTHS[found.result.spec.test]} Above 0 is higher in {case}.",
            width=80,
        ),
        "95 % interval": TextColumn(help="Of the difference, in standard deviations", width=110),
        "Adjusted p": NumberColumn(help="Benjamini–Hochberg within the collection", width=90),
        "Flag": TextColumn(
            help="Significant only because its genes move together: the check does not confirm it", width=85
        ),
        "Checked p": NumberColumn(
            help="Adjusted p of the check that allows for correlation between the genes", width=90
        ),
        "Genes": NumberColumn(help="Tested genes of the set", width=60),
        "Similar": TextColumn(help="Sets folded into this one", width=60),
        "Theme": TextColumn(width=115),
        "Collection": TextColumn(width=85),
    }


def _dots(found: Found, rows: Rows) -> go.Figure:
    result, test, (case, control) = found.result, found.result.spec.test, found.contrast
    chosen = strongest(result.table, rows, test=test, most=MOST_DOTS)
    part = result.table.iloc[chosen]
    figure = set_dots(
        part.assign(key=set_keys(part)),
        strength=STRENGTH[test],
        axis=AXES[test].format(case=case, control=control),
        case=case,
        selected=state.view(PathwaysView).gene_set,
        **charts.look(found.cohort),
    )
    selectable(figure, "pathways.dots")
    most = f"The {len(chosen)} most significant of the {number(len(rows))} sets listed. "
    limit = most if len(rows) > len(chosen) else ""
    st.caption(f"{limit}{sentences.STRENGTHS[test]}")
    return figure


def selectable(figure: go.Figure, key: str) -> None:
    """Draw a figure of sets whose marks can be picked."""

    def picked() -> None:
        points = st.session_state[key]["selection"]["points"]
        keys = [str(found) for point in points if (found := point.get("customdata"))]
        if keys:
            tables.untick("pathways")
            _pick(keys)

    charts.show(figure, key, on_select=picked, selection_mode=("points", "box", "lasso"))


def _pick(keys: list[str]) -> None:
    state.look(sets_picked=tuple(dict.fromkeys(keys)))


def _strip(found: Found) -> None:
    picked = [key for key in state.view(PathwaysView).sets_picked if find_set(found.result, key) is not None]
    if not picked:
        st.caption("Click a set in the picture or tick it in the table; tick several to put them aside.")
        return
    with st.container(border=True):
        left, add, go_on, clear = st.columns([6, 2, 2, 1.4], vertical_alignment="center")
        if len(picked) == 1:
            left.html(_one(found, picked[0]))
            if go_on.button("Open set", type="primary", width="stretch", key="sets.open"):
                open_set(picked[0])
                st.rerun()
        else:
            names = ", ".join(set_label(key.split("/", 1)[1]) for key in picked[:6])
            more = f" and {number(len(picked) - 6)} more" if len(picked) > 6 else ""
            left.markdown(f"**{number(len(picked))} sets selected**: {plain(names)}{more}")
        aside = state.view(PathwaysView).sets
        new = [key for key in picked if key not in aside]
        if add.button(
            "Put aside" if new else "Put aside already", disabled=not new, width="stretch", key="sets.add"
        ):
            state.look(sets=(*aside, *new))
            st.rerun()
        if clear.button("Clear", width="stretch", key="sets.clear"):
            _pick([])
            tables.untick("pathways")
            st.rerun(scope="fragment")


def open_set(key: str) -> None:
    """Put one set in focus."""
    state.look(gene_set=key, sets_picked=())


def _one(found: Found, key: str) -> str:
    at = find_set(found.result, key)
    assert at is not None  # it was picked among the sets of this result
    row = found.result.table.iloc[at]
    return (
        f"<b>{style.escape(set_label(row['set']))}</b>, {int(row['size'])} genes: "
        f"{sentences.strength_words(found, row)}, adjusted "
        f"p&nbsp;=&nbsp;{sentences.p_html(row['padj'])}. {sentences.check_words(found, row)}"
    )


def _exports(found: Found, rows: Rows, figure: go.Figure) -> None:
    part = found.result.table.iloc[rows]
    case, control = found.contrast
    name, provenance = f"pathways_{case}_vs_{control}", found.provenance
    with st.container(horizontal=True):
        tables.downloads(part, name, provenance)
        gmt(found, rows, label=f"GMT · {plural(len(rows), 'set')}", name=name, key=f"gmt.{name}")
        figure_export.button(figure, name, provenance)


def gmt(found: Found, rows: Iterable[int], *, label: str, name: str, key: str) -> None:
    """Draw the button that saves sets as a GMT file."""
    st.download_button(
        label,
        lambda: sets_gmt_bytes(found.result, rows),
        f"{name}.gmt",
        "text/plain",
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )


def _map(found: Found, sets: pd.DataFrame, edges: NDArray[np.intp]) -> None:
    """Draw the listed sets that stand for others, those that share genes near each other."""
    figure = set_map(
        sets,
        edges=edges,
        case=found.contrast[0],
        selected=state.view(PathwaysView).gene_set,
        height=620,
        **charts.look(found.cohort),
    )
    selectable(figure, "pathways.map")
    st.caption(
        f"{plural(len(sets), 'set')} of these, larger the more similar ones they stand for "
        f"({number(int(sets['others'].sum()))} in all). Lines join sets that share genes."
    )


def open_picked(found: Found, chart: str) -> None:
    """Draw, beside a figure, a button for each set that is picked."""
    for key in state.view(PathwaysView).sets_picked[:6]:
        row = find_set(found.result, key)
        if row is None:
            continue
        label = set_label(str(found.result.table["set"].iloc[row]))
        if st.button(f"Open {plain(label)}", key=f"{chart}.open.{key}", icon=":material/arrow_forward:"):
            open_set(key)
            st.rerun()


def key_of(row: pd.Series) -> str:
    """Return the key of a set from its row."""
    return set_key(str(row["collection"]), str(row["set"]))
