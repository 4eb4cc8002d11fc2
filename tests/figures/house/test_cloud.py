from __future__ import annotations

import numpy as np
import pytest

from core.figures.house.cloud import axis_limit


def test_a_few_extreme_genes_do_not_stretch_the_axis() -> None:
    values = np.concatenate([np.random.default_rng(1).normal(0, 0.3, 20_000), [9.0, -8.0]])
    assert 1 < axis_limit(values) < 3


def test_a_wide_cloud_is_shown_whole() -> None:
    values = np.linspace(-2, 2, 100)
    assert axis_limit(values) == pytest.approx(2.12)


@pytest.mark.parametrize("values", [[], [0.0], [np.nan, np.inf]])
def test_nothing_to_measure(values: list[float]) -> None:
    assert axis_limit(np.array(values)) == 1.0
