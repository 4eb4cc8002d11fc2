"""The settings of an enrichment analysis: one panel, one specification, one button."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import InputError
from core.pathways.check import check_spec
from core.pathways.collections import list_collections
from core.pathways.gmt import read_gmt
from core.spec import DESpec, PathwaySpec
from pages.ui import access, draft_panel, jobs_panel, problems, state, widgets
from pages.ui.format import about, number, plain, plural

TESTS = {
    "gsea": "By rank of all genes (GSEA)",
    "ora": "By overlap with significant genes",
    "camera": "Correlation-aware (camera)",
    "ssgsea": "By a score per patient (ssGSEA)",
    "gsva": "By a score per patient (GSVA)",
}
DIRECTIONS = {"both": "higher or lower", "up": "higher in case", "down": "lower in case"}
BACKGROUNDS = {
    "tested": "genes that were tested",
    "annotated": "tested genes that are in some set",
    "cohort": "all genes of the data set",
}
HELP = {
    "collections": "Sets are tested, and their p-values adjusted, within each collection.",
    "test": "GSEA asks whether the genes of a set gather at one end of the ranking. Overlap asks whether a "
    "set holds more significant genes than expected. Camera asks the first question and allows for genes "
    "that move together. A score per patient is compared between the groups like any measurement, with the "
    "covariates of the comparison and an interval. Beside each, a check shows which sets hold when "
    "genes that move together are allowed for.",
    "sizes": "Sets with fewer or more tested genes are left out.",
    "set_alpha": "Share of false discoveries accepted among the sets called significant.",
    "ssgsea": "How high a patient's genes of the set rank among all genes of that patient.",
    "gsva": "The same after each gene has been placed among all patients, so that a gene's usual level does "
    "not count. Takes longer, the more patients the more.",
    "seed": "GSEA draws random sets; the same seed gives the same numbers.",
    "permutations": "Random sets drawn at first; rarer results are followed further.",
    "background": "Genes that could have been significant. Only those tested could; another choice makes "
    "sets of blood genes look enriched whatever the comparison, and is said on screen.",
    "correlation": "Correlation camera assumes between the genes of a set; 0.01 is limma's default.",
}


def panel(digest: str, de_spec: DESpec) -> None:
    """Draw the panel that changes and runs the enrichment analysis in force."""
    spec = state.pathways()

    def run(draft: PathwaySpec) -> None:
        changed = draft != spec
        takes = about(jobs_panel.expected_pathways(digest, de_spec, draft)) if changed else ""
        pressed = draft_panel.pressed(
            "Run test",
            name="pathways",
            changed=changed,
            results=draft_panel.ON_PAGE,
            takes=f"This takes {takes}.",
        )
        if pressed:
            _run(digest, de_spec, draft)

    draft_panel.draw(
        "Settings of the gene-set test",
        spec,
        name="pathways",
        base=(digest, de_spec),
        fields=_fields,
        run=run,
    )


def _fields(draft: PathwaySpec) -> PathwaySpec:
    left, middle, right = st.columns(3)
    with left:
        draft = replace(draft, collections=_collections(draft))
    with middle:
        test = st.selectbox(
            "Test",
            list(TESTS),
            list(TESTS).index(draft.test),
            format_func=TESTS.get,
            help=HELP["test"],
            key="pathways.test",
        )
        draft = replace(draft, test=test, **_of_the_test(replace(draft, test=test)))
    with right:
        draft = replace(draft, **_numbers(draft))
    return draft


def _collections(draft: PathwaySpec) -> tuple[str, ...]:
    place = st.container()
    _upload()  # before the list, so that a file brought now is in it
    titles = {card.name: f"{card.title} · {number(card.n_sets)} sets" for card in list_collections()}
    own = [*access.own_sets(), *(name for name in draft.collections if name not in titles)]
    titles |= {path: f"{access.own_sets_name(path)} · your own" for path in own}
    picked = place.multiselect(
        "Collections",
        list(titles),
        [name for name in draft.collections if name in titles],
        format_func=titles.get,
        help=HELP["collections"],
        key="pathways.collections",
    )
    # In the order of the list: the same choice gives the same analysis, however it was clicked together.
    chosen = tuple(name for name in titles if name in picked)
    return draft.collections if set(chosen) == set(draft.collections) else chosen


def _upload() -> None:
    given = st.file_uploader(
        "Your own sets (GMT)",
        type=["gmt", "txt", "gz"],
        key="pathways.upload",
        help="One set per line: name, description and gene symbols, separated by tabs.",
    )
    if given is None:
        return
    path = access.keep_own_sets(given.name, given.getvalue())
    digest = st.session_state.get("digest")
    symbols = access.cohort(digest).genes["symbol"] if digest else []
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
    for notice in collection.notices:
        st.caption(plain(notice.message))


def _of_the_test(draft: PathwaySpec) -> dict[str, Any]:
    """Draw the settings that only one test has; those of other tests stay as they are."""
    if draft.test == "gsea":
        return _of_gsea(draft)
    if draft.test in ("ssgsea", "gsva"):
        st.caption(HELP[draft.test])
        return {}
    return _of_ora(draft) if draft.test == "ora" else _of_camera(draft)


def _of_gsea(draft: PathwaySpec) -> dict[str, Any]:
    seed = widgets.number("Seed", 0, 2**32 - 1, draft.seed, help=HELP["seed"], key="pathways.seed")
    permutations = widgets.number(
        "Random sets at first",
        100,
        100_000,
        draft.permutations,
        100,
        help=HELP["permutations"],
        key="pathways.permutations",
    )
    return {"seed": int(seed), "permutations": int(permutations)}


def _of_ora(draft: PathwaySpec) -> dict[str, Any]:
    direction = st.selectbox(
        "Significant genes",
        list(DIRECTIONS),
        list(DIRECTIONS).index(draft.direction),
        format_func=DIRECTIONS.get,
        key="pathways.direction",
    )
    alpha = widgets.number(
        "with an adjusted p below", 0.001, 0.5, draft.gene_alpha, 0.01, "%.3f", key="pathways.gene_alpha"
    )
    lfc = widgets.number(
        "and |log2FC| of at least", 0.0, 5.0, draft.gene_lfc, 0.05, "%.2f", key="pathways.gene_lfc"
    )
    background = st.selectbox(
        "Background",
        list(BACKGROUNDS),
        list(BACKGROUNDS).index(draft.background),
        format_func=BACKGROUNDS.get,
        help=HELP["background"],
        key="pathways.background",
    )
    if background != "tested":
        st.warning(HELP["background"], icon=":material/warning:")
    return {
        "direction": direction,
        "gene_alpha": float(alpha),
        "gene_lfc": float(lfc),
        "background": background,
    }


def _of_camera(draft: PathwaySpec) -> dict[str, Any]:
    estimate = st.toggle(
        "Estimate correlation per set",
        draft.correlation is None,
        help=HELP["correlation"],
        key="pathways.estimate",
    )
    if estimate:
        return {"correlation": None}
    value = widgets.number(
        "Correlation",
        0.0,
        0.99,
        0.01 if draft.correlation is None else draft.correlation,
        0.01,
        key="pathways.correlation",
    )
    return {"correlation": float(value)}


def _numbers(draft: PathwaySpec) -> dict[str, Any]:
    smallest = widgets.number(
        "Fewest genes of a set", 2, None, draft.min_size, help=HELP["sizes"], key="pathways.min_size"
    )
    largest = widgets.number(
        "Most genes of a set", 2, None, draft.max_size, help=HELP["sizes"], key="pathways.max_size"
    )
    alpha = widgets.number(
        "False discovery rate",
        0.001,
        0.5,
        draft.set_alpha,
        0.01,
        "%.3f",
        help=HELP["set_alpha"],
        key="pathways.set_alpha",
    )
    return {"min_size": int(smallest), "max_size": int(largest), "set_alpha": float(alpha)}


def _run(digest: str, de_spec: DESpec, draft: PathwaySpec) -> None:
    try:
        check_spec(draft)
    except InputError as error:
        problems.show_faults(error.faults)
        return
    state.enrich(draft)
    jobs_panel.start_pathways_if_absent(digest, de_spec, draft)
    st.rerun()
