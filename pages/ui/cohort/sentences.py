"""The sentence under the title of the Cohort page. Returns safe HTML."""

from __future__ import annotations

import math

from core.cohort.samples.profile import Profile
from core.de.design.confounding import Light
from pages.ui.cohort.comparison import GroupComparison
from pages.ui.parts.format import enumeration, plural, signed
from pages.ui.parts.style import escape


def answer(comparison: GroupComparison, *, under_way: bool = False) -> str:
    """Say whether the groups are alike, what could mislead, and how many samples to doubt.

    `under_way` says whether the samples are being looked at, where nobody has yet.
    """
    design, lights, (case, control) = comparison.design, comparison.lights, comparison.groups
    sizes = (
        f"{escape(case)} (n&nbsp;=&nbsp;{design.n_in(case)}) and {escape(control)} "
        f"(n&nbsp;=&nbsp;{design.n_in(control)})"
    )
    misleading = _misleading(lights) if comparison.profile else ""
    parts = [f"{sizes} {_alike(lights)}", misleading, _doubtful(comparison.profile, under_way=under_way)]
    return " ".join(part for part in parts if part)


def _alike(lights: list[Light]) -> str:
    if not lights:
        return "cannot be set against anything else: nothing more is recorded of these samples."
    unlike = [light for light in lights if light.group_p < 0.05 or light.colour == "red"]
    if not unlike:
        recorded = "the one characteristic" if len(lights) == 1 else f"all {len(lights)} characteristics"
        return f"are alike in {recorded} recorded."
    largest = max(
        (light for light in unlike if not math.isnan(light.difference.value)),
        key=lambda light: abs(light.difference.value),
        default=None,
    )
    most = (
        "" if largest is None else f", most in <b>{escape(largest.column)}</b> ({difference_words(largest)})"
    )
    return f"differ in <b>{len(unlike)} of {len(lights)}</b> characteristics recorded{most}."


def difference_words(light: Light) -> str:
    """Return a standardised difference with its interval."""
    value, low, high = light.difference
    if math.isnan(value):
        return "not estimable"
    interval = "" if math.isnan(low) else f", 95 % interval {signed(low)} to {signed(high)}"
    return f"standardised difference {signed(value)}{interval}"


def _misleading(lights: list[Light]) -> str:
    red = [escape(light.column) for light in lights if light.colour == "red"]
    amber = [escape(light.column) for light in lights if light.colour == "amber" and not light.adjusted]
    sentences = []
    if red:
        sentences.append(f"<b>{enumeration(red)}</b> cannot be adjusted for at all.")
    if amber:
        verbs = ("goes", "weakens") if len(amber) == 1 else ("go", "weaken")
        sentences.append(
            f"The analysis does not adjust for <b>{enumeration(amber)}</b>, which {verbs[0]} with the group "
            f"and with expression, or {verbs[1]} the comparison."
        )
    return " ".join(sentences) or "No characteristic that it leaves out goes with both group and expression."


def _doubtful(profile: Profile | None, *, under_way: bool) -> str:
    if profile is None:
        done = (
            "are being looked at" if under_way else "have not been looked at, so what they show is not known"
        )
        return f"The samples themselves {done}."
    samples = {sample for notice in profile.notices for sample in notice.samples}
    if not samples:
        return "No sample stands out."
    verb = "deserves" if len(samples) == 1 else "deserve"
    return f"<b>{plural(len(samples), 'sample')}</b> {verb} a second look."
