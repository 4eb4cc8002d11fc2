"""Everything about one gene set in one comparison: its genes, its patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.stats import t as student

from core.cohort.model import Cohort
from core.cohort.samples.cell_scores import with_scores
from core.de.design.build import Design, as_text, build_design
from core.de.limma.voom import log_cpm
from core.de.spec import DESpec
from core.pathways.enrichment.scores import compare_scores, standardised
from core.pathways.result import PathwayResult

Floats = NDArray[np.float64]

MOST_GENES = 60
BLOCK = 2000
FAR = 3.0


@dataclass(frozen=True)
class SampleScale:
    """What makes counts of single genes comparable between samples.

    Parameters
    ----------
    library_size : numpy.ndarray of length n_used
        Effective library sizes of the samples compared, after the comparison's size factors.
    level : numpy.ndarray of length n_used
        Mean standardised expression of all ranked genes in each sample.
    """

    library_size: Floats
    level: Floats


@dataclass(frozen=True)
class SetView:
    """One gene set as the page shows it; patients without identifiers.

    Parameters
    ----------
    genes : pandas.DataFrame
        See `PathwayResult.members`.
    patients : pandas.DataFrame of n_used rows, RangeIndex
        ``score``, ``group``, ``sex``, ``centre`` (None where unknown).
    scored_by : {"zscore", "ssgsea", "gsva"}
        What the score is: that of the test if it scores patients, else the mean standardised
        expression of the set's genes minus that of all genes.
    effect : pandas.Series
        Of the score, see `core.pathways.enrichment.scores.compare_scores`: adjusted as the comparison was.
    groups : pandas.DataFrame
        One row per group, control first: ``group``, ``n``, ``mean`` with its 95 % interval
        ``lower`` and ``upper``; not adjusted.
    heat : numpy.ndarray of shape (n_shown, n_used)
        Standardised expression of leading-edge genes, at most 3 from 0, clustered rows.
    heat_genes : tuple of str
        Their symbols, top to bottom.
    heat_order : numpy.ndarray
        Rows of `patients`, left to right: clustered within control, then within case.
    n_leading : int
        Genes in the leading edge; only the strongest `MOST_GENES` are in `heat`.
    """

    genes: pd.DataFrame
    patients: pd.DataFrame
    scored_by: str
    effect: pd.Series
    groups: pd.DataFrame
    heat: Floats
    heat_genes: tuple[str, ...]
    heat_order: NDArray[np.intp]
    n_leading: int


def sample_scale(cohort: Cohort, result: PathwayResult, *, size_factors: pd.Series) -> SampleScale:
    """Return what scores of any set need of the samples; reads the counts of all ranked genes once.

    Parameters
    ----------
    cohort : Cohort
        That was compared.
    result : PathwayResult
        Of an enrichment in it.
    size_factors : pandas.Series indexed by sample
        Of the comparison. The themes use TMM factors instead, which take seconds; scores by the two
        correlate at 0.999 and more.

    Raises
    ------
    ValueError
        If the result came as a table without its comparison.
    """
    design, _ = _design(cohort, result)
    used = design.positions
    rows = np.sort(result.ranking["row"].to_numpy())
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    depth = sum(
        (np.asarray(cohort.counts[block])[:, used].sum(axis=0) for block in blocks), np.zeros(len(used))
    )
    factors = size_factors.reindex(design.groups.index).to_numpy(dtype=np.float64)
    library_size = factors * (depth / factors).mean()
    total = np.zeros(len(used))
    for block in blocks:
        total += standardised(log_cpm(np.asarray(cohort.counts[block])[:, used], library_size)).sum(axis=0)
    return SampleScale(library_size, total / len(rows))


def _design(cohort: Cohort, result: PathwayResult) -> tuple[Design, DESpec]:
    if result.de_spec is None:
        message = "the result does not say which samples were compared"
        raise ValueError(message)
    return build_design(with_scores(cohort, result.de_spec.covariates), result.de_spec), result.de_spec


def view_set(cohort: Cohort, result: PathwayResult, row: int, *, scale: SampleScale) -> SetView:
    """Collect what is known of a set; reads the counts of its genes only.

    Parameters
    ----------
    cohort : Cohort
        That was compared.
    result : PathwayResult
        Of an enrichment in it.
    row : int
        Of the set in ``result.table``.
    scale : SampleScale
        Of the same comparison.
    """
    design, spec = _design(cohort, result)
    genes = result.members(row)
    counts = np.asarray(cohort.counts[genes["row"].to_numpy()])[:, design.positions]
    expression = standardised(log_cpm(counts, scale.library_size))
    own = result.sample_scores
    score = expression.mean(axis=0) - scale.level if own is None else own[row].astype(np.float64)
    patients = _patients(cohort, design.positions).assign(score=score, group=design.groups.to_numpy())
    names = (spec.control, spec.case)
    compared = compare_scores(pd.DataFrame([score], columns=design.matrix.index), design.matrix)
    leading = _leading(genes)
    shown = leading[np.argsort(-np.abs(genes["stat"].to_numpy()[leading]), kind="stable")][:MOST_GENES]
    shown = shown[_clustered(expression[shown])]
    return SetView(
        genes=genes,
        patients=patients,
        scored_by="zscore" if own is None else result.spec.test,
        effect=compared.iloc[0],
        groups=_groups(patients, names),
        heat=np.clip(expression[shown], -FAR, FAR),
        heat_genes=tuple(genes["symbol"].iloc[shown]),
        heat_order=_patient_order(expression[shown], patients["group"], names),
        n_leading=len(leading),
    )


def _leading(genes: pd.DataFrame) -> NDArray[np.intp]:
    """Return the places of the leading edge; of all genes where the test names none."""
    leading = np.flatnonzero(genes["leading"].to_numpy())
    return leading if len(leading) else np.arange(len(genes))


def _patients(cohort: Cohort, positions: NDArray[np.intp]) -> pd.DataFrame:
    metadata = cohort.metadata.iloc[positions]
    columns = {}
    for role in ("sex", "centre"):
        column = getattr(cohort.roles, role)
        known = None if column is None else as_text(metadata[column])
        columns[role] = [None] * len(metadata) if known is None else known.to_list()
    return pd.DataFrame(columns, dtype=object)


def _groups(patients: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for name in names:
        values = patients.loc[patients["group"] == name, "score"].to_numpy(float)
        mean, n = float(values.mean()), len(values)
        half = float(student.isf(0.025, n - 1) * values.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
        rows.append({"group": name, "n": n, "mean": mean, "lower": mean - half, "upper": mean + half})
    return pd.DataFrame(rows)


def _clustered(values: Floats) -> NDArray[np.intp]:
    """Return an order of rows that puts those alike beside each other (average linkage, optimal leaves)."""
    if len(values) < 3:
        return np.arange(len(values))
    tree = linkage(values, method="average")
    order: NDArray[np.intp] = leaves_list(optimal_leaf_ordering(tree, values)).astype(np.intp)
    return order


def _patient_order(values: Floats, group: pd.Series, names: tuple[str, ...]) -> NDArray[np.intp]:
    parts = []
    for name in names:
        own = np.flatnonzero((group == name).to_numpy())
        parts.append(own[_clustered(values[:, own].T)])
    return np.concatenate(parts)
