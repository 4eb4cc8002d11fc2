"""How many settings were tried: each could have been the one that is told."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from core.de.spec import DESpec
from core.export.tried import Attempt, counted_kinds
from core.kinds import kind_of
from core.models.spec import ModelSpec
from core.robustness.paths import count_paths
from core.spec import option_of
from pages.ui.frame import access, site, state
from pages.ui.genes.results import Comparison
from pages.ui.parts import style
from pages.ui.parts.format import number, plain, plural

LABELS = {f.name: option_of(f).label for f in fields(DESpec)}


def section(shown: Comparison) -> None:
    """Draw the counts, what was varied, and every analysis by name."""
    everything = access.analyses_tried(shown.digest)
    found = count_paths(everything.specs(DESpec), shown.result.spec)
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
            [style.escape(LABELS[name]), str(len(values)), "<br>".join(map(style.escape, values))]
            for name, values in found.differing.items()
        ]
        st.html(style.table_of_html(["Setting", "Values", "Tried"], rows))
    for kind in counted_kinds():
        _listed(kind, everything.of(kind))
    st.caption(
        "As far as this computer remembers, whoever looked, and whichever version computed it. Direction, "
        "shrinkage and the order of covariates change no p-value and are not counted. The rungs of the "
        "ladder are: they were fixed before anybody looked, but they are analyses all the same."
    )


def _listed(kind: str, attempts: list[Attempt]) -> None:
    """List analyses of a kind by name; a click opens one on its page."""
    if not attempts:
        return
    page = site.page_of(kind)
    with st.expander(f"{kind_of(kind).plural[1].capitalize()}: {number(len(attempts))}"):
        for at, attempt in enumerate(sorted(attempts, key=_name)):
            if st.button(plain(_name(attempt)), key=f"paths.{kind}.{at}", type="tertiary", help="Open it"):
                _open(attempt)
                site.go_to(page)


def _name(attempt: Attempt) -> str:
    before = [kind_of(name).describe(spec) for name, spec in attempt.before]
    return " – ".join([kind_of(attempt.kind).describe(attempt.spec), *before])


def _open(attempt: Attempt) -> None:
    groups = {"de": state.comparison_of(attempt.spec)} if isinstance(attempt.spec, ModelSpec) else {}
    state.put_in_force(**groups, **dict(attempt.before), **{attempt.kind: attempt.spec})
