"""What all parts of one validation share: the samples, what may predict, and where results are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from core.cohort.model import Cohort
from core.models.pipelines.blocks import N_VARIABLE, Vocabulary, make_vocabulary
from core.models.pipelines.cards import CARDS
from core.models.pipelines.predictors import predictor_table, read_judgements
from core.models.pipelines.transform import expressed_rows
from core.models.result import FOLDS, fold_key
from core.models.spec import ModelSpec
from core.models.validation.refit import Refit
from core.models.validation.samples import Study, make_study
from core.models.validation.units import Unit, relevant
from core.store import Draft, Entry, Store


@dataclass(frozen=True)
class Setting:
    """One request, ready to be computed.

    Parameters
    ----------
    store, digest, spec
        As for `core.models.run.run_models`.
    study : Study
        The samples.
    predictors : pandas.DataFrame
        See `core.models.pipelines.predictors.predictor_table`.
    vocabulary : Vocabulary
        What the columns of the study mean.
    reasons : mapping of str to str
        Why a model cannot be made; "" where it can.
    """

    store: Store
    digest: str
    spec: ModelSpec
    study: Study
    predictors: pd.DataFrame
    vocabulary: Vocabulary
    reasons: dict[str, str]

    @property
    def clinical(self) -> tuple[str, ...]:
        """Columns of the clinical models."""
        return self.vocabulary.columns["clinical"]

    @property
    def models(self) -> tuple[str, ...]:
        """Models asked for that can be made, in the order of the ladder."""
        return tuple(c.name for c in CARDS if c.name in self.spec.models and not self.reasons[c.name])

    @property
    def candidates(self) -> int:
        """Genes among which a gene model chooses: the expressed ones, of these the most variable."""
        return min(N_VARIABLE, len(expressed_rows(self.study.samples.counts)))

    def refit(self, unit: Unit) -> Refit:
        """Return the pipelines of one training part."""
        samples, patients = self.study.samples, self.study.patients[unit.train]
        train, test = samples.take(unit.train), samples.take(unit.test)
        return Refit(train, test, patients, vocabulary=self.vocabulary, spec=self.spec, name=unit.name)

    def fold_key(self, unit: Unit, model: str) -> str:
        """Return the key of one model in one unit."""
        reduced = relevant(self.spec, model, self.clinical, external=unit.scheme == "external")
        return fold_key(self.digest, reduced, unit.name)

    def find(self, key: str) -> Entry | None:
        """Return a part of the result, if the store has it."""
        return self.store.get(key, kind=FOLDS)

    def keep(self, key: str, write: Callable[[Draft], None]) -> Entry:
        """Return a part of the result, computing it if need be."""
        return self.store.get_or_compute(key, write, kind=FOLDS)


def make_setting(store: Store, digest: str, spec: ModelSpec, cohort: Cohort) -> Setting:
    """Look at a cohort and decide which models can be made from it.

    Raises
    ------
    InputError
        If the specification does not fit the cohort, with every fault.
    """
    study = make_study(cohort, spec)
    metadata = study.samples.metadata
    predictors = predictor_table(metadata, spec, patient=study.patient, judgements=read_judgements())
    columns = {
        "centre": (spec.centre,) if spec.centre else (),
        "demography": tuple(name for name in (study.age, study.sex) if name is not None),
        "clinical": tuple(predictors.loc[predictors["used"], "column"]),
    }
    vocabulary = make_vocabulary(study.genes, columns)
    return Setting(store, digest, spec, study, predictors, vocabulary, unavailable(study, vocabulary))


def unavailable(study: Study, vocabulary: Vocabulary) -> dict[str, str]:
    """Return why each model cannot be made from these data; "" where it can."""
    columns, sets = vocabulary.columns, vocabulary.sets
    no_clinical = (
        "" if columns["clinical"] else "No column is judged known before the second failed treatment."
    )
    centres = 0 if study.centre is None else len(set(study.centre))
    no_symbols = "Fewer than 5 genes of each set are in the data, or genes are not named by human symbols."
    lacking = {
        "centre": ""
        if centres > 1
        else "No column names the centre."
        if not centres
        else "There is one centre.",
        "cells": "" if "cells" in sets else no_symbols,
        "age_sex": "" if columns["demography"] else "Neither age nor sex is recorded.",
        "clinical": no_clinical,
        "pathways": "" if "pathways" in sets else no_symbols,
        "clinical_genes": no_clinical,
    }
    return {card.name: lacking.get(card.name, "") for card in CARDS}
