from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Roles
from core.robustness.null.blocks import Blocks, blocks_of, permute_within
from tests.de.cohorts import as_cohort


def blocks(people: list[str | None], labels: list[int], **columns: list[str]) -> Blocks:
    names = pd.Index([f"S{i:02d}" for i in range(len(labels))], name="sample")
    metadata = pd.DataFrame({"code": people, **columns}, index=names)
    counts = pd.DataFrame(1, index=["G1"], columns=names)
    cohort = as_cohort(counts, metadata, roles=Roles(patient="code"))
    return blocks_of(cohort, np.arange(len(labels)), np.array(labels, dtype=float), tuple(columns))


def draws(given: Blocks, n: int = 200) -> set[tuple[float, ...]]:
    return {tuple(given.permuted(np.random.default_rng(seed))) for seed in range(n)}


def test_labels_are_exchanged_within_strata_only():
    labels = np.array([1, 0, 1, 0, 1, 1, 0, 0], dtype=float)
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 2])
    shuffled = permute_within(labels, strata, np.random.default_rng(4))
    for stratum in range(3):
        assert sorted(shuffled[strata == stratum]) == sorted(labels[strata == stratum])
    assert shuffled[7] == 0
    many = [permute_within(labels, strata, np.random.default_rng(i)) for i in range(40)]
    assert len({tuple(one) for one in many}) > 5


def test_each_sample_of_another_person_is_a_unit():
    found = blocks(["a", "b", "c", None, None], [1, 1, 0, 0, 0])
    assert (found.n_people, found.n_within, found.n_ways) == (0, 0, math.comb(5, 2))
    assert len(draws(found)) == 10


def test_whole_people_exchange_their_label():
    found = blocks(["a", "a", "a", "b", "c", "c"], [1, 1, 1, 0, 0, 0])
    assert (found.n_people, found.n_within, found.n_ways) == (2, 0, 3)
    assert draws(found) == {(1, 1, 1, 0, 0, 0), (0, 0, 0, 1, 0, 0), (0, 0, 0, 0, 1, 1)}


def test_people_with_both_labels_exchange_them_among_their_samples():
    found = blocks(["a", "a", "b", "b"], [1, 0, 1, 0])
    assert (found.n_people, found.n_within, found.n_ways) == (0, 2, 4)
    assert draws(found) == {(1, 0, 1, 0), (0, 1, 1, 0), (1, 0, 0, 1), (0, 1, 0, 1)}


def test_people_of_one_and_of_both_labels_keep_apart():
    found = blocks(["a", "a", "b", "b", "c"], [1, 0, 1, 1, 0])
    assert (found.n_people, found.n_within, found.n_ways) == (1, 1, 4)
    assert draws(found) == {(1, 0, 1, 1, 0), (0, 1, 1, 1, 0), (1, 0, 0, 0, 1), (0, 1, 0, 0, 1)}


def test_people_exchange_within_their_stratum_and_those_of_two_among_themselves():
    sex = ["F", "F", "M", "M", "F", "M", "F", "M"]
    found = blocks(["a", "b", "c", "d", "e", "e", "f", "f"], [1, 0, 1, 0, 1, 1, 0, 0], sex=sex)
    assert found.n_ways == 8
    for one in draws(found):
        assert one[0] + one[1] == one[2] + one[3] == 1
        assert one[4] == one[5] != one[6] == one[7]


@pytest.mark.parametrize("n", [200])
def test_beyond_counting_ways_are_infinite(n: int):
    assert blocks([f"P{i}" for i in range(n)], [i % 2 for i in range(n)]).n_ways == math.inf
