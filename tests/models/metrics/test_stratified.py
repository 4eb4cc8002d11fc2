"""Discrimination inside strata: what differs between them does not count."""

from __future__ import annotations

import numpy as np
import pytest

from core.models.metrics.roc import auc_delong
from core.models.metrics.stratified import stratified_auc


def test_one_stratum_is_the_plain_area():
    y, p = [1, 0, 1, 0, 1], [0.9, 0.2, 0.4, 0.5, 0.7]
    assert stratified_auc(y, p, ["A"] * 5)[:3] == pytest.approx(auc_delong(y, p)[:3])


def test_a_difference_between_centres_alone_is_no_discrimination():
    rng = np.random.default_rng(1)
    centre = np.repeat(["A", "B"], 500)
    y = rng.random(1000) < np.where(centre == "A", 0.8, 0.2)
    p = np.where(centre == "A", 0.7, 0.3) + rng.uniform(-0.1, 0.1, 1000)
    assert auc_delong(y, p).value > 0.75
    inside = stratified_auc(y, p, centre)
    assert inside.lower < 0.5 < inside.upper


def test_strata_of_one_group_count_for_nothing():
    y, p = [1, 1, 0, 0, 1, 1], [0.9, 0.8, 0.1, 0.2, 0.1, 0.1]
    strata = ["A"] * 4 + ["B"] * 2
    assert stratified_auc(y, p, strata).value == 1
    assert np.isnan(stratified_auc([1, 1], [0.1, 0.2], ["A", "B"])).all()


def test_intervals_hold_the_truth():
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        y, centre = np.arange(240) % 2, np.arange(240) // 48
        p = 1 / (1 + np.exp(-(rng.normal(0.7416 * y, 1) + centre)))  # area 0.70 inside every centre
        found = stratified_auc(y, p, centre)
        held += found.lower <= 0.70 <= found.upper
    assert 0.92 <= held / 300 <= 0.98
