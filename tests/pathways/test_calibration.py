"""What the enrichment tests promise, measured on 20 simulated cohorts of full size.

The table is made by `tests/pathways/calibration.py`; a part of it is measured anew here, so that numbers that
change are seen.

Each bound is what is promised plus its Monte-Carlo error at 95 %, one-sided, written down before
looking: for a mean over cohorts, Student's t with the standard error between cohorts (sets of one cohort are
not independent of each other); for a number of cohorts, the binomial quantile.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from scipy.stats import t as student

from tests.pathways.calibration import SEEDS, TABLE, calls_changed, measured

CONFIDENCE, PROMISED = 0.95, 0.05


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(TABLE)


def highest_mean(values: pd.Series, *, promised: float) -> float:
    """Largest mean over cohorts that a true mean of `promised` explains."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    return promised + float(student.ppf(CONFIDENCE, len(values) - 1)) * error


@pytest.mark.slow
@pytest.mark.parametrize("seed", [SEEDS[-1], SEEDS[0]])
def test_the_table_is_what_is_measured(seed: int, table: pd.DataFrame):
    expected = table.set_index("seed", drop=False).loc[seed]
    assert pd.Series(measured(seed)).to_dict() == pytest.approx(expected.to_dict(), rel=1e-4)


@pytest.mark.slow
def test_another_seed_of_gsea_changes_few_calls():
    assert calls_changed(SEEDS[0]) < 0.04


def test_sets_that_were_not_planted_hold_the_false_discovery_rate(table: pd.DataFrame):
    assert list(table["seed"]) == list(SEEDS)
    for name in ("every", "ranked"):
        shares = table[f"{name} false"] / table[f"{name} hits"].clip(lower=1)
        assert shares.mean() < PROMISED


@pytest.mark.parametrize("name", ["every", "ranked", "drawn"])
def test_the_check_calls_a_set_without_an_effect_as_often_as_it_says(name: str, table: pd.DataFrame):
    rates = table[f"{name} null p<.05"]
    assert rates.mean() <= highest_mean(rates, promised=PROMISED)


def test_planted_themes_are_recovered_with_their_direction(table: pd.DataFrame):
    for theme, sign in (("Immune system", -1), ("Gene regulation", 1), ("Neuroplasticity", -1)):
        assert (np.sign(table[f"theme {theme}"]) == sign).mean() >= 0.95


def test_after_permuting_labels_gsea_hits_are_flagged(table: pd.DataFrame):
    hits, flagged = table["drawn hits"], table["drawn flagged"]
    assert hits.sum() > 200
    assert flagged.sum() > 0.8 * hits.sum()
    # Where nothing differs, each of the two collections has a set that the check confirms, rightly adjusted,
    # in at most 5 % of the draws: one of them in at most 10 %, and so at most 10 % of a draw's hits.
    chance = 2 * PROMISED
    assert (flagged < hits).sum() <= binom.ppf(CONFIDENCE, len(SEEDS), chance)
    unflagged = 1 - flagged / hits.clip(lower=1)
    error = np.sqrt(chance * (1 - chance) / len(SEEDS))  # the largest that shares with this mean can have
    assert unflagged[hits > 0].mean() <= chance + 1.645 * error
