"""The engine against PyDESeq2's own: the same numbers, or better ones where that gives up.

"Better" is measured by the very functions that PyDESeq2 minimises.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from pydeseq2.default_inference import DefaultInference
from pydeseq2.utils import nbinomFn

from core.de.engine.algebra import Columns
from core.de.engine.inference import BatchInference
from core.de.engine.rules import DESEQ2, PYDESEQ2, Rules, log_likelihood
from core.errors import CancelledError
from tests.de.engine.hard import Hard, hard_counts, penalised
from tests.de.reference import DESeq2Inference

SHAPES = {"6 samples": (6, 2), "12 samples": (12, 3), "60 samples, 20 coefficients": (60, 20)}
LARGE = {"3,000 samples": (3000, 3)}
PRIORS = {
    "none": {},
    "wide": {"prior_reg": True, "prior_disp_var": 2.0},
    "narrow": {"prior_reg": True, "prior_disp_var": 0.25},
}


# The rules an engine is asked to keep, and PyDESeq2's own engine with the same.
RULES = {"DESeq2's rules": (DESEQ2, DESeq2Inference), "PyDESeq2's": (PYDESEQ2, DefaultInference)}
by_rules = pytest.mark.parametrize(("rules", "reference"), RULES.values(), ids=RULES)


@pytest.fixture(
    params=[
        *(
            pytest.param((*shape, seed), id=f"{name}, seed {seed}")
            for name, shape in SHAPES.items()
            for seed in (1, 2, 3)
        ),
        *(pytest.param((*shape, 1), id=name, marks=pytest.mark.slow) for name, shape in LARGE.items()),
    ],
    scope="module",
)
def hard(request: pytest.FixtureRequest) -> Hard:
    n_samples, n_coefficients, seed = request.param
    return hard_counts(n_samples, n_coefficients, seed=seed)


@pytest.fixture(autouse=True)
def default_engine_may_warn() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def test_means_of_a_linear_model(hard: Hard) -> None:
    arguments = hard.counts, hard.size_factors, hard.design, 0.5
    expected = DefaultInference(n_cpus=1).lin_reg_mu(*arguments)
    np.testing.assert_allclose(BatchInference().lin_reg_mu(*arguments), expected, rtol=1e-7, atol=1e-6)


def test_rough_dispersions(hard: Hard) -> None:
    arguments = hard.counts / hard.size_factors[:, None], hard.design
    expected = DefaultInference(n_cpus=1).fit_rough_dispersions(*arguments)
    np.testing.assert_allclose(BatchInference().fit_rough_dispersions(*arguments), expected, rtol=1e-8)


def test_without_replicates_there_are_no_rough_dispersions() -> None:
    with pytest.raises(ValueError, match="no replicates"):
        BatchInference().fit_rough_dispersions(np.ones((2, 3)), np.eye(2))


def test_fold_changes_are_the_same_or_more_likely(hard: Hard) -> None:
    arguments = hard.counts, hard.size_factors, hard.design, hard.dispersions, 0.5, 1e-8
    theirs, means, leverages, _ = DefaultInference(n_cpus=1).irls(*arguments)
    ours, our_means, our_leverages, converged = BatchInference().irls(*arguments)
    assert np.isfinite(ours).all()
    assert (np.abs(ours) <= 30).all()
    assert converged.mean() > 0.9
    same = np.isclose(ours, theirs, rtol=1e-5, atol=1e-5).all(axis=1)
    assert same.mean() > 0.5
    np.testing.assert_allclose(our_means[:, same], means[:, same], rtol=1e-3)
    np.testing.assert_allclose(our_leverages[:, same], leverages[:, same], atol=1e-4)
    reached, by_them = penalised(hard, ours), penalised(hard, np.nan_to_num(theirs))
    better = reached >= by_them - 1e-6 - 1e-9 * np.abs(by_them)
    assert (same | better | ~converged).all()


@by_rules
@pytest.mark.parametrize("prior", PRIORS)
def test_dispersions_are_the_same_or_more_likely(
    hard: Hard, prior: str, rules: Rules, reference: type[DefaultInference]
) -> None:
    options = PRIORS[prior]
    mean = hard.counts.mean(axis=0) / hard.size_factors.mean()
    mu = np.maximum(mean * hard.size_factors[:, None], 0.5)
    start = np.clip(hard.dispersions, 1e-3, None)
    arguments = hard.counts, hard.design, mu, start, *hard.limits
    theirs, _ = reference(n_cpus=1).alpha_mle(*arguments, **options)
    ours, converged = BatchInference(rules=rules).alpha_mle(*arguments, **options)
    assert converged.all()
    assert ((ours >= hard.limits[0]) & (ours <= hard.limits[1])).all()
    data = hard.counts.T.astype(float), mu.T, Columns(hard.design)

    def posterior(dispersions: np.ndarray) -> np.ndarray:
        penalty = (np.log(dispersions / start)) ** 2 / (2 * options.get("prior_disp_var", np.inf))
        return log_likelihood(data, dispersions) - penalty

    same = np.isclose(np.log(ours), np.log(theirs), atol=1e-3)
    reached = posterior(ours) - posterior(np.clip(theirs, *hard.limits))
    # Rounding of the log likelihood itself, which has terms as large as the sum of the counts.
    rounding = 1e-6 + 1e-9 * np.abs(posterior(ours))
    assert (same | (reached > -rounding)).all()


@by_rules
@pytest.mark.parametrize(
    "hypothesis",
    [
        {"lfc_null": 0.0},
        {"lfc_null": 0.3, "alt_hypothesis": "greaterAbs"},
        {"lfc_null": 0.3, "alt_hypothesis": "lessAbs"},
        {"lfc_null": 0.3, "alt_hypothesis": "greater"},
        {"lfc_null": -0.3, "alt_hypothesis": "less"},
    ],
    ids=lambda value: value.get("alt_hypothesis", "any"),
)
def test_wald_tests_are_the_same(
    hard: Hard, hypothesis: dict[str, object], rules: Rules, reference: type[DefaultInference]
) -> None:
    coefficients, mu, _, _ = BatchInference().irls(
        hard.counts, hard.size_factors, hard.design, hard.dispersions, 0.5, 1e-8
    )
    k = hard.design.shape[1]
    arguments = {
        "design_matrix": hard.design,
        "disp": hard.dispersions,
        "lfc": coefficients,
        "mu": mu,
        "ridge_factor": np.eye(k) * 1e-6,
        "contrast": np.eye(k)[-1],
        **hypothesis,
    }
    expected = reference(n_cpus=1).wald_test(**arguments)
    for ours, theirs in zip(BatchInference(rules=rules).wald_test(**arguments), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("scale", [0.05, 1.0])
def test_shrunken_fold_changes_are_at_least_as_likely(hard: Hard, scale: float) -> None:
    shared = hard.design, hard.counts, 1 / hard.dispersions, np.log(hard.size_factors), 15.0, scale
    k = hard.design.shape[1]
    ours, covariances, converged = BatchInference().lfc_shrink_nbinom_glm(*shared, "L-BFGS-B", k - 1)
    theirs, _, _ = DefaultInference(n_cpus=1).lfc_shrink_nbinom_glm(*shared, "L-BFGS-B", k - 1)
    assert converged.all()
    assert np.isfinite(ours).all()
    assert (covariances[:, -1, -1] > 0).all()
    loss = [[_loss(hard, gene, beta[gene], scale) for gene in range(len(ours))] for beta in (ours, theirs)]
    ours_loss, theirs_loss = np.array(loss)
    assert (ours_loss <= theirs_loss + 1e-9 * np.abs(theirs_loss)).all()


def _loss(hard: Hard, gene: int, beta: np.ndarray, scale: float) -> float:
    size, offset = 1 / hard.dispersions[gene], np.log(hard.size_factors)
    return float(nbinomFn(beta, hard.design, hard.counts[:, gene], size, offset, 15.0, scale, len(beta) - 1))


def every_kernel(inference: BatchInference, hard: Hard) -> list[np.ndarray]:
    k = hard.design.shape[1]
    fitted = inference.irls(hard.counts, hard.size_factors, hard.design, hard.dispersions, 0.5, 1e-8)
    return [
        inference.lin_reg_mu(hard.counts, hard.size_factors, hard.design, 0.5),
        *fitted,
        inference.fit_rough_dispersions(hard.counts / hard.size_factors[:, None], hard.design),
        *inference.alpha_mle(hard.counts, hard.design, fitted[1], hard.dispersions, *hard.limits),
        *inference.wald_test(
            hard.design, hard.dispersions, fitted[0], fitted[1], np.eye(k) * 1e-6, np.eye(k)[-1], 0.0
        ),
        *inference.lfc_shrink_nbinom_glm(
            hard.design, hard.counts, 1 / hard.dispersions, np.log(hard.size_factors), 15.0, 0.3, "", k - 1
        ),
    ]


def test_the_numbers_are_the_same_to_the_last_digit_for_any_number_of_threads(hard: Hard) -> None:
    block = 5 * len(hard.counts)
    alone = every_kernel(BatchInference(block=block), hard)
    for n_cpus in (2, 5):
        for one, other in zip(
            alone, every_kernel(BatchInference(n_cpus=n_cpus, block=block), hard), strict=True
        ):
            np.testing.assert_array_equal(one, other)


def test_where_a_block_ends_does_not_matter(hard: Hard) -> None:
    whole, parts = (every_kernel(BatchInference(block=n * len(hard.counts)), hard) for n in (100, 7))
    converged = whole[4]
    for one, other in zip(whole, parts, strict=True):
        genes = converged if len(one) == len(converged) else (slice(None), converged)
        np.testing.assert_allclose(one[genes], other[genes], rtol=1e-5, atol=1e-9)


def test_every_block_is_watched_in_turn() -> None:
    hard = hard_counts(12, 3, seed=1)
    seen: list[tuple[str, int]] = []
    inference = BatchInference(n_cpus=2, block=12 * 10, watch=lambda kernel, n: seen.append((kernel, n)))
    inference.alpha_mle(hard.counts, hard.design, hard.counts + 1.0, hard.dispersions, *hard.limits)
    assert seen == [("dispersions", 10), ("dispersions", 10), ("dispersions", 4)]


def test_the_watcher_can_stop_between_blocks() -> None:
    hard = hard_counts(12, 3, seed=1)
    seen: list[int] = []

    def stop(kernel: str, n: int) -> None:
        seen.append(n)
        raise CancelledError

    inference = BatchInference(block=12 * 10, watch=stop)
    with pytest.raises(CancelledError):
        inference.irls(hard.counts, hard.size_factors, hard.design, hard.dispersions, 0.5, 1e-8)
    assert seen == [10]


def test_no_genes_are_no_work() -> None:
    hard = hard_counts(6, 2, seed=1)
    empty = np.zeros((6, 0), dtype=int)
    found = BatchInference().irls(empty, hard.size_factors, hard.design, np.zeros(0), 0.5, 1e-8)
    assert [array.shape for array in found] == [(0, 2), (6, 0), (6, 0), (0,)]
