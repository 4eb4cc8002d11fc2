from __future__ import annotations

import numpy as np

from core.models.pipelines.select import moderated_t, strongest


def test_the_statistic_is_limmas():
    from core.de.limma.moderate import fit_prior, moderate

    rng = np.random.default_rng(2)
    raw = rng.normal(size=(30, 200)) * rng.gamma(4, 0.3, 200)
    y = np.repeat([1.0, 0.0], [12, 18])
    raw[y == 1, :5] += 1
    mean, sd = raw.mean(axis=0), raw.std(axis=0, ddof=1)
    difference = raw[y == 1].mean(axis=0) - raw[y == 0].mean(axis=0)
    variance = (11 * raw[y == 1].var(axis=0, ddof=1) + 17 * raw[y == 0].var(axis=0, ddof=1)) / 28
    moderated = moderate(variance, 28.0, fit_prior(variance, 28.0))
    expected = difference / np.sqrt(moderated * (1 / 12 + 1 / 18))
    assert np.allclose(moderated_t((raw - mean) / sd, y, sd), expected, atol=1e-8)


def test_the_strongest_in_order_of_place():
    assert strongest(np.array([0.1, -3.0, 2.0, 3.0]), 2).tolist() == [1, 3]
    assert strongest(np.array([1.0, -1.0, 1.0]), 2).tolist() == [0, 1]
    assert strongest(np.array([1.0]), 5).tolist() == [0]
