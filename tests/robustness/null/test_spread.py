from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from core.robustness.null.spread import log_variance_ratio, rate_under_one_variance


def test_the_ratio_is_that_of_the_typical_gene():
    rng = np.random.default_rng(1)
    labels = np.repeat([1.0, 0.0], [40, 60])
    values = rng.normal(0, np.where(labels == 1, 2.0, 1.0), (4000, 100)) + 3 * labels
    assert log_variance_ratio(values, labels) == pytest.approx(2, abs=0.05)
    assert log_variance_ratio(values, 1 - labels) == pytest.approx(-2, abs=0.05)
    assert log_variance_ratio(np.zeros((3, 100)), labels) == 0


@pytest.mark.parametrize(
    ("ratio", "n_case", "n_control"), [(4, 20, 60), (0.25, 20, 60), (3, 30, 30), (1, 20, 60)]
)
def test_the_rate_is_what_a_pooled_test_does(ratio: float, n_case: int, n_control: int):
    rng = np.random.default_rng(2)
    case = rng.normal(0, np.sqrt(ratio), (20_000, n_case))
    control = rng.normal(0, 1, (20_000, n_control))
    measured = (ttest_ind(case, control, axis=1).pvalue < 0.05).mean()
    assert rate_under_one_variance(np.log2(ratio), n_case, n_control) == pytest.approx(measured, abs=0.012)
