from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.cohort.samples.balance import Difference
from core.de.design.build import build_design
from core.de.design.confounding import Light
from core.de.spec import DESpec
from pages.ui.cohort.comparison import GroupComparison
from pages.ui.cohort.sentences import answer
from tests.de.cohorts import small_cohort

SPEC = DESpec("group", "TRD", "non-TRD")
GREEN = Light("age", "green", False, "", Difference(0.1, -0.2, 0.4), 0.4, "PC1", 0.1, 0.5, 1.0)


def compared(*lights: Light, profile: object = None) -> GroupComparison:
    cohort = small_cohort()
    design = build_design(cohort.metadata, SPEC)
    return GroupComparison("d", cohort, SPEC, design, profile, list(lights), pd.DataFrame())  # type: ignore[arg-type]


class Profiled:
    notices = ()


def test_groups_that_are_alike() -> None:
    text = answer(compared(GREEN, profile=Profiled()))
    sizes = "TRD (n&nbsp;=&nbsp;12) and non-TRD (n&nbsp;=&nbsp;12)"
    assert text.startswith(f"{sizes} are alike in the one characteristic")
    assert "No characteristic that it leaves out" in text
    assert text.endswith("No sample stands out.")


def test_what_misleads_is_named_with_its_difference() -> None:
    amber = replace(
        GREEN, column="bmi <b>", colour="amber", group_p=0.001, difference=Difference(0.5, 0.2, 0.8)
    )
    red = replace(GREEN, column="batch", colour="red", difference=Difference(np.nan, np.nan, np.nan))
    text = answer(compared(red, amber, GREEN, profile=Profiled()))
    assert "differ in <b>2 of 3</b>" in text
    assert "bmi &lt;b&gt;" in text
    assert "standardised difference +0.50, 95 % interval +0.20 to +0.80" in text
    assert "<b>batch</b> cannot be adjusted for at all" in text
    assert "which goes with the group" in text
    assert "does not adjust" not in answer(compared(replace(amber, adjusted=True), profile=Profiled()))


@pytest.mark.parametrize("profile", [None, Profiled()])
def test_nothing_is_said_of_samples_that_were_not_looked_at(profile: object) -> None:
    text = answer(compared(GREEN, profile=profile))
    assert ("have not been looked at" in text) == (profile is None)
    text = answer(compared(GREEN, profile=profile), under_way=True)
    assert ("are being looked at" in text) == (profile is None)


def test_without_any_characteristic_it_says_so() -> None:
    assert "nothing more is recorded" in answer(compared(profile=Profiled()))
