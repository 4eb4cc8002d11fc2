"""How many settings were tried: each could have been the one that is told."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.cohort.exclusion import exclusion_words
from core.robustness.paths import count_paths
from core.spec import ModelSpec, Spec
from pages.ui import access, site, state, style
from pages.ui.analysis import Shown, describe
from pages.ui.format import number, plain, plural
from pages.ui.pathway_analysis import describe as describe_sets

NAMES = {
    "covariates": "Adjusted for",
    "min_count": "Smallest count of an active gene",
    "min_samples": "In at least so many samples",
    "method": "Test",
    "alpha": "False discovery rate",
    "lfc_threshold": "Smallest fold change tested",
    "winsorise": "Counts capped at quantile",
    "exclude": "Samples left out",
    "all_groups": "One model of all groups",
}


def section(shown: Shown) -> None:
    """Draw the counts, what was varied, and every analysis by name."""
    everything = access.analyses_tried(shown.digest)
    found = count_paths(everything.comparisons, shown.result.spec)
    st.subheader("How many paths were tried?")
    st.markdown(
        f"{everything.sentence()} **{plural(found.n_settings, 'setting')}** of "
        f"{plain(shown.result.spec.contrast)} {'is' if found.n_settings == 1 else 'are'} among them. "
        "Report the one you would have chosen beforehand, and say how many others there were: among "
        "many analyses one is always the best. Exported tables, figures and scripts carry the count."
    )
    if found.differing:
        st.markdown("**What was varied in this comparison**")
        rows = [
            [style.escape(NAMES.get(name, name)), str(len(values)), "<br>".join(map(style.escape, values))]
            for name, values in found.differing.items()
        ]
        st.html(style.table_of_html(["Setting", "Values", "Tried"], rows))
    _listed("Comparisons", "genes", {(spec,): describe(spec) for spec in everything.comparisons})
    sets = {pair: f"{describe_sets(pair[1])} – {describe(pair[0])}" for pair in everything.pathways}
    _listed("Pathway analyses", "pathways", sets)
    models = {(state.comparison_of(spec), spec): _models(spec) for spec in everything.models}
    _listed("Evaluations of risk models", "models", models)
    st.caption(
        "As far as this computer remembers, whoever looked. Direction, shrinkage and the order of covariates "
        "change no p-value and are not counted. The rungs of the ladder are: they were fixed before anybody "
        "looked, but they are analyses all the same."
    )


def _listed(kind: str, page: str, analyses: Mapping[tuple[Spec, ...], str]) -> None:
    """List analyses by name; a click opens one on its page."""
    if not analyses:
        return
    with st.expander(f"{kind}: {number(len(analyses))}"):
        for at, (specs, name) in enumerate(sorted(analyses.items(), key=lambda item: item[1])):
            if st.button(plain(name), key=f"paths.{page}.{at}", type="tertiary", help="Open it"):
                state.put_in_force(*specs)
                site.go_to(page)


def _models(spec: ModelSpec) -> str:
    parts = [
        spec.contrast,
        f"{plural(len(spec.models), 'model')}",
        f"{spec.folds} folds × {spec.repeats} repeats",
        *([f"centres held out ({spec.centre})"] if spec.centre else []),
        *([f"with {', '.join(spec.include_unsafe)} on purpose"] if spec.include_unsafe else []),
        *([words] if (words := exclusion_words(spec.exclude)) else []),
    ]
    return ", ".join(parts)
