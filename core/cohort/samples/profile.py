"""What a cohort's samples look like as a whole: computed once per data set and kept in the store."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.analysis import Analysis, At
from core.cohort.model import Cohort
from core.cohort.samples.cell_scores import cell_scores
from core.cohort.samples.quality import globin_share, library_sizes, profile_distance, quality_notices
from core.cohort.samples.sex_check import sex_signals
from core.cohort.samples.size_factors import forgiving_size_factors
from core.cohort.samples.stabilise import dispersion_trend, stabilise
from core.errors import Notice, notices_from
from core.progress import Reporter, silent
from core.spec import Spec, option
from core.store import Draft, Entry
from core.words import percent

Floats = NDArray[np.float64]

ALGORITHM = "profile-1"
SCORE, COMPONENT = "score:", "PC"
SEX_COLUMNS = ("xist_cpm", "y_cpm", "molecular")


@dataclass(frozen=True)
class ProfileSpec(Spec):
    """How the samples are looked at."""

    min_count: int = option(
        10,
        help="Genes with this count in enough samples are looked at.",
        words="genes with at least {} counts",
        limits=(0, math.inf),
    )
    min_share: float = option(
        0.5,
        help="Share of the samples in which a gene must reach it.",
        words="in a share of at least {:g} of the samples",
        limits=(0, 1),
        metavar="P",
    )
    n_components: int = option(
        10,
        help="Principal components kept.",
        words="{} principal components",
        limits=(2, 100),
    )


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


class SampleProfile(Analysis[ProfileSpec, Profile]):
    """Look at the samples of a data set as a whole: quality, principal components, cell scores.

    Writes ``samples.csv``.
    """

    name = "profile"
    title = "Samples as a whole"
    spec = ProfileSpec

    def algorithm(self, spec: ProfileSpec) -> str:
        """Return the version."""
        return ALGORITHM

    def compute(self, at: At, spec: ProfileSpec, draft: Draft, report: Reporter) -> None:
        """Look at all samples."""
        profile = compute_profile(at.cohort, spec, report=report)
        draft.write_table("samples", profile.samples)
        draft.write_array("correlation", profile.correlation)
        draft.run |= {
            "shares": list(profile.shares),
            "n_genes": profile.n_genes,
            "notices": [asdict(notice) for notice in profile.notices],
        }

    def read(self, entry: Entry) -> Profile:
        """Rebuild a profile from its entry in the store."""
        return Profile(
            samples=entry.table("samples"),
            shares=tuple(entry.run["shares"]),
            correlation=entry.array("correlation"),
            n_genes=entry.run["n_genes"],
            notices=notices_from(entry.run["notices"]),
        )

    def doing(self, at: At, spec: ProfileSpec) -> str:
        """Say what is done."""
        return "Looking at the samples"

    def tables(self, result: Profile) -> dict[str, pd.DataFrame]:
        """Return the samples."""
        return {"samples": result.samples.reset_index()}

    def sentence(self, result: Profile) -> str:
        """Say which samples deserve a second look, and how much the first components hold."""
        lines = [f"{notice.code}: {notice.message}" for notice in result.notices]
        shares = ", ".join(f"PC{i + 1} {percent(share)}" for i, share in enumerate(result.shares[:3]))
        size = f"{len(result.samples)} samples, {result.n_genes:,} genes"
        return "\n".join([*lines, f"{size}; variance on {shares}."])


KIND = SampleProfile()


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
