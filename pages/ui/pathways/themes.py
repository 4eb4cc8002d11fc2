"""Theme cards: direction, strength with interval, sets, genes, and the blood cells that express them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.pathways.themes import theme_strengths
from core.pathways.sets.blood_cells import WHAT_IT_IS
from core.pathways.sets.themes import BLOOD_IS_NOT_BRAIN
from pages.ui.frame import basket, site, state
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, percent, plural
from pages.ui.pathways import sentences
from pages.ui.pathways.results import Found
from pages.ui.pathways.view import PathwaysView
from pages.ui.robustness import ladder as robustness_ladder

BRAIN = "Neuroplasticity"
NAMED, BUTTONS = 10, 16
CLASSES = {"up": "trd-up", "down": "trd-down", "unclear": "trd-unclear"}


def cards(found: Found) -> None:
    """Draw the strengths of all themes, and a card for each."""
    themes = list(found.result.themes["theme"].drop_duplicates())
    if not themes:
        return
    for start in range(0, len(themes), 2):
        for column, name in zip(st.columns(2), themes[start : start + 2], strict=False):
            with column, st.container(border=True, height="stretch"):
                _card(found, name)


def strengths(found: Found, theme: str = "") -> None:
    """Draw the figure of strengths: all themes, or one with its parts."""
    rows = found.result.themes
    figure = theme_strengths(
        rows[rows["theme"] == theme] if theme else rows, contrast=found.contrast, **charts.look(found.cohort)
    )
    key = f"pathways.strengths.{theme}"
    charts.show(figure, key)


def _card(found: Found, name: str) -> None:
    rows = found.result.themes[found.result.themes["theme"] == name]
    row = rows[rows["sub_theme"] == ""].iloc[0]
    stable = robustness_ladder.theme_line(found.shown, name)
    st.html(style.together(_head(found, row) + stable + _parts(rows) + _genes(found, row) + brain_note(name)))
    if not row["n_sets"]:
        return
    label = f"Show {plural(int(row['n_sets']), 'set')} of {name}"
    if st.button(label, key=f"theme.{name}", icon=":material/arrow_forward:"):
        state.look(theme=name, sub_theme="", gene_set="", sets_listed="all", fold=False, set_find="")
        st.rerun()


def _head(found: Found, row: pd.Series) -> str:
    direction = str(row["direction"])
    words = {
        "up": f"▲ higher in {style.escape(found.contrast[0])}",
        "down": f"▼ lower in {style.escape(found.contrast[0])}",
        "unclear": "no clear direction",
    }
    if not row["n_sets"]:
        return (
            f"<div class='trd-theme'><h3>{style.escape(row['theme'])}</h3>No set of it was tested: its "
            "collections are not among those chosen in the settings, or too few of its genes were "
            "tested.</div>"
        )
    return (
        f"<div class='trd-theme'><h3>{style.escape(row['theme'])}</h3>"
        f"<div class='trd-figure {CLASSES[direction]}'>{words[direction]}</div>"
        f"<div>{sentences.interval(row)}</div><div>{set_counts(found, row)}</div></div>"
    )


def set_counts(found: Found, row: pd.Series) -> str:
    """Say how many sets of a theme are significant, in which direction, and how many are flagged."""
    tested = plural(int(row["n_sets"]), "set")
    if not row["n_significant"]:
        counts = f"none of {tested} significant" + (" and held" if row["n_flagged"] else "")
    else:
        counts = f"{int(row['n_significant'])} of {tested} significant"
        if sentences.is_checked(found) and found.result.sample_scores is None:
            counts += " and held"
        if row["n_up"] + row["n_down"]:  # over-representation of both sides has none
            counts += f": ▲ {int(row['n_up'])} ▼ {int(row['n_down'])}"
    if row["n_flagged"]:
        counts += f"; {int(row['n_flagged'])} more flagged, their genes move together"
    missing = int(row["n_listed"] - row["n_sets"])
    return counts + (f" <span class='trd-small'>({missing} listed were not tested)</span>" if missing else "")


def _parts(rows: pd.DataFrame) -> str:
    parts = rows[(rows["sub_theme"] != "") & (rows["n_sets"] > 0)]
    lines = [
        f"<tr><th>{style.escape(row['sub_theme'])}</th><td class='{CLASSES[str(row['direction'])]}'>"
        f"{sentences.ARROWS[str(row['direction'])]} {sentences.interval_short(row)}</td>"
        f"<td>{int(row['n_significant'])} of {int(row['n_sets'])} sets</td></tr>"
        for _, row in parts.iterrows()
    ]
    return f"<table class='trd-facts'>{''.join(lines)}</table>" if lines else ""


def _genes(found: Found, row: pd.Series) -> str:
    genes = [gene for gene in str(row["carriers"]).split(";") if gene]
    if not row["n_sets"]:
        return ""
    if not genes:
        return "<div class='trd-small trd-gap'>No significant set that holds, so no gene carries it.</div>"
    more = " …" if len(genes) > NAMED else ""
    cells = sentences.cells_words(cells_of(found, str(row["theme"]), str(row["sub_theme"])))
    return (
        f"<div class='trd-small trd-gap'><b>Carried by</b> {style.escape(', '.join(genes[:NAMED]))}"
        f"{more}</div><div class='trd-small'><b><abbr title='{style.escape(WHAT_IT_IS)}'>Typical of</abbr>"
        f"</b> {cells}</div>"
    )


def brain_note(theme: str) -> str:
    """Return the fixed note of the neuroplasticity theme: HTML."""
    if theme != BRAIN:
        return ""
    return f"<div class='trd-note' role='note'>{style.escape(BLOOD_IS_NOT_BRAIN)}</div>"


def cells_of(found: Found, theme: str, sub_theme: str = "") -> pd.DataFrame:
    """Return the blood cells of a theme's carrying genes."""
    cells = found.result.cells
    return cells[(cells["theme"] == theme) & (cells["sub_theme"] == sub_theme)]


