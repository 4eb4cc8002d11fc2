"""The settings of an enrichment analysis: one panel, one specification, one button."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from core.analysis import At
from core.errors import InputError
from core.pathways.kind import KIND
from core.pathways.sets.collections import list_collections
from core.pathways.sets.gmt import read_gmt
from core.pathways.spec import PathwaySpec
from pages.ui.frame import access, problems, shown, state
from pages.ui.parts import draft_panel, option_widgets
from pages.ui.parts.format import about, number, plain, plural

PREFIX = "pathways"
TESTS = {
    "gsea": "By rank of all genes (GSEA)",
    "ora": "By overlap with significant genes",
    "camera": "Correlation-aware (camera)",
    "ssgsea": "By a score per patient (ssGSEA)",
    "gsva": "By a score per patient (GSVA)",
}
LABELS = {
    "direction": {"both": "higher or lower", "up": "higher in case", "down": "lower in case"},
    "background": {
        "tested": "genes that were tested",
        "annotated": "tested genes that are in some set",
        "cohort": "all genes of the data set",
    },
}
OF_TEST = {
    "gsea": ("seed", "permutations"),
    "ora": ("direction", "gene_alpha", "gene_lfc", "background"),
    "camera": ("correlation",),
}
"""Settings that only one test has; those of other tests stay as they are."""
SCORES = {
    "ssgsea": "How high a patient's genes of the set rank among all genes of that patient.",
    "gsva": "The same after each gene has been placed among all patients, so that a gene's usual level does "
    "not count. Takes longer, the more patients the more.",
}
OVERRIDDEN = (
    "Only genes that were tested could have been significant; another background makes sets of blood genes "
    "look enriched whatever the comparison, and is said on screen."
)


def panel(at: At, *, drawn: PathwaySpec | None = None) -> None:
    """Draw the panel that changes and runs the analysis in force; `drawn` is that of the results shown."""
    draft_panel.draw(
        PREFIX,
        state.chosen(KIND),
        title="Settings of the gene-set test",
        button="Run test",
        drawn=drawn,
        base=(at.digest, at.before["de"]),
        fields=_fields,
        run=lambda draft: shown.start(KIND, at, draft, put_in_force=partial(state.choose, KIND)),
        takes=lambda draft: f"This takes {about(KIND.seconds(at, draft))}.",
    )


def _fields(draft: PathwaySpec) -> PathwaySpec:
    left, middle, right = st.columns(3)
    with left:
        draft = _with_collections(draft)
    with middle:
        draft = option_widgets.draw(draft, "test", prefix=PREFIX, labels=TESTS)
        draft = _of_the_test(draft)
    with right:
        drawn = ("collections", "test", *(name for names in OF_TEST.values() for name in names))
        draft = option_widgets.draw_rest(draft, prefix=PREFIX, but=drawn)
    return draft


def _with_collections(draft: PathwaySpec) -> PathwaySpec:
    place = st.container()
    _upload()  # before the list, so that a file brought now is in it
    titles = {card.name: f"{card.title} · {number(card.n_sets)} sets" for card in list_collections()}
    own = [*access.own_sets(), *(name for name in draft.collections if name not in titles)]
    titles |= {path: f"{Path(path).name} · your own" for path in own}
    with place:
        return option_widgets.draw(draft, "collections", prefix=PREFIX, labels=titles)


def _upload() -> None:
    given = st.file_uploader(
        "Your own sets (GMT)",
        type=["gmt", "txt", "gz"],
        key="pathways.upload",
        help="One set per line: name, description and gene symbols, separated by tabs.",
    )
    if given is None:
        return
    folder, content = access.own_folder(), given.getvalue()
    path = access.keep(folder, given.name, content, digits=12, unnamed="sets.gmt")
    digest = st.session_state.get("digest")
    symbols = access.cohort(digest).genes["symbol"].tolist() if digest else []
    try:
        collection = read_gmt(path, known_symbols=[symbol for symbol in symbols if symbol])
    except InputError as error:
        path.unlink(missing_ok=True)
        problems.show_faults(error.faults)
        return
    st.caption(
        f"{plain(given.name)}: {plural(len(collection.sets), 'set')}. The file is now in the list of "
        "collections."
    )
    problems.remark(collection.notices)


def _of_the_test(draft: PathwaySpec) -> PathwaySpec:
    """Draw the settings that only one test has."""
    if words := SCORES.get(draft.test):
        st.caption(words)
    for name in OF_TEST.get(draft.test, ()):
        draft = option_widgets.draw(draft, name, prefix=PREFIX, labels=LABELS.get(name))
    if draft.test == "ora" and draft.background != "tested":
        st.warning(OVERRIDDEN, icon=":material/warning:")
    return draft
