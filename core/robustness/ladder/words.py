"""A ladder in plain sentences."""

from __future__ import annotations

from core.robustness.ladder.run import Ladder
from core.robustness.ladder.steps import CELLS
from core.robustness.ladder.summary import FEWEST_JUDGED, StepChange, passing, rung_counts, step_change
from core.words import percent

SHRUNK = 0.5  # share by which fold changes must have shrunk for a loss to be more than lost precision
VERBS = {
    "collapses": "collapses",
    "mostly vanishes": "mostly vanishes",
    "weakens": "weakens but does not vanish",
    "persists": "persists",
}


def cells_sentence(ladder: Ladder, *, alpha: float = 0.05, min_lfc: float = 0.0) -> str:
    """Say what is left of the finding once cell composition is adjusted for."""
    place = ladder.place_of(CELLS)
    if place is None:
        reason = next((one.reason for one in ladder.left_out if one.step == CELLS), "")
        because = f": {reason}" if reason else ""
        return f"Whether it is cell composition cannot be said here{because}."
    change = step_change(ladder, place - 1, place, alpha=alpha, min_lfc=min_lfc)
    return step_sentence(change, what="cell composition", alpha=alpha) + _meaning(change)


def cells_clause(ladder: Ladder, *, alpha: float = 0.05, min_lfc: float = 0.0) -> str:
    """Return what cell composition makes of the finding, as a part of a sentence; "" if that is not known."""
    place = ladder.place_of(CELLS)
    if place is None:
        return ""
    change = step_change(ladder, place - 1, place, alpha=alpha, min_lfc=min_lfc)
    if change.outcome == "nothing":
        return ""
    share = change.vanished
    return (
        f"once cell composition is adjusted for, {share.k:,} of the {share.n:,} significant genes "
        f"({percent(share.value)}) are no longer significant"
    )


def step_sentence(change: StepChange, *, what: str, alpha: float) -> str:
    """Say what became of the significant genes when `what` was adjusted for as well."""
    share = change.vanished
    if change.outcome == "nothing":
        return (
            f"Before adjusting for {what} {share.n:,} genes are significant (adjusted p below {alpha:g}): "
            f"fewer than {FEWEST_JUDGED} are too few to say what the adjustment does to the finding."
        )
    text = (
        f"The finding {VERBS[change.outcome]} when {what} is adjusted for: {share.k:,} of the {share.n:,} "
        f"significant genes ({percent(share.value)}) are no longer significant in the same direction, and "
        f"{change.n_new:,} others become so. The typical fold change of the {share.n:,} "
        f"{_shrinks(change.attenuation)}"
    )
    wider = (
        f", its standard error is {change.widening:.2f} times as large." if change.widening >= 1.05 else "."
    )
    return text + wider


def survivors(ladder: Ladder, *, alpha: float = 0.05, min_lfc: float = 0.0) -> str:
    """Say how many genes are significant, with one sign, from the crude model to the last."""
    counts = rung_counts(ladder, alpha=alpha, min_lfc=min_lfc)
    last = len(ladder.rungs) - 1
    together = passing(ladder, 0, alpha=alpha, min_lfc=min_lfc)
    signs = ladder.genes["lfc_0"].to_numpy() > 0
    for number in range(1, last + 1):
        together &= passing(ladder, number, alpha=alpha, min_lfc=min_lfc)
        together &= (ladder.genes[f"lfc_{number}"].to_numpy() > 0) == signs
    return (
        f"{counts['n'].iloc[0]:,} genes are significant without any adjustment, "
        f"{counts['n'].iloc[last]:,} with all of it, and {int(together.sum()):,} at every rung "
        "and in one direction."
    )


def _shrinks(attenuation: float) -> str:
    if abs(attenuation) < 0.005:
        return "stays as it was"
    return f"{'shrinks' if attenuation > 0 else 'grows'} by {percent(abs(attenuation))}"


def _meaning(change: StepChange) -> str:
    """Say what a loss of genes to cell composition means, and what it does not."""
    if change.outcome not in ("collapses", "mostly vanishes"):
        return ""
    if change.attenuation > SHRUNK:
        return (
            " So most of what differs is which cells the blood holds, not what the cells do. A shift of "
            "cells may itself be part of the illness, but it is another finding than altered genes."
        )
    return " The fold changes hold better than the p-values: much of the loss is lost precision."
