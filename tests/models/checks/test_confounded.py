from __future__ import annotations

import pandas as pd
import pytest

from core.models.checks.base import Facts
from core.models.checks.confounded import Confounded


def inspect(**centres: tuple[int, int]):
    table = pd.DataFrame.from_dict(centres, orient="index", columns=["case", "control"])
    return Confounded().inspect(Facts(centres=table))


@pytest.mark.parametrize(
    "centres",
    [
        {"A": (50, 0), "B": (0, 50)},
        {"A": (50, 20), "B": (0, 30)},  # all cases from one centre, controls from both
        {"A": (20, 50), "B": (30, 0)},
        {"A": (40, 0), "B": (0, 40), "C": (10, 10)},
        {"A": (25, 1), "B": (25, 0), "C": (0, 50)},
    ],
)
def test_group_and_centre_that_are_one_thing_are_red(centres: dict[str, tuple[int, int]]):
    assert inspect(**centres).severity == "red"


def test_all_cases_from_one_centre_names_it():
    assert "All 50 cases come from A" in inspect(A=(50, 0), B=(0, 25), C=(0, 25)).explanation


def test_mixed_centres_pass_and_a_pure_one_is_noted():
    assert inspect(A=(30, 30), B=(20, 20)).severity == "passed"
    assert inspect(A=(30, 30), B=(20, 20), C=(5, 0)).severity == "note"


def test_without_centres():
    assert Confounded().inspect(Facts()).severity == "not applicable"
    assert inspect(A=(5, 5)).severity == "not applicable"


def test_the_one_centre_of_all_cases_is_named_wherever_it_stands():
    assert "All 50 cases come from C" in inspect(A=(0, 25), B=(0, 25), C=(50, 0)).explanation


@pytest.mark.parametrize(
    ("centres", "severity"),
    [
        ({"A": (25, 25), "B": (25, 0), "C": (0, 25)}, "note"),  # half of the patients are in mixed centres
        ({"A": (25, 24), "B": (25, 0), "C": (0, 26)}, "red"),
        ({"A": (2, 2), "B": (2, 2)}, "passed"),  # two of a group make a centre mixed, one does not
        ({"A": (2, 1), "B": (2, 1)}, "red"),
    ],
)
def test_limits_of_what_counts_as_mixed(centres: dict[str, tuple[int, int]], severity: str):
    assert inspect(**centres).severity == severity
