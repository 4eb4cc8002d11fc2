from __future__ import annotations

import math

import pytest

from core.words import p_value, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.2, "20 %"), (0.0, "0 %"), (0.004, "0.4 %"), (0.00004, "0.004 %"), (1.0, "100 %"), (math.nan, "–")],
)
def test_shares_are_whole_percentages_and_never_a_false_zero(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.02, "0.020"),
        (0.034, "0.034"),
        (0.0994, "0.099"),
        (0.0996, "0.10"),
        (0.5, "0.50"),
        (0.00099, "9.9 × 10⁻⁴"),
        (1e-250, "1.0 × 10⁻²⁵⁰"),
        (1e-310, "< 10⁻³⁰⁰"),
        (math.nan, "–"),
    ],
)
def test_p_values_have_two_digits(p: float, text: str) -> None:
    assert p_value(p) == text
