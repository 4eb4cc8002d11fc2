"""The same test with the groups given out at random: what it finds then is found by chance.

Labels are exchanged only between samples of the same stratum (the categories adjusted for), so that
whatever goes with those stays as it is; and between whole people where some gave several samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from core.analysis import Analysis, At, Made, run
from core.cohort.model import Cohort
from core.cohort.samples.balance import is_number
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
from core.robustness.null.blocks import FEWEST_WAYS, Blocks, blocks_of
from core.robustness.null.deseq2 import permuted_deseq2, shares_dispersions
from core.robustness.null.spread import log_variance_ratio, rate_under_one_variance, residual_expression
from core.robustness.subgroups.shares import Share, wilson
from core.spec import Spec, option
from core.store import Draft, Entry

ALGORITHM = "null-labels-3"
NOMINAL = 0.05
MARGIN = 1.5
"""By which factor p-values below 0.05 may come too often or too rarely and still be called right."""
MOST_WAYS = 1e9  # as many are written of an infinite number
Verdict = Literal["few ways", "spread", "too often", "too rarely", "right", "not known"]
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
        ``n_tested``, ``spread`` (median log2 ratio of variances, case to control).
    seed : int
        Of the permutations.
    n_observed : int
        Genes significant with the true labels.
    shared_dispersions : bool
        Whether dispersions were estimated once, without the groups (`core.robustness.null.deseq2`).
    spread : float
        Median log2 ratio of variances, case to control, with the true labels.
    n_case, n_control : int
        Units of each group: people, or samples where each is of another person.
    n_people, n_within : int
        People with several samples who kept one label together; who have both and exchanged them.
    n_ways : float
        In how many ways labels can be given out.
    """

    spec: DESpec
    digest: str
    strata: tuple[str, ...]
    runs: pd.DataFrame
    seed: int
    n_observed: int
    shared_dispersions: bool = False
    spread: float = 0.0
    n_case: int = 0
    n_control: int = 0
    n_people: int = 0
    n_within: int = 0
    n_ways: float = MOST_WAYS

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

    @property
    def verdict(self) -> Verdict:
        """Whether the test keeps its promise, or why permuted labels cannot say so."""
        if self.n_ways < FEWEST_WAYS:
            return "few ways"
        if self.spread_chance() <= NOMINAL and not _near(self.rate_of_spread()):
            return "spread"
        share = self.calibration()
        if not self.calibrated:
            return "too often" if share.value > NOMINAL else "too rarely"
        return "right" if _near(share.low) and _near(share.high) else "not known"

    def spread_chance(self) -> float:
        """Return the permutation p-value of the difference of spread; 1 where it was not looked at."""
        if "spread" not in self.runs:
            return 1.0
        return float((1 + (self.runs["spread"].abs() >= abs(self.spread)).sum()) / (1 + len(self.runs)))

    def rate_of_spread(self) -> float:
        """Return how often p falls below 0.05 without a difference, if spread differs as it seems to."""
        if min(self.n_case, self.n_control) < 2 or self.n_within:
            return NOMINAL
        return rate_under_one_variance(self.spread, self.n_case, self.n_control, nominal=NOMINAL)

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
        blocks = _blocks(cohort, prepared, asked)
        residuals, rows = residual_expression(prepared), []
        drawn = _drawn(blocks, n=n, seed=spec.seed)
        for number, (labels, pvalues) in enumerate(zip(drawn, _tested(prepared, asked, drawn), strict=True)):
            rows.append(_tally(pvalues, base_mean, asked) | {"spread": log_variance_ratio(residuals, labels)})
            report(f"Permuting labels, {number + 1} of {n}", 0.1 + 0.9 * (number + 1) / n)
        draft.write_table("runs", pd.DataFrame(rows))
        _, first = np.unique(blocks.unit, return_index=True)
        draft.run |= {
            "strata": list(strata_of(cohort, asked)),
            "shared_dispersions": shares_dispersions(prepared, asked),
            "n_observed": int((observed < asked.alpha).sum()),
            "spread": log_variance_ratio(residuals, blocks.labels),
            "n_case": int(blocks.labels[first].sum()),
            "n_control": int(len(first) - blocks.labels[first].sum()),
            "n_people": blocks.n_people,
            "n_within": blocks.n_within,
            "n_ways": min(blocks.n_ways, MOST_WAYS),
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
            *(run[name] for name in ("spread", "n_case", "n_control", "n_people", "n_within", "n_ways")),
        )

    def doing(self, at: At, spec: NullSpec) -> str:
        """Say by which test labels are permuted."""
        return f"Permuting labels, {METHODS[compared(at).method].label}"

    def describe(self, spec: NullSpec) -> str:
        """Return permutations in a few words."""
        rest = spec.unusual(but=("permutations", "seed"))
        return ", ".join([f"labels permuted {spec.permutations} times", *rest.values()])

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
    yield from _tested(prepared, spec, _drawn(_blocks(cohort, prepared, spec), n=n, seed=seed))


def strata_of(cohort: Cohort, spec: DESpec) -> tuple[str, ...]:
    """Return the columns within which labels are exchanged: categories adjusted for, else recorded sex."""
    metadata = cohort.metadata
    asked = [name for name in spec.covariates if name in metadata and not is_number(metadata[name])]
    sex = cohort.roles.sex
    return tuple(asked or ([sex] if sex and sex != spec.factor else []))


def _near(rate: float) -> bool:
    """Return whether p-values that come at this rate may be called right."""
    return NOMINAL / MARGIN <= rate <= NOMINAL * MARGIN


def _blocks(cohort: Cohort, prepared: Prepared, spec: DESpec) -> Blocks:
    true = prepared.design.matrix.iloc[:, -1].to_numpy(float)
    return blocks_of(cohort, prepared.design.positions, true, strata_of(cohort, spec))


def _drawn(blocks: Blocks, *, n: int, seed: int) -> list[Floats]:
    order = np.random.default_rng(seed)
    return [blocks.permuted(order) for _ in range(n)]


def _tested(prepared: Prepared, spec: DESpec, labels: list[Floats]) -> Iterator[Floats]:
    test = permuted_deseq2 if spec.method == "deseq2" else _fast
    yield from test(prepared, spec, iter(labels))


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
