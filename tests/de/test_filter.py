from __future__ import annotations

import numpy as np
import pytest

from core.de.filter import ExpressionFilter, passes, resolve_filter
from core.de.spec import DESpec


@pytest.mark.parametrize(("asked", "used"), [(None, 4), (0, 0), (7, 7)])
def test_min_samples_defaults_to_the_smaller_group(asked: int | None, used: int) -> None:
    spec = DESpec("g", "a", "b", min_samples=asked)
    assert resolve_filter(spec, sizes=(9, 4)).min_samples == used


def test_a_gene_passes_with_enough_samples_at_the_minimum() -> None:
    counts = np.array([[10, 10, 0, 0], [9, 100, 0, 0], [0, 0, 0, 0]])
    assert passes(counts, ExpressionFilter(10, 2)).tolist() == [True, False, False]
    assert passes(counts, ExpressionFilter(10, 0)).tolist() == [True, True, True]
    assert passes(counts, ExpressionFilter(0, 2)).tolist() == [True, True, True]


def test_the_definition_is_in_words() -> None:
    assert (
        ExpressionFilter(10, 21).definition == "at least 10 counts in at least 21 samples of those compared"
    )
    assert ExpressionFilter(1, 1).definition == "at least 1 count in at least 1 sample of those compared"
    assert "filter off" in ExpressionFilter(10, 0).definition
