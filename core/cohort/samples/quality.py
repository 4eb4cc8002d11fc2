"""Samples that deserve a second look before anything is concluded from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.cohort.reading.findings import count_of, listing
from core.cohort.roles import suggest_roles
from core.cohort.samples.groups import level_names
from core.cohort.samples.sex_check import sex_notices
from core.errors import Notice
from core.words import percent

GLOBINS = ("HBA1", "HBA2", "HBB", "HBD", "HBG1", "HBG2", "HBM", "HBQ1")
LOW_DEPTH = 0.2
"""A sample is shallow below this fraction of the median depth.

In five real cohorts two samples are below (0.06 and 0.12); the next is at 0.31."""
HIGH_GLOBIN = 0.3
"""Share of globin reads above which little depth is left for other genes (depleted blood stays below)."""
DUPLICATE_NOISE = 3.0
"""Samples that differ by less than this many times counting noise are one.

The closest people of three real cohorts differ by 16, 19 and 61 times; the closest fly pools by 7."""
DUPLICATE_GENES = 1_000
DUPLICATE_READS = 100
FEWEST_GENES = 200
OUTLIER_DISTANCE = 4.0
OUTLIER_Z = 3.0
FEWEST_FOR_OUTLIERS = 6


def patient_column(cohort: Cohort) -> str | None:
    """Return the column that names patients: that of the roles, or one clearly meant as such."""
    return _column(cohort, "patient")


def _column(cohort: Cohort, role: Literal["patient", "sex"]) -> str | None:
    named: str | None = getattr(cohort.roles, role)
    return named or next((s.value for s in suggest_roles(cohort.metadata)[role]), None)


def repeated_patients(cohort: Cohort) -> pd.DataFrame:
    """Return the samples of patients who have several, the patients in order of name.

    Returns
    -------
    pandas.DataFrame, indexed by sample
        ``patient``, and ``is_first``: whether it is the first by name of its patient.
    """
    column = patient_column(cohort)
    if column is None:
        return pd.DataFrame({"patient": [], "is_first": []})
    patients = level_names(cohort.metadata[column])
    repeated = patients[patients.notna() & patients.duplicated(keep=False)].sort_values(kind="stable")
    return pd.DataFrame({"patient": repeated, "is_first": ~repeated.duplicated()})


def quality_notices(cohort: Cohort) -> list[Notice]:
    """Return all quality warnings of a cohort.

    Patient and sex are the columns of the cohort's roles; where there are none, columns that
    are clearly meant as such are used, and the warning names them.
    """
    sex, low = _column(cohort, "sex"), low_depth(cohort)
    return [
        *_depth_notices(cohort, low),
        *_likeness_notices(cohort, ignored=low),
        *_patient_notices(cohort),
        *(sex_notices(cohort, sex) if sex else ()),
    ]


def library_sizes(cohort: Cohort) -> pd.Series[Any]:
    """Return the number of reads per sample."""
    return pd.Series(cohort.counts.sum(axis=0), index=cohort.samples)


def low_depth(cohort: Cohort) -> list[str]:
    """Return samples with less than a fifth of the median number of reads."""
    sizes = library_sizes(cohort)
    return [str(name) for name in sizes.index[sizes < LOW_DEPTH * sizes.median()]]


def globin_share(cohort: Cohort) -> pd.Series[Any]:
    """Return the share of reads that fall on haemoglobin genes, per sample."""
    globins = cohort.genes["symbol"].isin(GLOBINS).to_numpy()
    share = cohort.counts[globins].sum(axis=0) / np.maximum(cohort.counts.sum(axis=0), 1)
    return pd.Series(share, index=cohort.samples)


def profile_distance(cohort: Cohort) -> pd.Series[Any]:
    """Return 1 − correlation of each sample with the cohort's median profile.

    On log2 counts per million of genes with 10 reads or more in half of the samples.
    """
    kept = np.mean(cohort.counts >= 10, axis=1) >= 0.5
    depth = np.maximum(cohort.counts.sum(axis=0), 1) / 1e6
    profiles = np.log2(cohort.counts[kept] / depth + 1)
    if len(profiles) < FEWEST_GENES:
        return pd.Series(np.nan, index=cohort.samples)
    centre = np.median(profiles, axis=1)
    # A sample without any count has a flat profile, which goes with nothing.
    distances = [1 - np.corrcoef(p, centre)[0, 1] if np.ptp(p) > 0 else 1.0 for p in profiles.T]
    return pd.Series(distances, index=cohort.samples)


def outliers(cohort: Cohort) -> list[str]:
    """Return samples much farther from the median profile than is usual in the cohort."""
    distance = profile_distance(cohort)
    if len(distance) < FEWEST_FOR_OUTLIERS or distance.isna().any():
        return []
    log = np.log(distance.clip(lower=1e-6))
    spread = 1.4826 * np.median(np.abs(log - log.median()))
    far = (distance > OUTLIER_DISTANCE * distance.median()) & (log - log.median() > OUTLIER_Z * spread)
    return [str(name) for name in distance.index[far]]


def counting_noise(cohort: Cohort) -> NDArray[np.float64]:
    """Return how much each pair of samples differs, in units of counting noise.

    Given two libraries made from the same material, the reads of a gene in one of them are
    binomial; the median squared z over the most expressed genes, divided by that of a
    standard normal, is then about 1 (0 for a copy). Biology adds to it.

    Returns
    -------
    numpy.ndarray of shape (n_samples, n_samples)
        Upper triangle; NaN elsewhere and where too few genes have enough reads.
    """
    top = np.argsort(-cohort.counts.mean(axis=1), kind="stable")[:DUPLICATE_GENES]
    counts = np.asarray(cohort.counts[top], dtype=np.float64)
    depth, n = np.maximum(counts.sum(axis=0), 1), counts.shape[1]
    noise = np.full((n, n), np.nan)
    for i in range(n - 1):
        noise[i, i + 1 :] = _pair_noise(counts[:, [i]], counts[:, i + 1 :], depth[i], depth[i + 1 :])
    return noise


def duplicates(cohort: Cohort) -> list[tuple[str, str]]:
    """Return pairs of samples that differ by no more than counting noise."""
    with np.errstate(invalid="ignore"):
        pairs = np.argwhere(counting_noise(cohort) < DUPLICATE_NOISE)
    return [(str(cohort.samples[i]), str(cohort.samples[j])) for i, j in pairs]


def _pair_noise(
    one: NDArray[np.float64], others: NDArray[np.float64], depth: float, depths: NDArray[np.float64]
) -> NDArray[np.float64]:
    total = one + others
    share = depth / (depth + depths)
    squared = np.square(one - total * share) / np.maximum(total * share * (1 - share), 1e-9)
    squared[total < DUPLICATE_READS] = np.nan
    enough = np.count_nonzero(~np.isnan(squared), axis=0) >= FEWEST_GENES
    noise = np.full(len(depths), np.nan)
    if enough.any():
        noise[enough] = np.nanmedian(squared[:, enough], axis=0) / 0.4549
    return noise


def _depth_notices(cohort: Cohort, low: list[str]) -> Iterator[Notice]:
    """Yield the samples of which few reads are left to compare."""
    if low:
        sizes = library_sizes(cohort)
        parts = (f"{name} ({sizes[name] / 1e6:.1f} million)" for name in low)
        text = (
            f"{count_of(low, 'sample has', 'samples have')} less than a fifth of the usual number of reads "
            f"(median {sizes.median() / 1e6:.1f} million): {listing(parts)}."
        )
        yield Notice("low-depth", text, tuple(low))
    share = globin_share(cohort)
    high = share[share > HIGH_GLOBIN].sort_values(ascending=False)
    if len(high):
        parts = (f"{name} ({percent(value)})" for name, value in high.items())
        text = (
            f"More than {percent(HIGH_GLOBIN)} of the reads are haemoglobin in {count_of(high, 'sample')}: "
            f"{listing(parts)}. Less depth is left for other genes."
        )
        yield Notice("high-globin", text, tuple(map(str, high.index)))


def _likeness_notices(cohort: Cohort, *, ignored: list[str]) -> Iterator[Notice]:
    """Yield the samples that are unlike all others, and those that are too much alike."""
    if found := [name for name in outliers(cohort) if name not in ignored]:
        text = (
            f"{count_of(found, 'sample has a profile', 'samples have profiles')} unlike all others (at least "
            f"{OUTLIER_DISTANCE:.0f} times as far from the median profile as usual): {listing(found)}."
        )
        yield Notice("outlier-sample", text, tuple(found))
    if pairs := duplicates(cohort):
        parts = (f"{a} and {b}" for a, b in pairs)
        text = (
            f"{count_of(pairs, 'pair')} of samples differ by counting noise only, so each is probably "
            f"the same material twice: {listing(parts)}."
        )
        yield Notice("duplicate-sample", text, tuple(dict.fromkeys(name for pair in pairs for name in pair)))


def _patient_notices(cohort: Cohort) -> Iterator[Notice]:
    found = repeated_patients(cohort)
    if len(found):
        repeated = found["patient"].reindex([name for name in cohort.samples if name in found.index])
        people = sorted(repeated.unique())
        text = (
            f"{count_of(people, 'patient stands', 'patients stand')} behind {len(repeated)} samples (column "
            f"{patient_column(cohort)!r}): {listing(people)}. Samples of one person are not independent: "
            "keep one per patient."
        )
        yield Notice("repeated-patient", text, tuple(map(str, repeated.index)))
