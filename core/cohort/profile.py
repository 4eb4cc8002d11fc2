"""What a cohort's samples look like as a whole: computed once per data set and kept in the store."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.cell_scores import cell_scores
from core.cohort.model import Cohort
from core.cohort.quality import globin_share, library_sizes, profile_distance, quality_notices
from core.cohort.sex_check import sex_signals
from core.cohort.size_factors import forgiving_size_factors
from core.cohort.stabilise import dispersion_trend, stabilise
from core.cohort.stored import get_cohort
from core.errors import Notice, notices_from
from core.progress import Reporter, silent
from core.spec import Spec
from core.store import Draft, Entry, Store, result_key

Floats = NDArray[np.float64]

ALGORITHM = "profile-1"
KIND = "profiles"
SCORE, COMPONENT = "score:", "PC"
SEX_COLUMNS = ("xist_cpm", "y_cpm", "molecular")


@dataclass(frozen=True)
class ProfileSpec(Spec):
    """How the samples are looked at.

    Parameters
    ----------
    min_count, min_share : int, float
        Genes with at least this many counts in at least this share of the samples are looked at.
    n_components : int
        Principal components kept.
    """

    min_count: int = 10
    min_share: float = 0.5
    n_components: int = 10


@dataclass(frozen=True)
class Profile:
    """What the samples of a cohort look like.

    Parameters
    ----------
    samples : pandas.DataFrame, indexed by sample
        ``library_size``, ``detected`` (genes with a count), ``globin_share``, ``distance`` (1 − correlation
        with the median profile), ``size_factor``, the sex signals where there are any, ``score:<cell>``
        and ``PC1``, ``PC2``, ...
    shares : tuple of float
        Share of the variance on each component.
    correlation : numpy.ndarray of shape (n_samples, n_samples)
        Of the variance-stabilised profiles, each gene centred.
    n_genes : int
        Genes looked at.
    notices : tuple of Notice
        Samples that deserve a second look.
    """

    samples: pd.DataFrame
    shares: tuple[float, ...]
    correlation: NDArray[np.float32]
    n_genes: int
    notices: tuple[Notice, ...]

    @property
    def components(self) -> pd.DataFrame:
        """Scores of the samples on the principal components."""
        return self.samples[[f"{COMPONENT}{i + 1}" for i in range(len(self.shares))]]

    @property
    def scores(self) -> pd.DataFrame:
        """Cell scores, one column per cell type."""
        names = [name for name in self.samples if str(name).startswith(SCORE)]
        return self.samples[names].rename(columns=lambda name: str(name).removeprefix(SCORE))


def profile_key(digest: str, spec: ProfileSpec | None = None) -> str:
    """Return the key of a profile in the store, which also names its job."""
    return result_key(dataset=digest, spec=spec or ProfileSpec(), algorithm=ALGORITHM)


def find_profile(store: Store, digest: str) -> Profile | None:
    """Return the profile of a data set if the store has it."""
    return store.find(profile_key(digest), _read, kind=KIND)


def run_profile(store: Store, digest: str, *, report: Reporter = silent) -> Profile:
    """Return the profile of a data set, computing it once for all processes.

    Raises
    ------
    InputError
        If the store does not have the data set.
    """

    def write(draft: Draft) -> None:
        _write(draft, compute_profile(get_cohort(store, digest), report=report))

    return _read(store.get_or_compute(profile_key(digest), write, kind=KIND))


def compute_profile(cohort: Cohort, spec: ProfileSpec | None = None, *, report: Reporter = silent) -> Profile:
    """Look at all samples of a cohort."""
    spec = spec or ProfileSpec()
    report("Bringing samples to one scale", 0.05)
    counts = np.asarray(cohort.counts)
    kept = (counts >= spec.min_count).mean(axis=1) >= spec.min_share
    size_factors = forgiving_size_factors(counts[kept])
    normalised = counts[kept] / size_factors
    values = stabilise(normalised, dispersion_trend(normalised, size_factors))
    report("Finding principal components", 0.3)
    centred = values - values.mean(axis=1, keepdims=True)
    components, shares = principal_components(centred, spec.n_components)
    report("Scoring cell types and looking for mistakes", 0.6)
    samples = _samples(cohort, size_factors)
    table = pd.concat([samples, components.set_axis(cohort.samples)], axis=1)
    return Profile(
        table,
        shares,
        np.corrcoef(centred.T).astype(np.float32),
        int(kept.sum()),
        tuple(quality_notices(cohort)),
    )


def principal_components(centred: Floats, n_components: int) -> tuple[pd.DataFrame, tuple[float, ...]]:
    """Return scores of the samples and the share of the variance on each component.

    Parameters
    ----------
    centred : numpy.ndarray of shape (n_genes, n_samples)
        Values of which each gene's mean is 0.
    n_components : int
        How many to return, at most one less than there are samples.

    Notes
    -----
    The sign of a component is fixed: its largest score is positive.
    """
    n_components = min(n_components, centred.shape[1] - 1)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    order = np.argsort(-values)[:n_components]
    scores = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    scores *= np.sign(scores[np.abs(scores).argmax(axis=0), range(n_components)])
    total = max(float(values.sum()), 1e-12)
    names = [f"{COMPONENT}{i + 1}" for i in range(n_components)]
    return pd.DataFrame(scores, columns=names), tuple(float(v / total) for v in values[order])


def _samples(cohort: Cohort, size_factors: Floats) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "library_size": library_sizes(cohort),
            "detected": np.count_nonzero(cohort.counts, axis=0),
            "globin_share": globin_share(cohort),
            "distance": profile_distance(cohort),
            "size_factor": size_factors,
        },
        index=cohort.samples,
    )
    signals = sex_signals(cohort)
    if signals is not None:
        table = table.join(signals[list(SEX_COLUMNS)])
    return table.join(cell_scores(cohort).add_prefix(SCORE))


def _write(draft: Draft, profile: Profile) -> None:
    draft.write_table("samples", profile.samples)
    draft.write_array("correlation", profile.correlation)
    draft.run |= {
        "shares": list(profile.shares),
        "n_genes": profile.n_genes,
        "notices": [asdict(notice) for notice in profile.notices],
    }


def _read(entry: Entry) -> Profile:
    notices = notices_from(entry.run["notices"])
    return Profile(
        samples=entry.table("samples"),
        shares=tuple(entry.run["shares"]),
        correlation=entry.array("correlation"),
        n_genes=entry.run["n_genes"],
        notices=notices,
    )
