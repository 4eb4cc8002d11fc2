from __future__ import annotations

import math

import pytest

from core.words import percent


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.2, "20 %"), (0.0, "0 %"), (0.004, "0.4 %"), (0.00004, "0.004 %"), (1.0, "100 %"), (math.nan, "–")],
)
def test_shares_are_whole_percentages_and_never_a_false_zero(share: float, text: str) -> None:
    assert percent(share) == text
