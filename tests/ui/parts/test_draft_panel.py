"""What a settings panel says of the results beside it: read off their specification, never off a flag."""

from __future__ import annotations

from dataclasses import replace

from core.de.spec import DESpec
from pages.ui.parts.draft_panel import results_are_of

SPEC = DESpec("group", "TRD", "non-TRD")


def test_the_words_follow_the_specification_of_the_result():
    assert "no results" in results_are_of(SPEC, None)
    assert results_are_of(SPEC, replace(SPEC)) == "These are the settings of the results on this page."
    assert "from before" in results_are_of(SPEC, replace(SPEC, alpha=0.1))
