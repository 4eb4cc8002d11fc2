"""How many settings were tried: each could have been the one that is told."""

from __future__ import annotations

import streamlit as st

from core.cohort.exclusion import exclusion_words
from core.robustness.paths import count_paths
from core.spec import ModelSpec
from pages.ui import access, style
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
    _listed("Comparisons", [describe(spec) for spec in everything.comparisons])
    _listed(
        "Pathway analyses",
        [f"{describe_sets(spec)} – {describe(compared)}" for compared, spec in everything.pathways],
    )
    _listed("Evaluations of risk models", [_models(spec) for spec in everything.models])
    st.caption(
        "As far as this computer remembers, whoever looked. Direction, shrinkage and the order of covariates "
        "change no p-value and are not counted. The rungs of the ladder are: they were fixed before anybody "
        "looked, but they are analyses all the same."
    )


def _listed(kind: str, names: list[str]) -> None:
    if names:
        with st.expander(f"{kind}: {number(len(names))}"):
            st.markdown("\n".join(f"1. {plain(name)}" for name in sorted(names)))


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
