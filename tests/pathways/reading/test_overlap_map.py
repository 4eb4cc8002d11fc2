"""The map of overlapping sets, and the sets like a given one."""

from __future__ import annotations

import numpy as np

from core.pathways.reading.overlap_map import map_sets, similar_sets
from core.pathways.result import PathwayResult


def test_the_map_is_confined_to_what_is_listed(result: PathwayResult):
    sets, edges = map_sets(result)
    assert len(sets) > 1
    assert set(sets["set"]) <= set(result.table.loc[result.table["significant"], "set"])
    assert sets["pvalue"].is_monotonic_increasing
    assert (edges[:, 0] < edges[:, 1]).all()
    among = result.table.index[result.table["set"] == sets["set"].iloc[1]].to_numpy()
    few, none = map_sets(result, among=among)
    assert few["set"].tolist() == [sets["set"].iloc[1]]
    assert none.shape == (0, 2)


def test_similar_sets_share_genes(result: PathwayResult):
    sizes = np.diff(result.membership.indptr)
    row = int(sizes.argmax())
    alike = similar_sets(result, row)
    assert row not in alike.index
    for other in alike.index:
        assert np.intersect1d(result.positions(row), result.positions(int(other))).size
