"""Fit every pipeline on a training part, tuned inside it, and predict the held-out part."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.models.pipelines.blocks import Part, Vocabulary
from core.models.pipelines.cards import BY_NAME, Block
from core.models.pipelines.encode import Columns, scale
from core.models.pipelines.linear import STRENGTHS, fit_path, log_loss, make_basis
from core.models.pipelines.select import moderated_t, strongest
from core.models.spec import ModelSpec
from core.models.validation.samples import Samples
from core.models.validation.splits import stratified_folds

GENE_SCORE = "gene score"
FOREST_TREES, FOREST_LEAF = 300, 5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """What a pipeline learnt from a training part, and what it predicts for the held-out part.

    Parameters
    ----------
    logit : numpy.ndarray of length n_test
        Predicted log odds of case.
    intercept : float
        Log odds of a patient who is average in every predictor; NaN for a forest.
    features : pandas.DataFrame
        One row per predictor used: ``feature``, ``coefficient`` (log odds per training standard
        deviation; NaN for a forest), ``importance`` (see `_importance`; for a forest, mean
        decrease in impurity), ``mean`` and ``sd`` (of the training part, before scaling).
    values : numpy.ndarray of shape (n_test, n_features)
        Predictors of the held-out part, in training standard deviations.
    strength : float
        C that was chosen inside the training part; NaN where nothing is chosen.
    inner : numpy.ndarray of length n_train
        Log odds of the training samples, each predicted out of its inner fold; empty where none are made.
    """

    logit: Floats
    intercept: float
    features: pd.DataFrame
    values: Floats
    strength: float = float("nan")
    inner: Floats = field(default_factory=lambda: np.zeros(0))


class Refit:
    """All pipelines on one training part.

    Parameters
    ----------
    train, test : Samples
        The two parts.
    patients : numpy.ndarray of int, length n_train
        Training samples with the same number stay in the same inner fold.
    vocabulary : Vocabulary
        What the columns mean.
    spec : ModelSpec
        How many genes, which inner folds, and the seed.
    name : str
        Of the part; with the specification's it makes the seed of inner folds and forest.
    """

    def __init__(
        self,
        train: Samples,
        test: Samples,
        patients: NDArray[np.intp],
        *,
        vocabulary: Vocabulary,
        spec: ModelSpec,
        name: str,
    ):
        self.train, self.test, self.patients = train, test, patients
        self.vocabulary, self.spec = vocabulary, spec
        self.seed = (spec.model_seed, zlib.crc32(name.encode()))
        self._done: dict[str, Fitted] = {}

    @cached_property
    def outer(self) -> Part:
        """The whole training part against the held-out part."""
        return Part(self.train, self.test, self.vocabulary)

    @cached_property
    def folds(self) -> NDArray[np.intp]:
        """Inner fold of each training sample."""
        numbers = np.unique(self.patients, return_inverse=True)[1]
        return stratified_folds(self.train.y, numbers, n_folds=self.spec.inner_folds, seed=(*self.seed, 1))

    @cached_property
    def inner(self) -> list[Part]:
        """Each inner fold held out from the rest of the training part."""
        return [
            Part(
                self.train.take(np.flatnonzero(self.folds != k)),
                self.train.take(np.flatnonzero(self.folds == k)),
                self.vocabulary,
            )
            for k in range(self.spec.inner_folds)
        ]

    def fit(self, name: str) -> Fitted:
        """Fit a pipeline, once."""
        if name not in self._done:
            self._done[name] = self._fit(name)
        return self._done[name]

    def _fit(self, name: str) -> Fitted:
        if name == "dummy":
            return _dummy(self.train.y, len(self.test))
        if name == "genes_forest":
            return _forest(self._columns("genes")(self.outer, self.train.y), self.train.y, seed=self.seed)
        if name == "clinical_genes":
            return self._stacked()
        (block,) = BY_NAME[name].blocks
        return self._linear(self._columns(block))

    def _columns(self, block: Block) -> Callable[[Part, Floats], Columns]:
        """Return what makes the predictors of a part; genes are chosen by its training labels."""
        if block != "genes":
            return lambda part, y: part.block(block)
        return lambda part, y: choose_genes(part.block("genes"), y, self.spec.n_selected)

    def _linear(self, columns: Callable[[Part, Floats], Columns]) -> Fitted:
        parts = [(columns(part, part.train.y), part.train.y) for part in self.inner]
        inner = tune([(made.train, made.test, y) for made, y in parts], self.folds, self.train.y)
        return fit_linear(columns(self.outer, self.train.y), self.train.y, self.test.y, inner)

    def _stacked(self) -> Fitted:
        """Fit the clinical columns and the gene score, which training samples get out of their inner fold."""
        genes = self.fit("genes")
        clinical = self.outer.block("clinical")
        parts = []
        for k, part in enumerate(self.inner):
            held = self.folds == k
            both = _beside(part.block("clinical"), genes.inner[~held], genes.inner[held])
            parts.append((both.train, both.test, part.train.y))
        inner = tune(parts, self.folds, self.train.y)
        return fit_linear(_beside(clinical, genes.inner, genes.logit), self.train.y, self.test.y, inner)


@dataclass(frozen=True)
class Tuned:
    """The strength chosen inside a training part, and its out-of-fold predictions there."""

    strength: float
    logit: Floats


def tune(
    parts: list[tuple[NDArray[np.floating], NDArray[np.floating], Floats]],
    folds: NDArray[np.intp],
    y: Floats,
) -> Tuned:
    """Choose the strength with the smallest log loss over the inner folds; of equals, the stronger shrinkage.

    Parameters
    ----------
    parts : list of (train, test, y_train)
        Predictors of each inner fold's two parts, and labels of the first.
    folds : numpy.ndarray of int, length n_train
        Inner fold of each training sample.
    y : numpy.ndarray of length n_train
        Labels.
    """
    logit = np.empty((len(STRENGTHS), len(y)))
    for k, (train, test, labels) in enumerate(parts):
        logit[:, folds == k] = predict_path(train, test, labels)
    best = int(np.argmin(log_loss(y, logit)))
    return Tuned(STRENGTHS[best], logit[best])


def predict_path(
    train: NDArray[np.floating],
    test: NDArray[np.floating],
    y: Floats,
    strengths: tuple[float, ...] = STRENGTHS,
) -> Floats:
    """Return log odds of the held-out rows for every strength, shape (n_strengths, n_test)."""
    if train.shape[1] == 0:
        return np.full((len(strengths), len(test)), share_logit(y))
    basis = make_basis(train.astype(np.float64))
    intercepts, coefficients = fit_path(basis.rows, y, strengths)
    logit: Floats = intercepts[:, None] + coefficients @ (test @ basis.back).T
    return logit


def fit_linear(columns: Columns, y: Floats, y_test: Floats, inner: Tuned) -> Fitted:
    """Fit with the strength that was chosen, on the whole training part."""
    if not columns.names:
        return replace(_dummy(y, len(columns.test)), inner=inner.logit)
    basis = make_basis(columns.train.astype(np.float64))
    path = tuple(c for c in STRENGTHS if c <= inner.strength)
    intercepts, found = fit_path(basis.rows, y, path)
    coefficients = basis.back @ found[-1]
    values = columns.test.astype(np.float64)
    logit = intercepts[-1] + values @ coefficients
    features = _features(columns, coefficients, _importance(logit, values * coefficients, y_test))
    return Fitted(logit, float(intercepts[-1]), features, values, inner.strength, inner.logit)


def choose_genes(genes: Columns, y: Floats, number: int) -> Columns:
    """Return the genes that differ most between the groups of the training part."""
    if not genes.names:
        return genes
    return genes.chosen(strongest(moderated_t(genes.train, y, genes.sd), number))


def _importance(logit: Floats, contributions: Floats, y: Floats) -> Floats:
    """Return the mean rise in log loss when a predictor's held-out values change hands.

    Each held-out patient gets the value of every other in turn (shifts of a cycle), which is
    permutation importance without chance.
    """
    n = len(y)
    if n < 2:
        return np.full(contributions.shape[1], np.nan)
    shifts = range(1, n, max(1, n // 8))
    rise = np.zeros(contributions.shape[1])
    for shift in shifts:
        changed = logit[:, None] - contributions + np.roll(contributions, shift, axis=0)
        rise += log_loss(y, changed.T)
    importance: Floats = rise / len(shifts) - float(log_loss(y, logit))
    return importance


def _beside(clinical: Columns, train_score: Floats, test_score: Floats) -> Columns:
    names = (*clinical.names, GENE_SCORE)
    joined = [
        np.column_stack([block, score])
        for block, score in ((clinical.train, train_score), (clinical.test, test_score))
    ]
    return scale(joined[0], joined[1], names)


def _dummy(y: Floats, n_test: int) -> Fitted:
    logit = share_logit(y)
    nothing = np.zeros(0)
    features = _features(Columns(nothing, nothing, (), nothing, nothing), nothing, nothing)
    return Fitted(np.full(n_test, logit), logit, features, np.zeros((n_test, 0)))


def _features(columns: Columns, coefficients: Floats, importance: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feature": np.array(columns.names, dtype=object),
            "coefficient": coefficients,
            "importance": importance,
            "mean": columns.mean,
            "sd": columns.sd,
        }
    )


def share_logit(y: Floats) -> float:
    """Return the log odds of the share of cases."""
    share = float(np.clip(y.mean(), 1e-3, 1 - 1e-3))
    return float(np.log(share / (1 - share)))


def _forest(genes: Columns, y: Floats, *, seed: tuple[int, ...]) -> Fitted:
    # scikit-learn takes a second to import and is of use to jobs alone.
    from sklearn.ensemble import RandomForestClassifier

    state = int(np.random.default_rng((*seed, 2)).integers(2**31))
    forest = RandomForestClassifier(
        FOREST_TREES, min_samples_leaf=FOREST_LEAF, max_features="sqrt", n_jobs=1, random_state=state
    )
    forest.fit(genes.train, y > 0.5)
    test = genes.test if len(genes.test) else genes.train[:1]
    p = np.clip(forest.predict_proba(test)[:, 1], 1e-3, 1 - 1e-3)[: len(genes.test)]
    features = _features(genes, np.full(len(genes.names), np.nan), forest.feature_importances_)
    return Fitted(np.log(p / (1 - p)), float("nan"), features, genes.test.astype(np.float64))
