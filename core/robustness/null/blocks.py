"""Whose labels may change hands: samples, or whole people where some gave several samples.

Samples of one person are alike, so exchanging them one by one makes chance look smaller than it is. Where a
person has one label, whole people exchange it; where a person has both, it is exchanged within the person.

Winkler et al. 2015, doi 10.1016/j.neuroimage.2015.05.092 (whole-block and within-block exchange).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from core.cohort.model import Cohort
from core.cohort.samples.groups import level_names
from core.cohort.samples.quality import patient_column

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
FEWEST_WAYS = 100
"""Distinct ways to give the labels out, below which permutations say little: they repeat each other."""


@dataclass(frozen=True)
class Blocks:
    """What changes hands when labels are permuted.

    Parameters
    ----------
    labels : numpy.ndarray of length n_used
        The true labels, 1 in case and 0 in control.
    unit : numpy.ndarray of int, length n_used
        The unit of each sample: samples of one unit keep one label. A person with one label is a unit, and
        so is each sample of a person with both.
    stratum : numpy.ndarray of int, length n_used
        Units exchange labels within strata only; all samples of a unit are in one.
    n_people : int
        People with several samples and one label, which they keep together; 0 for none.
    n_within : int
        People who have both labels, which are exchanged among their own samples; 0 for none.
    """

    labels: Floats
    unit: Codes
    stratum: Codes
    n_people: int = 0
    n_within: int = 0

    def permuted(self, rng: np.random.Generator) -> Floats:
        """Return labels given out at random among the units of each stratum."""
        _, first = np.unique(self.unit, return_index=True)
        exchanged = permute_within(self.labels[first], self.stratum[first], rng)
        given: Floats = exchanged[np.unique(self.unit, return_inverse=True)[1]]
        return given

    @property
    def n_ways(self) -> float:
        """In how many ways the labels can be given out; infinite where that is beyond counting."""
        _, first = np.unique(self.unit, return_index=True)
        groups = pd.Series(self.labels[first]).groupby(self.stratum[first]).agg(["size", "sum"])
        n, k = groups["size"].to_numpy(float), groups["sum"].to_numpy(float)
        logs = (gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)).sum()
        return float(np.round(np.exp(logs))) if logs < 30 else float("inf")


def permute_within(labels: Floats, strata: Codes, rng: np.random.Generator) -> Floats:
    """Return labels exchanged at random within each stratum."""
    shuffled = labels.copy()
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        shuffled[members] = labels[rng.permutation(members)]
    return shuffled


def blocks_of(cohort: Cohort, positions: Codes, labels: Floats, columns: tuple[str, ...]) -> Blocks:
    """Find out whose labels may change hands.

    Parameters
    ----------
    cohort : Cohort
        The data set; its roles, or the name of a column, say which samples are of one person.
    positions : numpy.ndarray of length n_used
        The samples that are compared.
    labels : numpy.ndarray of length n_used
        1 in case, 0 in control.
    columns : tuple of str
        Metadata columns within whose categories labels are exchanged.
    """
    used = cohort.metadata.iloc[positions]
    stratum = _joined(used, columns)
    person = _people(cohort, used)
    samples = pd.DataFrame({"person": person, "label": labels, "stratum": stratum})
    several = samples.groupby("person")["label"].transform("size") > 1
    both = samples.groupby("person")["label"].transform("nunique") > 1
    # Someone seen in several categories belongs to all of these together.
    place = samples.groupby("person")["stratum"].agg(
        lambda codes: " ".join(f"{c:06d}" for c in sorted(set(codes)))
    )
    keyed = samples["person"].map(place).where(~both, "within " + samples["person"].astype(str))
    unit = np.where(both, len(samples) + np.arange(len(samples)), person)
    return Blocks(
        labels,
        np.asarray(pd.factorize(unit)[0], dtype=np.intp),
        np.asarray(pd.factorize(keyed, sort=True)[0], dtype=np.intp),
        n_people=int(samples.loc[several & ~both, "person"].nunique()),
        n_within=int(samples.loc[both, "person"].nunique()),
    )


def _people(cohort: Cohort, used: pd.DataFrame) -> Codes:
    """Return the person of each sample; someone whose name is missing is a person of their own."""
    column = patient_column(cohort)
    if column is None:
        return np.arange(len(used), dtype=np.intp)
    codes, names = pd.factorize(level_names(used[column]))
    unnamed = codes < 0
    codes[unnamed] = len(names) + np.arange(unnamed.sum())
    return np.asarray(codes, dtype=np.intp)


def _joined(used: pd.DataFrame, columns: tuple[str, ...]) -> Codes:
    if not columns:
        return np.zeros(len(used), dtype=np.intp)
    joined = used[list(columns)].apply(level_names).fillna("missing").agg("\0".join, axis=1)
    return np.asarray(pd.factorize(joined, sort=True)[0], dtype=np.intp)
