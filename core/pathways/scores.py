"""One score per gene set and patient, and how it differs between groups.

*zscore*: mean of the set's genes, each in units of its own standard deviation (Lee 2008,
doi 10.1371/journal.pcbi.1000217), minus that of all genes, so that a patient whose genes are
all high does not score high in every set. *ssgsea* (Barbie 2009, doi 10.1038/nature08460)
and *gsva* (Hänzelmann 2013, doi 10.1186/1471-2105-14-7) are gseapy's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import rankdata
from scipy.stats import t as student

from core.pathways.adjust import adjust

ScoreMethod = Literal["zscore", "ssgsea", "gsva"]
SSGSEA_WEIGHT, GSVA_TAU = 0.25, 1.0
CONFIDENCE = 0.95

Floats = NDArray[np.float64]


def score_samples(
    expression: Floats,
    symbols: Sequence[str],
    *,
    sets: Mapping[str, Sequence[str]],
    samples: Sequence[str],
    method: ScoreMethod = "gsva",
    n_threads: int = 1,
) -> pd.DataFrame:
    """Return a score for each set and sample.

    Parameters
    ----------
    expression : numpy.ndarray of shape (n_genes, n_samples)
        Normalised log expression.
    symbols : sequence of str
        Of the genes; unique.
    sets : mapping of str to sequence of str
        Symbols of each set; those not expressed are ignored.
    samples : sequence of str
        Identifiers of the samples.
    method : {"zscore", "ssgsea", "gsva"}
        How to score.
    n_threads : int
        For gseapy; any number gives the same scores.

    Returns
    -------
    pandas.DataFrame of shape (n_sets, n_samples)
        Sets in the order of `sets`; missing where a set has no expressed gene.
    """
    place = {symbol: number for number, symbol in enumerate(symbols)}
    held = {name: [g for g in sorted(set(genes)) if g in place] for name, genes in sets.items()}
    scored = {name: genes for name, genes in held.items() if genes}
    values = np.full((len(sets), len(samples)), np.nan)
    if scored:
        rows = [number for number, name in enumerate(sets) if name in scored]
        if method == "zscore":
            places = [np.array([place[gene] for gene in genes]) for genes in scored.values()]
            values[rows] = zscores(expression, _membership(places, len(symbols)))
        else:
            score = _ssgsea if method == "ssgsea" else _gsva
            values[rows] = score(expression, list(symbols), scored, n_threads)
    return pd.DataFrame(values, index=pd.Index(list(sets), name="set"), columns=list(samples))


def zscores(expression: Floats, membership: csr_array, *, design: Floats | None = None) -> Floats:
    """Return mean standardised expression of each set's genes minus that of all genes.

    Parameters
    ----------
    expression : numpy.ndarray of shape (n_genes, n_samples)
        Normalised log expression.
    membership : scipy.sparse.csr_array of shape (n_sets, n_genes)
        1 where a gene is in a set.
    design : numpy.ndarray of shape (n_samples, n_coefficients), optional
        If given, genes are standardised by their spread around it instead of around their mean.
    """
    centred = expression - expression.mean(axis=1, keepdims=True)
    around = centred if design is None else _residuals(expression, design)
    spread = np.sqrt((around**2).mean(axis=1, keepdims=True))
    standard = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12)
    sizes = np.asarray(membership.sum(axis=1), dtype=np.float64)
    scores: Floats = (membership @ standard) / sizes[:, None] - standard.mean(axis=0)
    return scores


def compare_scores(scores: pd.DataFrame, design: pd.DataFrame) -> pd.DataFrame:
    """Compare scores between the groups, with the covariates of the design, by least squares.

    Parameters
    ----------
    scores : pandas.DataFrame of shape (n_sets, n_samples)
        Columns in the order of the rows of `design`.
    design : pandas.DataFrame of shape (n_samples, n_coefficients)
        The tested coefficient is the last.

    Returns
    -------
    pandas.DataFrame
        Indexed as `scores`: ``difference`` (case minus control, in the unit of the score), ``se``,
        ``lower`` and ``upper`` (95 % interval), ``t``, ``pvalue``, ``padj``
        (Benjamini-Hochberg over the rows), ``standardised`` with ``standardised_lower`` and
        ``standardised_upper`` (difference over the residual standard deviation).
    """
    x, y = design.to_numpy(float), scores.to_numpy(float)
    freedom = x.shape[0] - x.shape[1]
    sd = np.sqrt((_residuals(y, x) ** 2).sum(axis=1) / freedom)
    difference = (np.linalg.pinv(x) @ y.T)[-1]
    unit = float(np.sqrt(np.linalg.inv(x.T @ x)[-1, -1]))
    half = student.isf((1 - CONFIDENCE) / 2, freedom) * unit
    with np.errstate(invalid="ignore", divide="ignore"):
        t = difference / (sd * unit)
        standardised = difference / sd
    pvalue = 2 * student.sf(np.abs(t), freedom)
    return pd.DataFrame(
        {
            "difference": difference,
            "se": sd * unit,
            "lower": difference - half * sd,
            "upper": difference + half * sd,
            "t": t,
            "pvalue": pvalue,
            "padj": adjust(pvalue),
            "standardised": standardised,
            "standardised_lower": standardised - half,
            "standardised_upper": standardised + half,
        },
        index=scores.index,
    )


def _residuals(values: Floats, design: Floats) -> Floats:
    basis, _ = np.linalg.qr(design)
    residuals: Floats = values - (values @ basis) @ basis.T
    return residuals


def _membership(places: list[NDArray[np.intp]], n_genes: int) -> csr_array:
    from core.pathways.sets import membership_matrix

    return membership_matrix(places, n_genes)


def _ssgsea(expression: Floats, symbols: list[str], sets: dict[str, list[str]], n_threads: int) -> Floats:
    # gseapy takes seconds to import.
    from gseapy.gse import CorrelType, ssgsea_rs

    ranks = rankdata(expression, axis=0) * (10_000 / len(symbols))
    answer = ssgsea_rs(
        symbols, ranks.tolist(), sets, SSGSEA_WEIGHT, 1, len(symbols), 0, CorrelType.Rank, n_threads, 0
    )
    return _by_sample(answer.summaries, list(sets), expression.shape[1])


def _gsva(expression: Floats, symbols: list[str], sets: dict[str, list[str]], n_threads: int) -> Floats:
    from gseapy.gse import gsva_rs

    gaussian, poisson, difference, absolute = True, False, True, False
    answer = gsva_rs(
        symbols,
        expression.tolist(),
        sets,
        gaussian,
        poisson,
        difference,
        absolute,
        GSVA_TAU,
        1,
        len(symbols),
        n_threads,
    )
    return _by_sample(answer.summaries, list(sets), expression.shape[1])


def _by_sample(summaries: Sequence[object], names: list[str], n_samples: int) -> Floats:
    row = {name: number for number, name in enumerate(names)}
    values = np.full((len(names), n_samples), np.nan)
    for one in summaries:
        values[row[one.term], one.index] = one.es  # type: ignore[attr-defined]
    return values
