"""The enrichment score against an implementation written gene by gene from the paper, and against gseapy."""

from __future__ import annotations

import numpy as np
import pytest
from gseapy.gse import fgsea_rs
from numpy.testing import assert_allclose

from core.pathways.enrichment.running import running_score
from tests.pathways.comparisons import collection, comparison, matched, random_sets


def by_hand(statistics: np.ndarray, positions: np.ndarray, weight: float) -> list[float]:
    """Walk down the ranking as in Subramanian 2005, appendix: P_hit minus P_miss at each gene."""
    inside = set(positions.tolist())
    total = sum(abs(statistics[i]) ** weight for i in inside)
    hit, missed, curve = 0.0, 0, []
    for i, statistic in enumerate(statistics):
        if i in inside:
            hit += abs(statistic) ** weight
        else:
            missed += 1
        curve.append(hit / total - missed / (len(statistics) - len(inside)))
    return curve


@pytest.mark.parametrize("weight", [0.0, 1.0, 1.5])
@pytest.mark.parametrize("size", [1, 2, 17, 300])
def test_curve_equals_the_walk_by_hand(size, weight):
    rng = np.random.default_rng(size)
    statistics = np.sort(rng.normal(0, 2, 1000))[::-1]
    positions = np.sort(rng.choice(1000, size, replace=False))
    score = running_score(statistics, positions, weight=weight)
    curve = by_hand(statistics, positions, weight)
    assert_allclose(score.curve, curve, atol=1e-12)
    assert score.es == pytest.approx(max(curve, key=abs), abs=1e-12)
    assert score.curve[score.peak] == score.es


def test_score_equals_gseapy():
    ranking, sets = matched(comparison(), collection(random_sets(range(2, 120, 3))))
    for row in range(len(sets.table)):
        positions = sets.positions(row)
        answer = fgsea_rs(
            ranking.symbols.tolist(),
            ranking.statistics.tolist(),
            {"set": ranking.symbols[positions].tolist()},
            *(1.0, 1, 500, 101, 100, 1e-10, 1, 1),
        )
        assert running_score(ranking.statistics, positions).es == pytest.approx(
            answer.summaries[0].es, abs=1e-12
        )


def test_leading_edge_ends_at_the_peak_most_extreme_first():
    statistics = np.linspace(3, -3, 100)
    up = running_score(statistics, np.array([0, 2, 5, 60, 90]))
    assert up.leading_edge.tolist() == [0, 2, 5]
    down = running_score(statistics, np.array([3, 40, 95, 97, 99]))
    assert down.es < 0
    assert down.leading_edge.tolist() == [99, 97, 95]


def test_reversed_ranking_turns_the_sign():
    rng = np.random.default_rng(4)
    statistics = np.sort(rng.normal(0, 2, 400))[::-1]
    positions = np.sort(rng.choice(400, 30, replace=False))
    mirrored = running_score(-statistics[::-1], np.sort(399 - positions))
    assert mirrored.es == pytest.approx(-running_score(statistics, positions).es, abs=1e-12)


def test_a_set_whose_statistics_are_all_zero_has_a_score():
    statistics = np.array([2.0, 1.0, 0.0, 0.0, -1.0])
    score = running_score(statistics, np.array([2, 3]))
    assert np.isfinite(score.curve).all()
