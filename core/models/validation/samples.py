"""The samples that models learn from and are tested on, and which of them belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.cohort.reading.findings import count_of, listing
from core.cohort.roles import suggest_roles
from core.cohort.samples.exclusion import exclusion_words, left_out
from core.cohort.samples.groups import is_continuous
from core.cohort.samples.quality import duplicates
from core.de.design.build import as_text
from core.errors import Fault, InputError, Notice, suggestion
from core.models.pipelines.predictors import unknown_columns
from core.models.spec import ModelSpec

AGE = re.compile(r"^age(?![a-z])(?!.*onset)", re.IGNORECASE)
NO_CENTRE = "not recorded"

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Samples:
    """Some samples with what is known of them.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n)
        Raw counts.
    metadata : pandas.DataFrame of n rows, indexed by sample
        As in the cohort.
    y : numpy.ndarray of length n
        1 for case, 0 for control.
    """

    counts: NDArray[np.integer]
    metadata: pd.DataFrame
    y: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.y)

    def take(self, rows: Indices) -> Samples:
        """Return some of the samples."""
        return Samples(self.counts[:, rows], self.metadata.iloc[rows], self.y[rows])


@dataclass(frozen=True)
class Study:
    """The samples of a cohort that are in one of the two groups.

    Parameters
    ----------
    samples : Samples
        Those used.
    genes : pandas.DataFrame
        As in the cohort.
    patients : numpy.ndarray of int
        Samples with the same number are of one person, or so alike that they must be.
    centre : numpy.ndarray of str, or None
        Centre of each sample; None where the specification names no column.
    sex, age, patient : str or None
        Columns that hold them.
    simulated : bool
        Whether the data are simulated.
    notices : tuple of Notice
        Samples left out or kept together.
    """

    samples: Samples
    genes: pd.DataFrame
    patients: Indices
    centre: NDArray[np.object_] | None
    sex: str | None
    age: str | None
    patient: str | None
    simulated: bool
    notices: tuple[Notice, ...] = ()

    @property
    def y(self) -> NDArray[np.float64]:
        """1 for case, 0 for control."""
        return self.samples.y

    @property
    def names(self) -> pd.Index:
        """Identifiers of the samples."""
        return self.samples.metadata.index


def make_study(cohort: Cohort, spec: ModelSpec) -> Study:
    """Cut a cohort down to the two groups.

    Raises
    ------
    InputError
        If columns or levels do not exist, or a group has fewer patients than there are folds.
    """
    samples = choose_samples(cohort, spec)
    cohort = replace(cohort, counts=samples.counts, metadata=samples.metadata)
    suggested = suggest_roles(samples.metadata)
    patient = cohort.roles.patient or next((s.value for s in suggested["patient"]), None)
    sex = cohort.roles.sex or next((s.value for s in suggested["sex"]), None)
    twins = duplicates(cohort)
    patients = group_patients(samples.metadata, patient, twins)
    if faults := list(_small_groups(samples.y, patients, spec)):
        raise InputError(faults)
    return Study(
        samples=samples,
        genes=cohort.genes,
        patients=patients,
        centre=_centres(samples.metadata, spec),
        sex=sex,
        age=find_age(samples.metadata),
        patient=patient,
        simulated=cohort.simulated,
        notices=tuple(_notices(samples, patients, spec, twins=twins)),
    )


def choose_samples(cohort: Cohort, spec: ModelSpec, *, name: str = "metadata") -> Samples:
    """Return the samples of a cohort that are in one of the two groups.

    Raises
    ------
    InputError
        If the factor, one of its levels, a column or a sample that is named does not exist.
    """
    metadata = cohort.metadata
    faults = list(unknown_columns(metadata, spec))
    if spec.factor in metadata.columns:
        faults += _unknown_levels(metadata, spec, name)
    if faults:
        raise InputError(faults)
    factor = as_text(metadata[spec.factor])
    compared = factor.isin([spec.case, spec.control])
    excluded = left_out(map(str, metadata.index), spec.exclude)
    used = np.flatnonzero((compared & ~metadata.index.isin(list(excluded))).to_numpy())
    y = np.asarray(factor.iloc[used] == spec.case, dtype=np.float64)
    return Samples(np.asarray(cohort.counts[:, used]), metadata.iloc[used], y)


def group_patients(metadata: pd.DataFrame, patient: str | None, twins: Sequence[tuple[str, str]]) -> Indices:
    """Return a number per person: equal where the column says so, or two samples are one material."""
    labels = np.arange(len(metadata))
    if patient is not None:
        known = as_text(metadata[patient])
        codes = pd.factorize(known)[0]
        labels = np.where(codes >= 0, codes, codes.max() + 1 + labels)
    place = {name: number for number, name in enumerate(metadata.index)}
    for one, other in twins:
        labels[labels == labels[place[other]]] = labels[place[one]]
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.intp)


def find_age(metadata: pd.DataFrame) -> str | None:
    """Return the column that holds the age, if one is called so and holds numbers."""
    return next((str(n) for n in metadata if AGE.match(str(n)) and is_continuous(metadata[n])), None)


def _centres(metadata: pd.DataFrame, spec: ModelSpec) -> NDArray[np.object_] | None:
    if not spec.centre:
        return None
    return as_text(metadata[spec.centre]).fillna(NO_CENTRE).to_numpy(object)


def _unknown_levels(metadata: pd.DataFrame, spec: ModelSpec, name: str) -> Iterator[Fault]:
    levels = sorted(as_text(metadata[spec.factor]).dropna().unique())
    for level in (spec.case, spec.control):
        if level not in levels:
            yield Fault(
                "unknown-level",
                f"{name}, column {spec.factor!r}",
                f"no sample has the level {level!r}",
                suggestion(level, levels),
            )


def _small_groups(y: NDArray[np.float64], patients: Indices, spec: ModelSpec) -> Iterator[Fault]:
    least = max(spec.folds, spec.inner_folds) + 1
    for level, wanted in ((spec.case, 1.0), (spec.control, 0.0)):
        n = len(np.unique(patients[y == wanted]))
        if n < least:
            yield Fault(
                "small-group",
                f"metadata, column {spec.factor!r}",
                f"group {level!r} has {count_of(n, 'patient')}, too few for {spec.folds} folds "
                f"with {spec.inner_folds} inside each",
                f"Add samples, or choose fewer folds; {least} patients are needed",
            )


def _notices(
    samples: Samples, patients: Indices, spec: ModelSpec, *, twins: Sequence[tuple[str, str]]
) -> Iterator[Notice]:
    if spec.exclude:
        yield Notice("excluded-samples", f"On request, {exclusion_words(spec.exclude)}.")
    if twins:
        pairs = listing(f"{a} and {b}" for a, b in twins)
        names = tuple(dict.fromkeys(name for pair in twins for name in pair))
        yield Notice(
            "duplicate-sample",
            f"{count_of(twins, 'pair')} of samples differ by counting noise only and were kept in the "
            f"same fold, whatever patient they are said to be of: {pairs}.",
            names,
        )
    n_people = len(np.unique(patients))
    if n_people < len(patients):
        yield Notice(
            "grouped-patients",
            f"{len(patients)} samples are of {n_people} people; all samples of one person are in one fold.",
        )
    if spec.centre:
        missing = samples.metadata.index[samples.metadata[spec.centre].isna()]
        if len(missing):
            yield Notice(
                "missing-centre",
                f"{count_of(missing, 'sample has', 'samples have')} no centre and count as one of their own.",
                tuple(map(str, missing)),
            )
