"""The pieces of work that a validation is made of: train here, predict there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import Notice
from core.models.pipelines.cards import BY_NAME
from core.models.spec import ModelSpec
from core.models.validation.samples import Study
from core.models.validation.splits import stratified_folds

Indices = NDArray[np.intp]
FINAL, EXTERNAL = "final", "external"


@dataclass(frozen=True)
class Unit:
    """Samples to learn from and samples to predict.

    Parameters
    ----------
    scheme : str
        "cv", "centre", "external" or "final" (nothing is predicted).
    repeat : int
        From 1.
    fold : str
        Number of the fold from 1, name of the centre, or "external".
    train, test : numpy.ndarray of int
        Places among the samples of the study.
    """

    scheme: str
    repeat: int
    fold: str
    train: Indices
    test: Indices

    @property
    def name(self) -> str:
        """Short name, unique within a specification."""
        return f"{self.scheme}/{self.repeat}/{self.fold}"

    @property
    def words(self) -> str:
        """What distinguishes it from others of its scheme, in words; "" if there is nothing to say."""
        if self.scheme == "cv":
            return f"repeat {self.repeat}, fold {self.fold}"
        return self.fold if self.scheme == "centre" else ""


def cross_validation(study: Study, spec: ModelSpec, *, repeats: int | None = None) -> list[Unit]:
    """Return every fold of every repeat."""
    units = []
    for repeat in range(repeats or spec.repeats):
        seed = (spec.model_seed, repeat)
        folds = stratified_folds(study.y, study.patients, n_folds=spec.folds, seed=seed)
        units += [
            Unit("cv", repeat + 1, str(k + 1), np.flatnonzero(folds != k), np.flatnonzero(folds == k))
            for k in range(spec.folds)
        ]
    return units


def between_centres(study: Study, spec: ModelSpec) -> tuple[list[Unit], list[Notice]]:
    """Return each centre held out from all others, and why a centre cannot be.

    People with samples in the held-out centre do not train.
    """
    units: list[Unit] = []
    notices: list[Notice] = []
    if study.centre is None or len(set(study.centre)) < 2:
        return units, notices
    for centre in sorted(set(study.centre)):
        test = np.flatnonzero(study.centre == centre)
        inside = np.isin(study.patients, study.patients[test])
        train = np.flatnonzero(~inside)
        if min(study.y[train].sum(), (1 - study.y[train]).sum()) <= spec.inner_folds:
            text = f"{centre} cannot be held out: too few cases or controls are left elsewhere."
            notices.append(Notice("centre-not-held-out", text))
        else:
            units.append(Unit("centre", 1, str(centre), train, test))
    return units, notices


def everything(study: Study) -> Unit:
    """Return all samples as the training part."""
    return Unit(FINAL, 1, FINAL, np.arange(len(study.y)), np.arange(0))


def relevant(spec: ModelSpec, name: str, columns: tuple[str, ...], *, external: bool = False) -> ModelSpec:
    """Return a specification reduced to what can change one model's predictions in one fold.

    So that changing a clinical column, adding repeats or a model leaves all else where it is.
    """
    blocks = BY_NAME[name].blocks
    plain = ModelSpec(spec.factor, spec.case, spec.control)
    return replace(
        plain,
        models=(name,),
        clinical=columns if "clinical" in blocks else (),
        centre=spec.centre,
        folds=spec.folds,
        inner_folds=spec.inner_folds,
        n_selected=spec.n_selected if "genes" in blocks else plain.n_selected,
        model_seed=spec.model_seed,
        external=spec.external if external else "",
        exclude=spec.exclude,
    )
