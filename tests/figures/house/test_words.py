from __future__ import annotations

import pytest

from core.figures.house.words import change_text, count_text, lfc_text, p_text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (3.2e-5, "3.2 × 10⁻⁵"),
        (0.032, "0.032"),
        (0.0, "< 10⁻³⁰⁰"),
        (1.0, "1.00"),
        (float("nan"), "not tested"),
        (9.96e-13, "1.0 × 10⁻¹²"),
    ],
)
def test_p_text(p: float, text: str) -> None:
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (0.17, "13 % higher"),
        (-0.17, "11 % lower"),
        (2.0, "4.0 times higher"),
        (-7.0, "128 times lower"),
        (0.0, "no different"),
        (float("nan"), "not estimated"),
    ],
)
def test_change_text(change: float, text: str) -> None:
    assert change_text(change) == text


def test_signs_are_typeset() -> None:
    assert (lfc_text(-0.5), lfc_text(0.5), lfc_text(float("nan"))) == ("−0.50", "+0.50", "–")
    assert count_text(5746) == "5,746"
