"""Which gene sets are listed, in which order, and who stands for whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.pathways.reading.select_sets import (
    SetFilter,
    find_set,
    fold_sets,
    order_sets,
    search_sets,
    select_sets,
    set_keys,
    strongest,
)
from core.pathways.result import PathwayResult


def table() -> pd.DataFrame:
    """Four sets: two alike and higher, one lower and flagged, one not significant."""
    return pd.DataFrame(
        {
            "set": ["a", "b", "c", "d"],
            "collection": ["x", "x", "y", "y"],
            "theme": ["T", "T", "", "U"],
            "sub_theme": ["s", "t", "", ""],
            "direction": ["up", "up", "down", "up"],
            "significant": [True, True, True, False],
            "flag": ["", "", "genes move together", ""],
            "representative": ["b", "b", "c", ""],
            "pvalue": [0.02, 0.01, 0.001, 0.5],
            "nes": [2.5, 2.0, -1.5, 0.1],
            "shift": [0.9, 1.2, -1.4, 0.1],
            "size": [10, 30, 20, 5],
        }
    )


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (SetFilter(), "abc"),
        (SetFilter(listed="held"), "ab"),
        (SetFilter(listed="flagged"), "c"),
        (SetFilter(listed="all"), "abcd"),
        (SetFilter(side="lower"), "c"),
        (SetFilter(listed="all", theme="T", sub_theme="t"), "b"),
        (SetFilter(listed="held", theme="U"), ""),
        (SetFilter(only=("y/d", "x/a", "gone")), "ad"),
    ],
)
def test_sets_are_chosen(wanted: SetFilter, names: str):
    assert "".join(table()["set"].iloc[select_sets(table(), wanted)]) == names


def test_the_best_of_those_listed_stands_for_the_others():
    assert fold_sets(table(), np.array([0, 1, 2])).to_dict() == {1: 1, 2: 0}
    # The usual representative is not among the rows: the one that is there takes its place.
    assert fold_sets(table(), np.array([0, 3])).to_dict() == {0: 0, 3: 0}
    assert fold_sets(table(), np.array([], dtype=int)).empty


@pytest.mark.parametrize(
    ("order", "names"),
    [("p", "cbad"), ("strength", "abcd"), ("shift", "cbad"), ("size", "bcad"), ("name", "abcd")],
)
def test_sets_are_sorted_for_reading(order: str, names: str):
    rows = order_sets(table(), np.array([3, 2, 1, 0]), order, test="gsea")
    assert "".join(table()["set"].iloc[rows]) == names


def test_the_strongest_of_both_directions_are_drawn():
    chosen = strongest(table(), np.arange(4), test="gsea", most=2)
    assert set(table()["set"].iloc[chosen]) == {"b", "c"}
    assert len(strongest(table(), np.arange(4), test="gsea", most=10)) == 4


def test_a_set_is_found_by_its_key(result: PathwayResult):
    for row in (0, len(result.table) - 1):
        assert find_set(result, set_keys(result.table).iloc[row]) == row
    assert find_set(result, "btm/nothing") is None


def test_a_search_looks_at_names_and_genes(result: PathwayResult):
    rows, gene = search_sets(result, "tnfa signaling")
    assert result.table["set"].iloc[rows].tolist() == ["HALLMARK_TNFA_SIGNALING_VIA_NFKB"]
    assert gene == ""
    symbol = result.members(3)["symbol"].iloc[0]
    rows, gene = search_sets(result, symbol.lower())
    assert gene == symbol
    assert 3 in rows
    assert len(search_sets(result, "no such thing")[0]) == 0
