import numpy as np
import pandas as pd
import pytest

from core.pathways.reading.redundancy import NEIGHBOURS, fold, foremost, layout, similarity
from core.pathways.sets.match import membership_matrix

MEMBERS = [
    np.arange(0, 20),  # a
    np.arange(0, 18),  # inside a
    np.arange(15, 40),  # touches a
    np.arange(60, 80),  # far away
    np.arange(0, 20),  # equal to a, but down
]


def table(pvalues=(0.001, 0.002, 0.003, 0.004, 0.005)):
    return pd.DataFrame(
        {
            "set": list("abcde"),
            "collection": "mine",
            "pvalue": pvalues,
            "nes": [2.0, 2.0, 2.0, 2.0, -2.0],
            "direction": ["up", "up", "up", "up", "down"],
            "significant": [p < 0.05 for p in pvalues],
        }
    )


def test_similarity_is_the_mean_of_jaccard_and_overlap():
    alike = similarity(membership_matrix(MEMBERS, 100))
    for i, first in enumerate(MEMBERS):
        for j, second in enumerate(MEMBERS):
            shared = len(np.intersect1d(first, second))
            jaccard = shared / len(np.union1d(first, second))
            assert alike[i, j] == pytest.approx((jaccard + shared / min(len(first), len(second))) / 2)


def test_a_set_joins_the_neighbour_of_its_direction():
    assert fold(table(), membership_matrix(MEMBERS, 100)).tolist() == [0, 0, 2, 3, 4]


def test_the_most_significant_set_stands_for_the_others():
    order = fold(table((0.002, 0.001, 0.003, 0.004, 0.005)), membership_matrix(MEMBERS, 100))
    assert order.tolist() == [1, 1, 2, 3, 4]


def test_sets_that_are_not_significant_have_no_representative():
    order = fold(table((0.9, 0.001, 0.003, 0.9, 0.005)), membership_matrix(MEMBERS, 100))
    assert order.tolist() == [-1, 1, 2, -1, 4]
    assert fold(table((0.9,) * 5), membership_matrix(MEMBERS, 100)).tolist() == [-1] * 5


def test_equal_p_values_are_ordered_by_score_then_name():
    tied = table((0.001,) * 5).assign(nes=[1.0, -3.0, 2.0, 2.0, 2.0])
    assert foremost(tied).tolist() == [1, 2, 3, 4, 0]


def test_the_order_of_the_sets_changes_nothing():
    rng = np.random.default_rng(1)
    members = [np.sort(rng.choice(100, 25, replace=False)) for _ in range(30)]
    frame = pd.DataFrame(
        {
            "set": [f"s{n:02d}" for n in range(30)],
            "collection": "mine",
            "pvalue": rng.uniform(0, 0.04, 30),
            "nes": 2.0,
            "direction": "up",
            "significant": True,
        }
    )
    turn = rng.permutation(30)
    names = frame["set"].to_numpy()
    first = dict(zip(names, names[fold(frame, membership_matrix(members, 100))], strict=True))
    turned = frame.iloc[turn].reset_index(drop=True)
    stands = fold(turned, membership_matrix([members[n] for n in turn], 100))
    turned_names = turned["set"].to_numpy()
    assert dict(zip(turned_names, turned_names[stands], strict=True)) == first


def test_similar_sets_are_near_each_other_on_the_map():
    rng = np.random.default_rng(2)
    groups = [np.arange(0, 40), np.arange(50, 90)]
    members = [np.sort(rng.choice(groups[n % 2], 30, replace=False)) for n in range(12)]
    alike = similarity(membership_matrix(members, 100))
    assert alike[0, 2] > NEIGHBOURS > alike[0, 1]
    places = layout(alike)
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = (np.arange(12)[:, None] % 2) == (np.arange(12) % 2)
    np.fill_diagonal(same, val=False)
    other = (np.arange(12)[:, None] % 2) != (np.arange(12) % 2)
    assert distance[same].mean() < distance[other].mean() / 2
    assert np.abs(places).max() == pytest.approx(1.0)
    assert (layout(alike) == places).all()


@pytest.mark.parametrize("n_sets", [0, 1, 2])
def test_maps_of_few_sets(n_sets):
    places = layout(np.eye(n_sets))
    assert places.shape == (n_sets, 2)
    assert np.isfinite(places).all()
