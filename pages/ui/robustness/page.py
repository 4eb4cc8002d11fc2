"""The Robustness page: one sentence, then one check at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.frame import state
from pages.ui.genes import power
from pages.ui.genes.results import Comparison
from pages.ui.parts import style
from pages.ui.robustness import ladder, methods, null, paths, replication, results, subgroups

CHECKS: dict[str, tuple[str, Callable[[Comparison], None]]] = {
    "ladder": ("Adjustment", ladder.section),
    "tests": ("Three tests", methods.section),
    "null": ("Chance", null.section),
    "centres": ("Centres, sex", subgroups.section),
    "replication": ("Other studies", replication.section),
    "power": ("Power", power.section),
    "settings": ("Paths tried", paths.section),
}


def draw(shown: Comparison) -> None:
    """Draw the answer, the choice of checks, and the one that is chosen."""
    results.start_ladder_on_demo(shown)
    style.answer(ladder.answer(shown))
    labels = {name: label for name, (label, _) in CHECKS.items()}
    check = state.choice("check", "Check", labels)
    with st.container(key="stale" if shown.stale else "fresh"):
        CHECKS[check][1](shown)
