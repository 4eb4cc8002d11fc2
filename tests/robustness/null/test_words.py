from __future__ import annotations

import numpy as np
import pandas as pd

from core.robustness.null.words import histogram_sentence


def test_the_shape_of_the_p_values_has_a_verdict():
    rng = np.random.default_rng(2)
    flat = pd.Series(rng.random(5000))
    assert histogram_sentence(flat).startswith("Flat")
    peak = pd.Series(np.concatenate([rng.random(4000), rng.random(1500) ** 6]))
    assert histogram_sentence(peak).startswith("A peak near 0")
    odd = pd.Series(np.concatenate([rng.random(4000), 1 - 0.05 * rng.random(1000)]))
    assert "should not be trusted" in histogram_sentence(odd)
    assert "Too few genes" in histogram_sentence(flat[:20])
