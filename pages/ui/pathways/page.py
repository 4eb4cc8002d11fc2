"""The Pathways page at its three levels: all themes and sets, one theme, one set."""

from __future__ import annotations

import streamlit as st

from core.figures.pathways.words import set_label
from core.pathways.kind import KIND
from core.pathways.reading.select_sets import find_set
from core.pathways.reading.set_view import SetView
from core.pathways.tables import sets_gmt_bytes
from pages.ui.frame import footing, problems, state
from pages.ui.parts import style
from pages.ui.parts.format import number, plain
from pages.ui.pathways import compare, explorer, sentences, settings
from pages.ui.pathways import set as pathway_set
from pages.ui.pathways import themes as pathway_themes
from pages.ui.pathways.results import Found
from pages.ui.pathways.view import PathwaysView


def draw(found: Found) -> None:
    """Draw what is in focus: a set, a theme, or all of them."""
    footing.tell(found.made, *_files(found))
    _forget_unknown_theme(found)
    key = state.view(PathwaysView).gene_set
    row = find_set(found.result, key) if key else None
    view = None if row is None else pathway_set.view_of(found, row)
    _trail(found, row)
    style.answer(_answer(found, row, view))
    _warnings(found)
    settings.panel(found.made.at, drawn=found.result.spec)
    with st.container(key="stale" if found.stale else "fresh"):
        if row is not None and view is not None:
            pathway_set.draw(found, row, view)
        elif _theme_is_known(found):
            pathway_themes.theme_in_depth(found)
            st.subheader(f"Its sets: {plain(_focus())}")
            explorer.explore(found)
        else:
            _everything(found)


def _answer(found: Found, row: int | None, view: SetView | None) -> str:
    if row is not None and view is not None:
        return sentences.set_answer(found, row, view)
    if not _theme_is_known(found):
        return sentences.answer(found)
    theme = pathway_themes.in_focus(found)
    return sentences.theme_answer(found, theme, pathway_themes.set_counts(found, theme))


def _everything(found: Found) -> None:
    pathway_themes.cards(found)
    with st.expander("All themes and their parts beside each other", icon=":material/align_horizontal_left:"):
        pathway_themes.strengths(found)
    st.subheader("Which gene sets?")
    explorer.explore(found)
    compare.draw(found)
    _what_was_tested(found)


def _forget_unknown_theme(found: Found) -> None:
    """Leave out of the view what a link names and the theme list no longer has."""
    view, themes = state.view(PathwaysView), found.result.themes
    parts = themes.loc[themes["theme"] == view.theme, "sub_theme"]
    if view.theme and parts.empty:
        state.look(theme="", sub_theme="")
    elif view.sub_theme and view.sub_theme not in set(parts):
        state.look(sub_theme="")


def _theme_is_known(found: Found) -> bool:
    theme = state.view(PathwaysView).theme
    return bool(theme) and theme in set(found.result.themes["theme"])


def _focus() -> str:
    view = state.view(PathwaysView)
    return f"{view.theme}, {view.sub_theme}" if view.sub_theme else view.theme


def _trail(found: Found, row: int | None) -> None:
    """Draw the way back from a set or a theme."""
    view = state.view(PathwaysView)
    if view.gene_set and row is None:
        name = set_label(view.gene_set.split("/", 1)[-1])
        st.warning(
            f"The set “{plain(name)}” was not tested here: its collection was not chosen, or too few of its "
            "genes were active.",
            icon=":material/search_off:",
        )
    if row is None and not _theme_is_known(found):
        return
    with st.container(horizontal=True, gap="small"):
        if st.button("All themes", icon=":material/arrow_back:", key="trail.all", type="tertiary"):
            state.look(theme="", sub_theme="", gene_set="", sets_listed="significant", fold=True)
            st.rerun()
        if row is not None:
            label = _focus() if _theme_is_known(found) else "Table of sets"
            if st.button(plain(label), icon=":material/chevron_right:", key="trail.theme", type="tertiary"):
                state.look(gene_set="")
                st.rerun()


def _warnings(found: Found) -> None:
    """Say what must be known before any number is read."""
    run, spec = found.result.run, found.result.spec
    if run.background:
        st.warning(
            plain(run.background), icon=":material/warning:"
        ) if spec.background != "tested" else st.caption(plain(run.background))
    if not sentences.is_checked(found):
        st.warning(plain(run.check), icon=":material/warning:")


def _what_was_tested(found: Found) -> None:
    run = found.result.run
    with st.expander("What was tested, and how", icon=":material/fact_check:"):
        st.markdown(f"{plain(run.method)} {plain(run.check)}")
        problems.remark(run.notices)
        rows = [
            [
                c.title,
                c.version,
                c.licence,
                *map(number, (c.n_sets, c.n_tested, c.n_significant)),
                c.attribution,
            ]
            for c in run.collections
        ]
        header = ["Collection", "Version", "Licence", "Sets", "Tested", "Significant", "Attribution"]
        st.html(style.table(header, rows))


def _files(found: Found) -> list[footing.Download]:
    """Return the sets, which the script reads."""
    if not KIND.scripts(found.made):
        return []
    result = found.result
    return [
        footing.Download(
            "Sets for the script (GMT)",
            "sets.gmt",
            "text/plain",
            lambda: sets_gmt_bytes(result, range(len(result.table))),
            "The tested sets. The script also reads the table of the comparison: de.csv of the command, or "
            "the CSV of the Genes page with every gene.",
        )
    ]
