"""The mistake that the validation avoids, for teaching: genes chosen on all samples, before folds are made.

As many genes, the same folds and the same regression as in the honest gene model, so that the difference
is what the mistake would have claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from core.models.pipelines.encode import Columns
from core.models.pipelines.linear import STRENGTHS
from core.models.pipelines.transform import fit_transform
from core.models.result import TABLES, fold_key
from core.models.validation.refit import choose_genes, predict_path, tune
from core.models.validation.setting import Setting
from core.models.validation.splits import stratified_folds
from core.models.validation.tasks import Task
from core.models.validation.units import Unit, cross_validation, relevant

Floats = NDArray[np.float64]


def leaky_tasks(setting: Setting) -> Iterator[Task]:
    """Yield the work if the store lacks it."""
    if "genes" in setting.models and setting.find(_key(setting)) is None:
        weight = 0.5 * setting.spec.repeats * len(setting.study.y)
        yield Task("Choosing genes outside the folds, for comparison", weight, partial(_predict_all, setting))


def read_leaky(setting: Setting) -> pd.DataFrame:
    """Return ``sample``, ``repeat``, ``fold``, ``y`` and ``p`` of the mistaken analysis."""
    entry = setting.find(_key(setting)) if "genes" in setting.models else None
    return pd.DataFrame(columns=list(TABLES["outside"])) if entry is None else entry.table("outside")


def select_on_all_samples(setting: Setting) -> Columns:
    """Return the genes that differ most between the groups of all samples, as a table of these samples."""
    counts, y = setting.study.samples.counts, setting.study.y
    transform, x = fit_transform(counts)
    names = tuple(setting.vocabulary.genes[row] for row in transform.expressed)
    varies = np.flatnonzero(transform.sd > 1e-8)
    everything = Columns(x, x[:0], names, transform.mean, transform.sd).chosen(varies)
    return choose_genes(everything, y, setting.spec.n_selected)


def predict_selected(x: Floats, y: Floats, unit: Unit, folds: NDArray[np.intp]) -> Floats:
    """Return the risks of a held-out part, genes being what `x` has, tuned inside the training part."""
    train, labels = x[unit.train], y[unit.train]
    parts = [(train[folds != k], train[folds == k], labels[folds != k]) for k in range(int(folds.max()) + 1)]
    strength = tune(parts, folds, labels).strength
    path = tuple(c for c in STRENGTHS if c <= strength)
    p: Floats = expit(predict_path(train, x[unit.test], labels, path)[-1])
    return p


def _key(setting: Setting) -> str:
    reduced = relevant(setting.spec, "genes", ())
    return fold_key(setting.digest, reduced, f"chosen-outside/{setting.spec.repeats}")


def _predict_all(setting: Setting, stopped: Callable[[], bool]) -> None:
    study, spec = setting.study, setting.spec
    x, tables = select_on_all_samples(setting).train.astype(np.float64), []
    for unit in cross_validation(study, spec):
        if stopped():
            return
        numbers = np.unique(study.patients[unit.train], return_inverse=True)[1]
        seed = (spec.model_seed, unit.repeat, int(unit.fold))
        folds = stratified_folds(study.y[unit.train], numbers, n_folds=spec.inner_folds, seed=seed)
        p = predict_selected(x, study.y, unit, folds)
        known = {"sample": study.names[unit.test], "repeat": unit.repeat, "fold": unit.fold}
        tables.append(pd.DataFrame({**known, "y": study.y[unit.test].astype(np.int8), "p": p}))
    table = pd.concat(tables, ignore_index=True)
    setting.keep(_key(setting), lambda draft: draft.write_table("outside", table))
