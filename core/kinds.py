"""The kinds of analysis there are, by name: a new one is its own folders and a line here.

Names only: what a kind needs is imported when it is asked for, so that a server stays light.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.analysis import Analysis

KINDS = {
    "demo": "core.cohort.simulation.demo:KIND",
    "profile": "core.cohort.samples.profile:KIND",
    "de": "core.de.kind:KIND",
    "pathways": "core.pathways.kind:KIND",
    "ladder": "core.robustness.ladder.run:KIND",
    "permute": "core.robustness.null.labels:KIND",
    "subgroups": "core.robustness.subgroups.run:KIND",
    "models": "core.models.kind:KIND",
}


@cache
def kind_of(name: str) -> Analysis[Any, Any]:
    """Return a kind of analysis by its name."""
    module, _, attribute = KINDS[name].partition(":")
    found: Analysis[Any, Any] = getattr(import_module(module), attribute)
    return found
