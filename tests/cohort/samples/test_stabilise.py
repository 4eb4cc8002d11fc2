from __future__ import annotations

import numpy as np
import pytest

from core.cohort.samples.stabilise import Trend, dispersion_trend, stabilise


def simulated(floor: float, per_mean: float, *, n_genes: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    mean, size = np.exp(rng.uniform(2, 9, (n_genes, 1))), rng.uniform(0.7, 1.4, 80)
    dispersion = floor + per_mean / mean
    return rng.poisson(mean * size * rng.gamma(1 / dispersion, dispersion, (n_genes, 80))) / size, size


def test_the_trend_is_recovered() -> None:
    trend = dispersion_trend(*simulated(0.1, 2.0))
    assert trend.floor == pytest.approx(0.1, rel=0.1)
    assert trend.per_mean == pytest.approx(2.0, rel=0.25)


def test_spread_does_not_hang_on_the_level() -> None:
    normalised, size = simulated(0.1, 2.0)
    spread = stabilise(normalised, dispersion_trend(normalised, size)).std(axis=1)
    level = normalised.mean(axis=1)
    weak, strong = np.median(spread[level < 30]), np.median(spread[level > 3000])
    assert weak == pytest.approx(strong, rel=0.15)
    logs = np.log2(normalised + 0.5).std(axis=1)
    assert np.median(logs[level < 30]) > 1.5 * np.median(logs[level > 3000])


def test_large_counts_are_on_the_log2_scale() -> None:
    values = stabilise(np.array([[1e6, 2e6]]), Trend(0.1, 2.0))
    assert values[0, 1] - values[0, 0] == pytest.approx(1, abs=1e-4)
