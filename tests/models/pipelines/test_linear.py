from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from core.models.pipelines.linear import STRENGTHS, fit_path, log_loss, make_basis


def problem(n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, p))
    y = (x[:, 0] + rng.normal(size=n) > 0.3).astype(float)
    return x, y


@pytest.mark.parametrize(("n", "p"), [(60, 8), (40, 300)])
def test_agrees_with_scikit_learn(n: int, p: int):
    x, y = problem(n, p)
    basis = make_basis(x)
    intercepts, found = fit_path(basis.rows, y, STRENGTHS)
    for strength, intercept, coefficients in zip(STRENGTHS[1:], intercepts[1:], found[1:], strict=True):
        # The columns are divided by the square root of p here, so C counts p times as much there.
        theirs = LogisticRegression(C=strength / p, tol=1e-10, max_iter=10_000).fit(x, y)
        assert np.allclose(basis.back @ coefficients, theirs.coef_[0], atol=1e-5)
        assert intercept == pytest.approx(theirs.intercept_[0], abs=1e-5)


def test_strength_nought_knows_the_share_alone():
    x, y = problem(50, 5)
    intercepts, found = fit_path(make_basis(x).rows, y, STRENGTHS)
    assert STRENGTHS[0] == 0
    assert not found[0].any()
    assert 1 / (1 + np.exp(-intercepts[0])) == pytest.approx(y.mean())


def test_a_path_cut_short_gives_the_same():
    x, y = problem(40, 100)
    rows = make_basis(x).rows
    assert np.array_equal(fit_path(rows, y, STRENGTHS)[1][:5], fit_path(rows, y, STRENGTHS[:5])[1])


def test_separated_groups_do_not_break_it():
    y = np.repeat([0.0, 1.0], 20)
    intercepts, found = fit_path(make_basis(np.column_stack([y, -y])).rows, y, STRENGTHS)
    assert np.isfinite(found).all()
    assert np.isfinite(intercepts).all()


def test_log_loss():
    y = np.array([1.0, 0.0])
    assert log_loss(y, np.array([[0.0, 0.0], [100.0, -100.0]])) == pytest.approx([np.log(2), 0])
