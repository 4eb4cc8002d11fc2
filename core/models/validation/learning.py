"""How performance grows with the number of training samples: fewer in the same folds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.models.metrics.roc import auc_delong
from core.models.result import TABLES
from core.models.validation.nested_validation import Folds, fold_tasks, read_folds
from core.models.validation.setting import Setting
from core.models.validation.splits import stratified_folds
from core.models.validation.tasks import Task
from core.models.validation.units import Unit, cross_validation

TENTHS = (3, 5, 7)
"""Parts of ten of each training part; all of it is the cross-validation itself."""
MODELS = ("clinical", "genes")


def learning_units(setting: Setting) -> list[Unit]:
    """Return the folds of the first repeat with fewer training samples, people in proportion by group."""
    study, spec = setting.study, setting.spec
    units = []
    for unit in cross_validation(study, spec, repeats=1):
        numbers = np.unique(study.patients[unit.train], return_inverse=True)[1]
        seed = (spec.model_seed, 3, int(unit.fold))
        tenth = stratified_folds(study.y[unit.train], numbers, n_folds=10, seed=seed)
        for tenths in TENTHS:
            train = unit.train[tenth < tenths]
            cases = study.y[train].sum()
            if min(cases, len(train) - cases) > 2 * spec.inner_folds:
                units.append(Unit("learning", tenths, unit.fold, train, unit.test))
    return units


def learning_tasks(setting: Setting) -> Iterator[Task]:
    """Yield what the store lacks."""
    models = [name for name in MODELS if name in setting.models]
    yield from fold_tasks(
        setting, learning_units(setting), stage="Learning from fewer patients", models=models
    )


def read_learning(setting: Setting, folds: Folds) -> pd.DataFrame:
    """Return the area, with DeLong's interval, by model and mean number of training samples.

    Parameters
    ----------
    setting : Setting
        The request.
    folds : Folds
        Of the cross-validation.
    """
    models = [name for name in MODELS if name in setting.models]
    first = [item for item in folds if item[0].scheme == "cv" and item[0].repeat == 1 and item[1] in models]
    fewer = read_folds(setting, learning_units(setting), models=models)
    groups: dict[tuple[str, int], Folds] = {}
    for unit, name, fold in [*fewer, *first]:
        tenths = unit.repeat if unit.scheme == "learning" else 10
        groups.setdefault((name, tenths), []).append((unit, name, fold))
    rows = [(name, *_row(items)) for (name, _), items in sorted(groups.items())]
    return pd.DataFrame(rows, columns=list(TABLES["learning"]))


def _row(items: Folds) -> tuple[int, float, float, float]:
    table = pd.concat([fold.predictions for _, _, fold in items])
    found = auc_delong(table["y"], table["p"])
    n_train = round(float(np.mean([len(unit.train) for unit, _, _ in items])))
    return n_train, found.value, found.lower, found.upper
