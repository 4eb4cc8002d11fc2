from __future__ import annotations

import pandas as pd

from core.figures.counts import threshold_counts
from core.figures.theme import DOWN, UP, alt_text

COUNTS = pd.DataFrame({"padj": [0.01, 0.05], "higher": [700, 1329], "lower": [0, 1401]})


def test_bars_have_direction_as_colour_and_sign() -> None:
    higher, lower = threshold_counts(COUNTS, case="TRD").data
    assert (higher.marker.color, lower.marker.color) == (UP, DOWN)
    assert higher.text == ("▲<br>700", "▲<br>1,329")
    assert lower.text == ("▼<br>0", "▼<br>1,401")


def test_alternative_has_every_number() -> None:
    alt = alt_text(threshold_counts(COUNTS, case="TRD", simulated=True))
    assert alt.startswith("Simulated data.")
    assert "1,329 higher and 1,401 lower at 0.05" in alt


def test_nothing_counted() -> None:
    assert "nothing to count" in alt_text(threshold_counts(COUNTS.iloc[:0], case="TRD"))
