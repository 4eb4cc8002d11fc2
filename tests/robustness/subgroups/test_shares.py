from __future__ import annotations

import numpy as np
import pytest

from core.robustness.subgroups.shares import wilson


def test_it_agrees_with_scipy():
    from scipy.stats import binomtest

    for k, n in ((0, 10), (3, 10), (10, 10), (480, 512)):
        expected = binomtest(k, n).proportion_ci(method="wilson")
        share = wilson(k, n)
        assert share.low == pytest.approx(expected.low, abs=1e-12)
        assert share.high == pytest.approx(expected.high, abs=1e-12)
        assert share.value == k / n


def test_nothing_counted_has_no_share():
    assert np.isnan(wilson(0, 0).value)