def in_focus(found: Found) -> pd.Series:
    """Return the row of the theme, or part of a theme, in focus."""
    rows = found.result.themes[found.result.themes["theme"] == state.view(PathwaysView).theme]
    chosen = rows[rows["sub_theme"] == state.view(PathwaysView).sub_theme]
    return (chosen if len(chosen) else rows[rows["sub_theme"] == ""]).iloc[0]


def theme_in_depth(found: Found) -> None:
    """Draw the theme in focus: strengths of its parts, genes that carry it, cells that express them."""
    view = state.view(PathwaysView)
    rows, row = found.result.themes[found.result.themes["theme"] == view.theme], in_focus(found)
    left, right = st.columns([5, 6], gap="large")
    with left:
        if view.theme == BRAIN:
            st.html(brain_note(view.theme))
        state.choice("sub_theme", "Part of the theme", {part: part or "All" for part in rows["sub_theme"]})
        strengths(found, view.theme)
    with right:
        _carriers(found, row)
        _cells_table(found, row)


def _carriers(found: Found, row: pd.Series) -> None:
    genes = [gene for gene in str(row["carriers"]).split(";") if gene]
    st.markdown("**Genes that carry it**, most shared between leading edges first")
    if not genes:
        st.caption("No set of it is significant and holds, so no gene carries it.")
        return
    gene_buttons(found, genes[:BUTTONS], prefix="carrier")


def gene_buttons(found: Found, symbols: list[str], *, prefix: str) -> None:
    """Draw a button for each gene that leads to its page."""
    with st.container(horizontal=True, gap="small"):
        for symbol in symbols:
            if st.button(symbol, key=f"{prefix}.{symbol}", help=f"Open the gene page of {symbol}"):
                hit = basket.exact_match(found.digest, symbol)
                state.look(gene=hit.gene if hit else symbol)
                site.go_to("gene")


def _cells_table(found: Found, row: pd.Series) -> None:
    cells = cells_of(found, str(row["theme"]), str(row["sub_theme"]))
    shown = cells[cells["n_genes"] > 0]
    if shown.empty or not str(row["carriers"]):
        return
    st.markdown("**Blood cells that these genes are typical of**")
    rows = [
        [row["cell"], number(row["n_genes"]), percent(row["share"]), percent(row["share_tested"])]
        for _, row in shown.iterrows()
    ]
    st.html(style.table(["Blood cell", "Genes", "Share of them", "Of all tested"], rows))
    st.caption(WHAT_IT_IS)
