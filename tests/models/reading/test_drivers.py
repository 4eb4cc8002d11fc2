from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.models.reading.drivers import gene_stability, median_strength, stability, summarise_selection
from core.models.validation.nested_validation import fold_tasks, read_folds
from core.models.validation.units import cross_validation
from tests.models.studies import DRAWN, drawn, setting_of


def test_stability_is_one_for_the_same_and_nought_for_chance():
    same = np.tile(np.arange(100) < 20, (25, 1))
    assert stability(same).value == 1
    rng = np.random.default_rng(1)
    chance = np.array([rng.permutation(100) < 20 for _ in range(400)])
    found = stability(chance)
    assert found.value == pytest.approx(0, abs=0.01)
    assert found.lower < 0 < found.upper


def test_stability_by_the_definition():
    """With choices of equal size it is the mean over pairs of (overlap - expected) / (size - expected)."""
    rng = np.random.default_rng(2)
    weight = rng.gamma(1, 1, 60)
    chosen = np.zeros((8, 60), dtype=bool)
    for row in chosen:
        row[rng.choice(60, 12, replace=False, p=weight / weight.sum())] = True
    overlap = [(chosen[i] & chosen[j]).sum() for i in range(8) for j in range(i)]
    expected = 12 * 12 / 60
    assert stability(chosen).value == pytest.approx((np.mean(overlap) - expected) / (12 - expected))


def test_nothing_to_say_about_stability():
    for chosen in (
        np.ones((3, 5), bool),
        np.zeros((3, 5), bool),
        np.ones((1, 5), bool),
        np.zeros((3, 0), bool),
    ):
        assert np.isnan(stability(chosen).value)


def test_selection_over_refits(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(signal=1.5), DRAWN)
    units = cross_validation(setting.study, DRAWN)
    for task in fold_tasks(setting, units, stage="x"):
        task.run(lambda: False)
    folds = read_folds(setting, units)
    table = summarise_selection(folds, {"gene0000": "ABC1"})
    genes = table[table["model"] == "genes"].set_index("feature")
    planted = [f"gene{i:04d}" for i in range(20)]
    assert (genes.loc[planted, "frequency"] == 1).all()
    assert (genes.loc[planted, "coefficient"] > 0).all()
    assert (genes.loc[planted, "sign_stability"] == 1).all()
    assert genes["frequency"].is_monotonic_decreasing
    assert genes.loc["gene0000", "symbol"] == "ABC1"
    assert genes["frequency"].between(1 / len(units), 1).all()
    assert 0.3 < gene_stability(folds, "genes", candidates=300).value < 1
    assert median_strength(folds, "genes") > 0
    assert np.isnan(median_strength(folds, "dummy"))
