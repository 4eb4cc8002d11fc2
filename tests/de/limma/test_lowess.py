"""Agreement with R's lowess; see tests/data/limma/make.R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from core.de.limma.lowess import lowess

DATA = Path(__file__).parents[2] / "data"


def test_equals_r_with_ties_and_outliers():
    reference = pd.read_csv(DATA / "limma" / "lowess.csv.gz")
    x, y = lowess(reference["x"].to_numpy(), reference["y"].to_numpy(), span=0.4)
    assert reference["x"].duplicated().any()
    assert_allclose(x, reference["smooth_x"])
    assert_allclose(y, reference["smooth_y"], rtol=1e-10)


def test_equals_r_on_numbers_of_rejections():
    """As DESeq2's independent filtering smooths them: fifty points, span 0.2."""
    i = np.arange(50)
    y = np.rint(3000 + 400 * np.sin(i / 9) + 60 * ((i * 37) % 11) - np.where(i > 40, (i - 40) ** 2 * 12, 0))
    y[7] = 5000
    _, smooth = lowess(np.linspace(0, 0.95, 50), y, span=0.2)
    by_r = [3139.249147, 3613.619000, 3442.208202, 2944.128697, 2170.014302]
    assert_allclose(smooth[[0, 7, 24, 40, 49]], by_r, rtol=1e-9)


def test_a_straight_line_stays_straight():
    x = np.random.default_rng(1).permutation(np.linspace(0, 5, 200))
    at, smooth = lowess(x, 3 * x - 1)
    assert_allclose(smooth, 3 * at - 1, atol=1e-9)


def test_an_outlier_does_not_bend_the_curve():
    x = np.linspace(0, 1, 101)
    y = np.sin(x) + np.random.default_rng(1).normal(0, 0.01, 101)
    bent = y.copy()
    bent[50] += 100
    assert_allclose(lowess(x, bent)[1], lowess(x, y)[1], atol=0.01)


def test_one_and_equal_points():
    assert_allclose(lowess(np.array([2.0]), np.array([7.0]))[1], [7.0])
    assert_allclose(lowess(np.ones(4), np.array([1.0, 2.0, 3.0, 4.0]))[1], 2.5)
