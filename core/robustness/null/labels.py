"""The same test with the groups given out at random: what it finds then is found by chance.

Labels are exchanged only between samples of the same stratum (the categories adjusted for), so that
whatever goes with those stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from core.analysis import Analysis, At, Made, run
from core.cohort.model import Cohort
from core.cohort.samples.balance import is_number
from core.cohort.samples.groups import level_names
from core.cohort.samples.size_factors import median_of_ratios
from core.de.deseq2.adjust import adjust, filtered_padj
from core.de.deseq2.outliers import winsorise
from core.de.kind import KIND as COMPARISON
from core.de.kind import compared, without_shrinkage
from core.de.limma.trend import effective_size_factors
from core.de.methods import METHODS
from core.de.prepare import Prepared, prepare
from core.de.spec import DESpec
from core.de.wilcoxon import mann_whitney
from core.export.provenance import Provenance
from core.progress import Reporter, rescale
from core.robustness.null.deseq2 import permuted_deseq2, shares_dispersions
from core.robustness.subgroups.shares import Share, wilson
from core.spec import Spec, option
from core.store import Draft, Entry

ALGORITHM = "null-labels-2"
NOMINAL = 0.05
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NullSpec(Spec):
    """How often labels are permuted."""

    permutations: int = option(
        20, label="Permutations", help="How often labels are permuted.", limits=(2, 10_000)
    )
    seed: int = option(1, label="Seed", help="Of the random numbers.", limits=(0, 2**32 - 1))


@dataclass(frozen=True)
class NullResult:
    """What a test finds with permuted labels.

    Parameters
    ----------
    spec : DESpec
        The comparison, with the method that was permuted.
    digest : str
        Content hash of the cohort.
    strata : tuple of str
        Columns within whose categories labels were exchanged.
    runs : pandas.DataFrame
        A row per permutation: ``n_significant`` (adjusted p below alpha), ``share`` (of p below 0.05),
        ``n_tested``.
    seed : int
        Of the permutations.
    n_observed : int
        Genes significant with the true labels.
    shared_dispersions : bool
        Whether dispersions were estimated once, without the groups (`core.robustness.null.deseq2`).
    """

    spec: DESpec
    digest: str
    strata: tuple[str, ...]
    runs: pd.DataFrame
    seed: int
    n_observed: int
    shared_dispersions: bool = False

    def calibration(self) -> Share:
        """Return the share of p-values below 0.05 with its 95 % interval over permutations.

        Genes move together, so that the permutations and not the genes are what varies.
        """
        shares = self.runs["share"].to_numpy(float)
        n, mean = len(shares), float(shares.mean())
        if n < 2:
            return Share(0, n, mean, float("nan"), float("nan"))
        half = float(student.ppf(0.975, n - 1) * shares.std(ddof=1) / np.sqrt(n))
        return Share(round(mean * n), n, mean, mean - half, mean + half)

    @property
    def calibrated(self) -> bool:
        """Whether 0.05 lies within the interval."""
        share = self.calibration()
        return bool(share.low <= NOMINAL <= share.high)

    def any_found(self) -> Share:
        """Return in which share of the permutations at least one gene was significant."""
        return wilson(int((self.runs["n_significant"] > 0).sum()), len(self.runs))

    def chance_of(self, n_significant: int) -> float:
        """Return the permutation p-value of a number of significant genes."""
        return float((1 + (self.runs["n_significant"] >= n_significant).sum()) / (1 + len(self.runs)))


class LabelPermutations(Analysis[NullSpec, NullResult]):
    """Compare two groups again with permuted labels, to see what is found by chance.

    Writes ``permutations.csv``.
    """

    name = "permute"
    title = "Permuted labels"
    spec = NullSpec
    kept = 8
    needs = ("de",)

    def algorithm(self, spec: NullSpec) -> str:
        """Return the version of the permutations; that of the test enters with the comparison."""
        return ALGORITHM

    def plain(self, at: At, spec: NullSpec) -> tuple[At, NullSpec]:
        """Leave shrinkage out, which changes no p-value."""
        return without_shrinkage(at), spec

    def compute(self, at: At, spec: NullSpec, draft: Draft, report: Reporter) -> None:
        """Find what the true labels give, then permute."""
        observed = run(COMPARISON, at, compared(at), report=rescale(report, 0.0, 0.1)).table["padj"]
        asked, cohort, n = compared(at), at.cohort, spec.permutations
        prepared = prepare(cohort, asked)
        counts = prepared.model_counts[prepared.active]
        base_mean = (counts / median_of_ratios(counts)).mean(axis=1)
        rows = []
        for number, pvalues in enumerate(permuted(cohort, asked, n=n, seed=spec.seed)):
            rows.append(_tally(pvalues, base_mean, asked))
            report(f"Permuting labels, {number + 1} of {n}", 0.1 + 0.9 * (number + 1) / n)
        draft.write_table("runs", pd.DataFrame(rows))
        draft.run |= {
            "strata": list(strata_of(cohort, asked)),
            "shared_dispersions": shares_dispersions(prepared, asked),
            "n_observed": int((observed < asked.alpha).sum()),
        }

    def read(self, entry: Entry) -> NullResult:
        """Rebuild permutations from their entry in the store."""
        run = entry.run
        return NullResult(
            DESpec.from_json(run["before"]["de"]),
            run["digest"],
            tuple(run["strata"]),
            entry.table("runs"),
            NullSpec.from_json(run["spec"]).seed,
            run["n_observed"],
            run["shared_dispersions"],
        )

    def doing(self, at: At, spec: NullSpec) -> str:
        """Say by which test labels are permuted."""
        return f"Permuting labels, {METHODS[compared(at).method].label}"

    def describe(self, spec: NullSpec) -> str:
        """Return permutations in a few words."""
        return f"labels permuted {spec.permutations} times"

    def tables(self, result: NullResult) -> dict[str, pd.DataFrame]:
        """Return what each permutation found."""
        return {"permutations": result.runs}

    def sentence(self, result: NullResult) -> str:
        """Say whether the test keeps its promise."""
        from core.robustness.null.words import null_sentence

        return null_sentence(result, n_observed=result.n_observed)

    def provenance(self, made: Made[NullSpec, NullResult]) -> Provenance:
        """Return where the numbers come from, with the seed of the permutations."""
        return replace(super().provenance(made), seed=made.spec.seed)


KIND = LabelPermutations()


def _tally(pvalues: Floats, base_mean: Floats, spec: DESpec) -> dict[str, float]:
    """Return what a permutation found, adjusted as the method adjusts."""
    if METHODS[spec.method].filters:
        padj = filtered_padj(base_mean, pvalues, alpha=spec.alpha)
    else:
        padj = adjust(pvalues, np.ones(len(pvalues), dtype=bool))
    tested = pvalues[np.isfinite(pvalues)]
    return {
        "n_significant": int((padj < spec.alpha).sum()),
        "share": float((tested < NOMINAL).mean()),
        "n_tested": len(tested),
    }


def permuted(cohort: Cohort, spec: DESpec, *, n: int, seed: int) -> Iterator[Floats]:
    """Yield the p-values of the tested genes for each permutation of the labels.

    Parameters
    ----------
    cohort : Cohort
        The data set.
    spec : DESpec
        The comparison; the tests are those of its result, DESeq2 as `core.robustness.null.deseq2` says.
    n, seed : int
        How many permutations; of the random numbers.
    """
    prepared = prepare(cohort, spec)
    order = np.random.default_rng(seed)
    strata = _strata(cohort, prepared, strata_of(cohort, spec))
    true = prepared.design.matrix.iloc[:, -1].to_numpy(float)
    labels = (permute_within(true, strata, order) for _ in range(n))
    test = permuted_deseq2 if spec.method == "deseq2" else _fast
    yield from test(prepared, spec, labels)


def strata_of(cohort: Cohort, spec: DESpec) -> tuple[str, ...]:
    """Return the columns within which labels are exchanged: categories adjusted for, else recorded sex."""
    metadata = cohort.metadata
    asked = [name for name in spec.covariates if name in metadata and not is_number(metadata[name])]
    sex = cohort.roles.sex
    return tuple(asked or ([sex] if sex and sex != spec.factor else []))


def permute_within(labels: Floats, strata: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """Return labels exchanged at random within each stratum."""
    shuffled = labels.copy()
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        shuffled[members] = labels[rng.permutation(members)]
    return shuffled


def _strata(cohort: Cohort, prepared: Prepared, columns: tuple[str, ...]) -> NDArray[np.intp]:
    used = cohort.metadata.iloc[prepared.design.positions]
    if not columns:
        return np.zeros(len(used), dtype=np.intp)
    joined = used[list(columns)].apply(level_names).fillna("missing").agg("\0".join, axis=1)
    return np.asarray(pd.factorize(joined, sort=True)[0], dtype=np.intp)


def _fast(prepared: Prepared, spec: DESpec, labels: Iterator[Floats]) -> Iterator[Floats]:
    from core.de.alternatives import run_test  # loads PyDESeq2, which pages that only read do without

    counts = prepared.counts[prepared.active]
    scale = effective_size_factors if spec.method == "limma" else median_of_ratios
    factors, design = scale(counts), prepared.design.matrix.to_numpy(float)
    seen = counts.any(axis=1)
    capped = counts if spec.winsorise is None else winsorise(counts, factors, spec.winsorise)
    for one in labels:
        if spec.method == "wilcoxon":
            p = np.full(len(counts), np.nan)
            normalised = capped[seen] / factors
            p[seen] = mann_whitney(normalised[:, one == 1], normalised[:, one == 0])[1]
            yield p
        else:
            matrix = np.column_stack([design[:, :-1], one])
            yield run_test(counts, matrix, spec, size_factors=factors).table["pvalue"].to_numpy()
