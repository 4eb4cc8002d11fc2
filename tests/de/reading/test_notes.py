from __future__ import annotations

import numpy as np
import pandas as pd

from core.de.reading import notes


def test_every_missing_or_doubtful_padj_has_the_first_reason_that_holds() -> None:
    nan = np.nan
    found = notes.explain(
        no_counts=np.array([True, False, False, False, False, False, False]),
        active=np.array([False, False, True, True, True, True, True]),
        outlier=np.array([False, False, True, False, False, False, False]),
        unconverged=np.array([False, False, True, True, True, False, True]),
        pvalue=pd.Series([nan, nan, nan, 0.3, nan, 0.01, 0.01]),
        padj=pd.Series([nan, nan, nan, nan, nan, 0.02, 0.02]),
    )
    expected = [notes.NO_COUNTS, notes.BELOW_FILTER, notes.OUTLIER, notes.LOW_MEAN, notes.NOT_FITTED, ""]
    assert found.tolist() == [*expected, notes.STOPPED_SHORT]


def test_every_note_has_a_meaning() -> None:
    assert set(notes.MEANINGS) == {
        notes.NO_COUNTS,
        notes.BELOW_FILTER,
        notes.OUTLIER,
        notes.LOW_MEAN,
        notes.NOT_FITTED,
        notes.STOPPED_SHORT,
    }
