"""The hardest test: learn from all of this cohort, predict another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.cohort.model import Cohort
from core.cohort.stored import get_cohort
from core.errors import InputError, Notice
from core.models.pipelines.blocks import Vocabulary, make_vocabulary
from core.models.validation.nested_validation import Folds, fold_tasks, read_folds
from core.models.validation.refit import Refit
from core.models.validation.samples import Samples, choose_samples
from core.models.validation.setting import Setting, unavailable
from core.models.validation.tasks import Task
from core.models.validation.units import EXTERNAL, Unit

KEYS = ("gene", "ensembl_id", "symbol")
FEWEST_COMMON = 0.2
"""Share of this cohort's genes that the other must have."""


@dataclass(frozen=True)
class External:
    """Two cohorts brought to the same genes.

    Parameters
    ----------
    name : str
        Of the external cohort.
    train, test : Samples
        All samples of this cohort; those of the other that are in one of the groups.
    vocabulary : Vocabulary
        Of the genes and columns that both have.
    models : tuple of str
        Models that can be made from these.
    notices : tuple of Notice
        How genes were matched.
    """

    name: str
    train: Samples
    test: Samples
    vocabulary: Vocabulary
    models: tuple[str, ...]
    notices: tuple[Notice, ...]

    @property
    def unit(self) -> Unit:
        """The one piece of work."""
        return Unit(EXTERNAL, 1, EXTERNAL, np.arange(len(self.train)), np.arange(len(self.test)))


def open_external(setting: Setting) -> External | None:
    """Return the external cohort of a request, matched; None if it has none.

    Raises
    ------
    InputError
        If the store does not have it, the groups do not exist there, or hardly any gene is common.
    """
    spec = setting.spec
    if not spec.external:
        return None
    if spec.external == setting.digest:
        raise InputError.of(
            code="external-is-the-same",
            where="setting 'external'",
            what="the external cohort is the cohort that the models learn from",
            mend="Choose a cohort of other patients",
        )
    cohort = get_cohort(setting.store, spec.external)
    plain = replace(spec, clinical=(), include_unsafe=(), centre="", exclude=())
    test = choose_samples(cohort, plain, name="external metadata")
    rows, other_rows, key = match_genes(setting.study.genes, cohort)
    train = replace(setting.study.samples, counts=setting.study.samples.counts[rows])
    columns = {
        block: tuple(name for name in names if name in cohort.metadata.columns)
        for block, names in setting.vocabulary.columns.items()
        if block != "centre"  # another study has other centres
    }
    vocabulary = make_vocabulary(
        setting.study.genes.iloc[rows].reset_index(drop=True), {**columns, "centre": ()}
    )
    reasons = unavailable(replace(setting.study, centre=None), vocabulary)
    return External(
        name=cohort.name,
        train=train,
        test=replace(test, counts=test.counts[other_rows]),
        vocabulary=vocabulary,
        models=tuple(name for name in setting.models if not reasons[name]),
        notices=(_matched(len(rows), len(setting.study.genes), key, cohort.name),),
    )


def external_tasks(setting: Setting, external: External | None) -> Iterator[Task]:
    """Yield what the store lacks."""
    if external is None:
        return

    def make_refit(unit: Unit) -> Refit:
        return Refit(
            external.train,
            external.test,
            setting.study.patients,
            vocabulary=external.vocabulary,
            spec=setting.spec,
            name=unit.name,
        )

    stage = "Predicting the external cohort"
    yield from fold_tasks(
        setting, [external.unit], stage=stage, models=external.models, make_refit=make_refit
    )


def read_external(setting: Setting, external: External | None) -> Folds:
    """Return the predictions for the external cohort; none without one."""
    return [] if external is None else read_folds(setting, [external.unit], models=external.models)


def match_genes(genes: pd.DataFrame, cohort: Cohort) -> tuple[np.ndarray, np.ndarray, str]:
    """Return the rows of both cohorts that are the same gene, and which column said so.

    The identifier, the Ensembl identifier or the symbol is used, whichever matches most; names that are not
    unique in either cohort match nothing.

    Raises
    ------
    InputError
        If fewer than a fifth of the genes are common.
    """
    choices = []
    for key in KEYS:
        here, there = _unique(genes[key]), _unique(cohort.genes[key])
        common = sorted(set(here) & set(there), key=here.__getitem__)
        choices.append((len(common), key, [here[n] for n in common], [there[n] for n in common]))
    n_common, key, rows, others = max(choices, key=lambda choice: choice[0])
    if n_common < FEWEST_COMMON * len(genes):
        raise InputError.of(
            code="no-common-genes",
            where="external counts",
            what=f"{n_common} of {len(genes)} genes are found there by identifier or symbol",
            mend="Give counts of the same species, with Ensembl identifiers or symbols",
        )
    return np.array(rows), np.array(others), key


def _unique(names: pd.Series) -> dict[str, int]:
    once = ~names.duplicated(keep=False) & (names != "")
    return {str(names.iloc[row]): int(row) for row in np.flatnonzero(once)}


def _matched(n_common: int, n_genes: int, key: str, name: str) -> Notice:
    by = {"gene": "identifier", "ensembl_id": "Ensembl identifier", "symbol": "symbol"}[key]
    text = (
        f"{n_common:,} of {n_genes:,} genes were found in {name} by their {by}; only these were learnt from."
    )
    return Notice("external-genes", text)
