"""Every model in every unit of a validation: what the store lacks, and all of it once it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from core.models.validation.folds import FoldResult, describe_fold, read_fold, write_fold
from core.models.validation.refit import Refit, share_logit
from core.models.validation.setting import Setting
from core.models.validation.tasks import Task
from core.models.validation.units import Unit

Folds = list[tuple[Unit, str, FoldResult]]
MakeRefit = Callable[[Unit], Refit]


def fold_tasks(
    setting: Setting,
    units: Sequence[Unit],
    *,
    stage: str,
    models: Sequence[str] | None = None,
    make_refit: MakeRefit | None = None,
) -> Iterator[Task]:
    """Yield the units of which the store lacks a model.

    Parameters
    ----------
    setting : Setting
        The request.
    units : sequence of Unit
        Training and held-out parts.
    stage : str
        What is being done, in words for people.
    models : sequence of str, optional
        Which models; all that can be made if not given.
    make_refit : callable, optional
        Makes the samples of a unit into what fits all models; those of the study if not given.
    """
    wanted = setting.models if models is None else models
    for unit in units:
        missing = [name for name in wanted if setting.find(setting.fold_key(unit, name)) is None]
        if missing:
            run = partial(_refit, setting, unit, missing, make_refit or setting.refit)
            # Time goes with the number of training samples, and hardly with that of models.
            yield Task(f"{stage}, {unit.words}" if unit.words else stage, float(len(unit.train)), run)


def read_folds(setting: Setting, units: Sequence[Unit], *, models: Sequence[str] | None = None) -> Folds:
    """Return every model in every unit."""
    wanted = setting.models if models is None else models
    found: Folds = []
    for unit in units:
        for name in wanted:
            entry = setting.find(setting.fold_key(unit, name))
            if entry is not None:
                found.append((unit, name, read_fold(entry)))
    return found


def _refit(
    setting: Setting, unit: Unit, names: list[str], make_refit: MakeRefit, stopped: Callable[[], bool]
) -> None:
    refit = make_refit(unit)
    shift = share_logit(setting.study.y) - share_logit(refit.train.y)
    for name in names:
        if stopped():
            return
        fold = describe_fold(refit.fit(name), refit.test.metadata.index, refit.test.y, shift=shift)
        setting.keep(setting.fold_key(unit, name), partial(write_fold, fold=fold, unit=unit))
