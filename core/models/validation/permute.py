"""What the gene model makes of labels that mean nothing: a check on leakage, and a test of its skill.

Labels change hands between people of one fold and one centre, so that folds stay stratified and
whatever centres differ in stays; everything that looks at labels is done anew, selection included.
What does not look at labels (size factors, filter, scaling) is done once per training part.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from core.models.metrics.roc import auc_delong
from core.models.pipelines.encode import Columns
from core.models.pipelines.linear import STRENGTHS
from core.models.result import fold_key
from core.models.validation.nested_validation import Folds
from core.models.validation.refit import choose_genes, predict_path, share_logit, tune
from core.models.validation.setting import Setting
from core.models.validation.tasks import Task
from core.models.validation.units import Unit, cross_validation, relevant

MODEL = "genes"
BLOCK = 10
"""Permutations that are kept together; of a stopped run at most so many are done again."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PreparedFold:
    """A training part, its inner folds and its held-out part, before any look at labels."""

    unit: Unit
    outer: Columns
    inner: list[Columns]
    folds: NDArray[np.intp]


class LabelPermutations:
    """The permutations of one request.

    Parameters
    ----------
    setting : Setting
        The request.
    """

    def __init__(self, setting: Setting):
        self.setting = setting
        self._prepared: list[PreparedFold] = []
        self._lock = threading.Lock()

    def blocks(self) -> list[range]:
        """Return the numbers of the permutations, those that are kept together in one range."""
        wanted = self.setting.spec.label_permutations if MODEL in self.setting.models else 0
        return [range(start, min(start + BLOCK, wanted)) for start in range(0, wanted, BLOCK)]

    def tasks(self) -> Iterator[Task]:
        """Yield the blocks that the store lacks."""
        for block in self.blocks():
            if self.setting.find(self._key(block)) is None:
                weight = 0.2 * len(block) * len(self.setting.study.y)
                yield Task("Permuting labels", weight, partial(self._permute, block))

    def read(self) -> pd.DataFrame:
        """Return ``model``, ``permutation`` and ``auc`` of all permutations."""
        entries = [self.setting.find(self._key(block)) for block in self.blocks()]
        tables = [entry.table("auc") for entry in entries if entry is not None]
        empty = pd.DataFrame({"model": [], "permutation": [], "auc": []})
        return pd.concat(tables, ignore_index=True) if tables else empty

    def auc(self, labels: Floats) -> float:
        """Return the area of one cross-validation with these labels."""
        return auc_delong(labels, self.risks(labels)).value

    def risks(self, labels: Floats) -> Floats:
        """Return the risk of every sample, predicted out of its fold after learning from these labels."""
        p: Floats = np.empty(len(labels))
        for fold in self.prepared():
            p[fold.unit.test] = _predict(fold, labels, self.setting.spec.n_selected)
        return p

    def prepared(self) -> list[PreparedFold]:
        """Return the folds of the first repeat, made when first asked for."""
        with self._lock:
            if not self._prepared:
                units = cross_validation(self.setting.study, self.setting.spec, repeats=1)
                self._prepared = [self._prepare(unit) for unit in units]
            return self._prepared

    def _prepare(self, unit: Unit) -> PreparedFold:
        refit = self.setting.refit(unit)
        inner = [part.block("genes") for part in refit.inner]
        return PreparedFold(unit, refit.outer.block("genes"), inner, refit.folds)

    def _key(self, block: range) -> str:
        reduced = relevant(self.setting.spec, MODEL, ())
        return fold_key(self.setting.digest, reduced, f"permuted/{block.start}-{block.stop}")

    def _permute(self, block: range, stopped: Callable[[], bool]) -> None:
        strata = self._strata()
        found = []
        for number in block:
            if stopped():
                return
            seed = (self.setting.spec.model_seed, 7, number)
            labels = permute_within(self.setting.study.y, self.setting.study.patients, strata, seed=seed)
            found.append((MODEL, number + 1, self.auc(labels)))
        table = pd.DataFrame(found, columns=["model", "permutation", "auc"])
        self.setting.keep(self._key(block), lambda draft: draft.write_table("auc", table))

    def _strata(self) -> NDArray[np.intp]:
        fold = np.empty(len(self.setting.study.y), dtype=np.intp)
        for number, prepared in enumerate(self.prepared()):
            fold[prepared.unit.test] = number
        centre = self.setting.study.centre
        codes = np.zeros(len(fold), dtype=np.intp) if centre is None else pd.factorize(centre)[0]
        return np.asarray(fold * (codes.max() + 1) + codes, dtype=np.intp)


def permute_within(
    y: Floats, patients: NDArray[np.intp], strata: NDArray[np.intp], *, seed: tuple[int, ...]
) -> Floats:
    """Let labels change hands between people of one stratum who have as many samples.

    Parameters
    ----------
    y : numpy.ndarray of length n
        Labels.
    patients : numpy.ndarray of int
        Samples of one person have the same number, and exchange their labels together.
    strata : numpy.ndarray of int
        Of the samples; a person is in that of the first of them.
    seed : tuple of int
        The same seed gives the same labels.
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(patients, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(patients[order])) + 1)
    kinds: dict[tuple[int, int], list[NDArray[np.intp]]] = {}
    for samples in members:
        kinds.setdefault((int(strata[samples[0]]), len(samples)), []).append(samples)
    labels = y.copy()
    for key in sorted(kinds):
        people = kinds[key]
        for taker, giver in zip(people, rng.permutation(len(people)), strict=True):
            labels[taker] = y[people[giver]]
    return labels


def observed_auc(folds: Folds) -> float:
    """Return the area of the first repeat, which the permutations are to be compared with."""
    tables = [
        f.predictions for unit, name, f in folds if unit.scheme == "cv" and unit.repeat == 1 and name == MODEL
    ]
    if not tables:
        return float("nan")
    table = pd.concat(tables)
    return auc_delong(table["y"], table["p"]).value


def _predict(fold: PreparedFold, labels: Floats, n_selected: int) -> Floats:
    y = labels[fold.unit.train]
    parts = []
    for k, columns in enumerate(fold.inner):
        inside = y[fold.folds != k]
        genes = choose_genes(columns, inside, n_selected)
        parts.append((genes.train, genes.test, inside))
    strength = tune(parts, fold.folds, y).strength
    path = tuple(c for c in STRENGTHS if c <= strength)
    genes = choose_genes(fold.outer, y, n_selected)
    logit = predict_path(genes.train, genes.test, y, path)[-1]
    p: Floats = expit(logit + share_logit(labels) - share_logit(y))
    return p
