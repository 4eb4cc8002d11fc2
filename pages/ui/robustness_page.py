"""The Robustness page: one sentence, then one check at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import (
    power,
    robustness_ladder,
    robustness_null,
    robustness_paths,
    robustness_replication,
    robustness_store,
    robustness_subgroups,
    robustness_tests,
    state,
    style,
)
from pages.ui.analysis import Comparison
from pages.ui.view_robustness import Check, RobustnessView

CHECKS: dict[Check, tuple[str, Callable[[Comparison], None]]] = {
    "ladder": ("Adjustment", robustness_ladder.section),
    "tests": ("Three tests", robustness_tests.section),
    "null": ("Chance", robustness_null.section),
    "centres": ("Centres, sex", robustness_subgroups.section),
    "replication": ("Other studies", robustness_replication.section),
    "power": ("Power", power.section),
    "settings": ("Paths tried", robustness_paths.section),
}


def draw(shown: Comparison) -> None:
    """Draw the answer, the choice of checks, and the one that is chosen."""
    robustness_store.start_ladder_on_demo(shown)
    style.answer(robustness_ladder.answer(shown))
    labels = {name: label for name, (label, _) in CHECKS.items()}
    state.bound("check", st.segmented_control, "Check", options=list(CHECKS), format_func=labels.get)
    with st.container(key="stale" if shown.stale else "fresh"):
        CHECKS[state.view(RobustnessView).check][1](shown)
