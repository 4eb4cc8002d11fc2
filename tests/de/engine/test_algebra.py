from __future__ import annotations

import numpy as np
import pytest

from core.de.engine.algebra import Columns, inverse, solve

RNG = np.random.default_rng(3)
DESIGN = RNG.normal(size=(9, 4))
WEIGHTS = RNG.uniform(0.1, 2, (5, 9))


def test_information_is_that_of_each_gene_by_itself() -> None:
    for gene, found in enumerate(Columns(DESIGN).information(WEIGHTS)):
        np.testing.assert_allclose(found, DESIGN.T @ np.diag(WEIGHTS[gene]) @ DESIGN, rtol=1e-12)


def test_quadratic_forms_are_those_of_each_row_by_itself() -> None:
    columns = Columns(DESIGN)
    middles = columns.information(WEIGHTS)
    for gene, found in enumerate(columns.quadratic(middles)):
        np.testing.assert_allclose(found, np.diag(DESIGN @ middles[gene] @ DESIGN.T), rtol=1e-12)


@pytest.mark.parametrize("spoilt", ["not finite", "singular"])
def test_a_gene_without_solution_does_not_touch_the_others(spoilt: str) -> None:
    matrices, right = Columns(DESIGN).information(WEIGHTS), RNG.normal(size=(5, 4))
    solutions, inverses = solve(matrices, right), inverse(matrices)
    matrices[2] = np.inf if spoilt == "not finite" else 0.0
    others = np.arange(5) != 2
    assert np.isnan(solve(matrices, right)[2]).all()
    assert np.isnan(inverse(matrices)[2]).all()
    np.testing.assert_array_equal(solve(matrices, right)[others], solutions[others])
    np.testing.assert_array_equal(inverse(matrices)[others], inverses[others])
