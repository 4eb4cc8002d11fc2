"""Validate risk models: every part that the store lacks, then what the parts say together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import Notice
from core.models.checks.all import run_checks
from core.models.pipelines.blocks import Part
from core.models.reading.claim import climb
from core.models.reading.drivers import summarise_selection
from core.models.reading.tables import (
    coefficient_table,
    contribution_table,
    final_table,
    model_table,
    patient_table,
    prediction_table,
)
from core.models.result import ALGORITHM, Claim, ModelInfo, ModelResult
from core.models.validation.external import External, external_tasks, open_external, read_external
from core.models.validation.facts import collect_facts
from core.models.validation.leaky_selection import leaky_tasks, read_leaky
from core.models.validation.learning import learning_tasks, read_learning
from core.models.validation.nested_validation import Folds, fold_tasks, read_folds
from core.models.validation.permute import LabelPermutations
from core.models.validation.setting import Setting
from core.models.validation.tasks import run_tasks
from core.models.validation.units import between_centres, cross_validation, everything
from core.progress import Reporter, silent
from core.record import versions_of


@dataclass(frozen=True)
class Parts:
    """Everything that was computed, read back from the store."""

    folds: Folds
    final: Folds
    external: External | None
    permuted: pd.DataFrame
    outside: pd.DataFrame
    learning: pd.DataFrame
    notices: tuple[Notice, ...]


def validate(setting: Setting, *, report: Reporter = silent, n_threads: int = 1) -> ModelResult:
    """Compute what is missing and put the result together.

    Parameters
    ----------
    setting : Setting
        The request.
    report : Reporter
        Told stage, fraction and time left; may raise CancelledError.
    n_threads : int
        Parts computed at a time; the result is the same.
    """
    started = time.monotonic()
    parts = compute_parts(setting, report=report, n_threads=n_threads)
    predictions = prediction_table(parts.folds)
    facts = collect_facts(
        setting, parts.folds, predictions=predictions, permuted=parts.permuted, outside=parts.outside
    )
    checks = run_checks(facts)
    symbols = dict(zip(setting.study.genes["gene"], setting.study.genes["symbol"], strict=True))
    transform = Part(
        setting.study.samples, setting.study.samples.take(np.arange(0)), setting.vocabulary
    ).transform
    genes = setting.study.genes["gene"].to_numpy(object)[transform.expressed]
    reference = pd.DataFrame({"gene": genes, "log_geometric_mean": transform.reference}).dropna()
    return ModelResult(
        spec=setting.spec,
        digest=setting.digest,
        predictions=predictions,
        patients=patient_table(setting),
        models=model_table(setting, parts.folds),
        permuted=parts.permuted,
        outside=parts.outside,
        learning=parts.learning,
        selection=summarise_selection(parts.folds, symbols),
        coefficients=coefficient_table(parts.folds),
        contributions=contribution_table(parts.folds),
        predictors=setting.predictors,
        final=final_table(parts.final),
        reference=reference.reset_index(drop=True),
        checks=checks,
        run=_info(
            setting,
            parts,
            climb(facts, checks),
            pseudocount=transform.pseudocount,
            seconds=time.monotonic() - started,
        ),
    )


def compute_parts(setting: Setting, *, report: Reporter, n_threads: int) -> Parts:
    """Compute what the store lacks and read all of it."""
    study, spec = setting.study, setting.spec
    folds = cross_validation(study, spec)
    centres, notices = between_centres(study, spec)
    external, permutations = open_external(setting), LabelPermutations(setting)
    tasks = [
        *fold_tasks(setting, folds, stage="Cross-validation"),
        *fold_tasks(setting, centres, stage="Holding out a centre"),
        *fold_tasks(setting, [everything(study)], stage="Fitting the models on all patients"),
        *external_tasks(setting, external),
        *leaky_tasks(setting),
        *learning_tasks(setting),
        *permutations.tasks(),
    ]
    run_tasks(tasks, report=report, n_threads=n_threads)
    read = read_folds(setting, [*folds, *centres])
    return Parts(
        folds=[*read, *read_external(setting, external)],
        final=read_folds(setting, [everything(study)]),
        external=external,
        permuted=permutations.read(),
        outside=read_leaky(setting),
        learning=read_learning(setting, read),
        notices=(*study.notices, *left_out(setting), *notices, *(external.notices if external else ())),
    )


def left_out(setting: Setting) -> Iterator[Notice]:
    """Say which of the columns that were named are not used, and why."""
    table = setting.predictors
    named = table[table["column"].isin(setting.spec.clinical) & ~table["used"].astype(bool)]
    for row in named.itertuples():
        text = f"The column {row.column!r} was named and is not used. {row.why_not}. {row.reason}."
        yield Notice("left-out-predictors", text)


def _info(setting: Setting, parts: Parts, claim: Claim, *, pseudocount: float, seconds: float) -> ModelInfo:
    study, external = setting.study, parts.external
    return ModelInfo(
        n_case=int(study.y.sum()),
        n_control=int((1 - study.y).sum()),
        n_patients=int(study.patients.max()) + 1,
        n_centres=0 if study.centre is None else len(set(study.centre)),
        n_external=len(external.test) if external else 0,
        external_name=external.name if external else "",
        claim=claim,
        notices=parts.notices,
        seconds=seconds,
        simulated=study.simulated,
        algorithm=ALGORITHM,
        versions=versions_of("numpy", "scipy", "pandas", "scikit-learn"),
        final={
            name: {
                "intercept": fold.intercept,
                "strength": fold.strength,
                "pseudocount": pseudocount,
            }
            for _, name, fold in parts.final
            if not np.isnan(fold.intercept)
        },
    )
