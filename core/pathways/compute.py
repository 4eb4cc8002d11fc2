"""Compute an enrichment result from a comparison's table and, where it is at hand, its cohort."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.de.spec import DESpec
from core.errors import Fault, InputError, Notice
from core.pathways.enrichment.adjust import adjust_by_collection
from core.pathways.enrichment.camera import GeneStatistics, camera, correlation_aware
from core.pathways.enrichment.expression import Expression, express
from core.pathways.enrichment.ora import choose_background, run_ora, significant_positions
from core.pathways.enrichment.ranking import Ranking, rank_genes
from core.pathways.enrichment.sample_scores import score_samples
from core.pathways.enrichment.scores import compare_scores
from core.pathways.reading.redundancy import MOST_MAPPED, fold, foremost, layout, similarity
from core.pathways.reading.theme_summary import summarise_themes
from core.pathways.result import ALGORITHM, FLAG, TABLE_COLUMNS, CollectionUsed, PathwayInfo, PathwayResult
from core.pathways.sets.collections import open_collections
from core.pathways.sets.match import TestedSets, match_sets
from core.pathways.sets.model import Collection
from core.pathways.sets.themes import Theme, load_themes
from core.pathways.spec import PathwaySpec
from core.pathways.timing import expected_seconds
from core.progress import Reporter, rescale, silent
from core.record import versions_of

NEED_COUNTS = ("camera", "ssgsea", "gsva")
_CHECKED = (
    "Beside it, each set was tested with the correlation between its genes as estimated from the samples "
    "compared (after Wu & Smyth 2012 and Zhuo & Jiang 2017)."
)
_PATIENTS = (
    "The patient is the unit of this test, so genes that move together do not make a set significant and no "
    "set is flagged. The correlation-aware check beside it asks more: whether a set differs more than other "
    "genes do."
)
_UNCHECKED = (
    "Whether genes of a set merely move together was not checked, because the counts are not at hand."
)


@dataclass(frozen=True)
class Comparison:
    """What an enrichment starts from.

    Parameters
    ----------
    table : pandas.DataFrame
        Of the comparison, columns as in `core.de.result.TABLE_COLUMNS`.
    spec : DESpec or None
        What was compared; None if not known.
    digest : str
        Content hash of the cohort; "" if not known.
    cohort : Cohort or None
        None if it is not at hand; the correlation-aware test then cannot be made.
    simulated : bool
        Whether the data are simulated.
    """

    table: pd.DataFrame
    spec: DESpec | None
    digest: str
    cohort: Cohort | None
    simulated: bool


@dataclass(frozen=True)
class Material:
    """All that the tests look at."""

    spec: PathwaySpec
    ranking: Ranking
    collections: tuple[Collection, ...]
    themes: tuple[Theme, ...]
    sets: TestedSets
    expression: Expression | None
    genes: GeneStatistics | None
    all_symbols: frozenset[str]


class Tested(NamedTuple):
    """What the main test gives: columns of the table, and what is to be said about it."""

    columns: pd.DataFrame
    method: str
    background: str = ""
    notices: tuple[Notice, ...] = ()
    n_genes_significant: int = 0
    sample_scores: NDArray[np.float32] | None = None


def analyse(
    comparison: Comparison, spec: PathwaySpec, *, n_threads: int = 2, report: Reporter = silent
) -> PathwayResult:
    """Test gene sets, check them for correlation, fold overlapping ones and summarise the themes.

    Raises
    ------
    InputError
        If a collection cannot be read, no set or too few genes can be tested, or a test that needs
        the counts is asked for without the cohort.
    CancelledError
        If `report` stops it.
    """
    started = time.monotonic()
    material = _prepared(comparison, spec, n_threads, report)
    tested = _test(material, n_threads, rescale(report, 0.08, 0.9))
    report("Checking for correlation", 0.9)
    table = _map(_table(material, tested), material.sets)
    report("Summarising themes", 0.97)
    summary = summarise_themes(
        material.themes, table, material.sets, ranking=material.ranking, expression=material.expression
    )
    info = _info(material, table, tested, comparison=comparison, seconds=time.monotonic() - started)
    return PathwayResult(
        spec=spec,
        de_spec=comparison.spec,
        digest=comparison.digest,
        table=table[list(TABLE_COLUMNS)],
        ranking=material.ranking.genes,
        membership=material.sets.membership,
        themes=summary.themes,
        cells=summary.cells,
        scores=summary.scores.reset_index(),
        run=info,
        sample_scores=tested.sample_scores,
    )


def _prepared(comparison: Comparison, spec: PathwaySpec, n_threads: int, report: Reporter) -> Material:
    expected = _expected(comparison, spec, n_threads)
    report("Reading gene sets", 0.0, seconds_left=expected)
    if spec.test in NEED_COUNTS and (comparison.cohort is None or comparison.spec is None):
        raise InputError([_no_counts(spec)])
    ranking = rank_genes(comparison.table)
    collections = open_collections(spec.collections, known_symbols=ranking.symbols.tolist())
    themes = load_themes()
    sets = match_sets(collections, ranking, min_size=spec.min_size, max_size=spec.max_size, themes=themes)
    report("Normalising expression", 0.03, seconds_left=expected)
    expression = None
    if comparison.cohort is not None and comparison.spec is not None:
        expression = express(comparison.cohort, comparison.spec, ranking)
    return Material(
        spec=spec,
        ranking=ranking,
        collections=collections,
        themes=themes,
        sets=sets,
        expression=expression,
        genes=expression.gene_statistics() if expression else None,
        all_symbols=frozenset(comparison.table["symbol"].dropna()) - {""},
    )


def _expected(comparison: Comparison, spec: PathwaySpec, n_threads: int) -> float:
    n_samples = 0 if comparison.cohort is None else len(comparison.cohort.samples)
    n_genes = int(comparison.table["pvalue"].notna().sum())
    return expected_seconds(spec, n_samples=n_samples, n_genes=n_genes, n_cpus=n_threads)


def _test(material: Material, n_threads: int, report: Reporter) -> Tested:
    if material.spec.test == "gsea":
        return _gsea(material, n_threads, report)
    if material.spec.test in ("ssgsea", "gsva"):
        return _sample_scores(material, n_threads, report)
    report("Testing gene sets", 0.0)
    return _ora(material) if material.spec.test == "ora" else _camera(material)


def _gsea(material: Material, n_threads: int, report: Reporter) -> Tested:
    # gseapy takes seconds to import: pages that only find results do without.
    from core.pathways.enrichment.gsea import run_gsea

    spec = material.spec
    columns = run_gsea(
        material.ranking,
        material.sets,
        seed=spec.seed,
        permutations=spec.permutations,
        n_threads=n_threads,
        report=report,
    )
    columns["direction"] = np.where(columns["es"] > 0, "up", "down")
    method = (
        "Preranked gene set enrichment analysis by the statistic of the comparison (gseapy, multilevel "
        f"p-values, seed {spec.seed}); p-values adjusted by Benjamini-Hochberg within each collection."
    )
    return Tested(columns, method)


def _ora(material: Material) -> Tested:
    spec, ranking, sets = material.spec, material.ranking, material.sets
    significant = significant_positions(ranking, spec)
    background = choose_background(
        spec,
        ranking,
        sets,
        significant=significant,
        collections=material.collections,
        all_symbols=material.all_symbols,
    )
    columns = run_ora(ranking, sets, significant=significant, background=background)
    columns["direction"] = spec.direction
    side = {"both": "differ", "up": "are higher in case", "down": "are lower in case"}[spec.direction]
    fold = f" and |log2 fold change| ≥ {spec.gene_lfc:g}" if spec.gene_lfc else ""
    method = (
        f"Over-representation among the {len(significant):,} genes that {side} at padj < "
        f"{spec.gene_alpha:g}{fold} (hypergeometric test); p-values adjusted by Benjamini-Hochberg within "
        "each collection."
    )
    return Tested(columns, method, background.words, background.notices, len(significant))


def _camera(material: Material) -> Tested:
    spec, sets = material.spec, material.sets
    if material.genes is None:
        raise InputError([_no_counts(spec)])
    columns = camera(material.genes, sets.membership, correlation=spec.correlation)
    columns["padj"] = adjust_by_collection(columns["pvalue"].to_numpy(), sets.table["collection"])
    columns["direction"] = np.where(columns["shift"] > 0, "up", "down")
    columns["leading_edge"] = _towards(material, columns["direction"].tolist())
    between = "estimated for each set" if spec.correlation is None else f"preset to {spec.correlation:g}"
    method = (
        f"Camera on voom values, correlation between genes {between} (Wu & Smyth 2012); p-values adjusted by "
        "Benjamini-Hochberg within each collection."
    )
    return Tested(columns[["pvalue", "padj", "direction", "leading_edge"]], method)


def _sample_scores(material: Material, n_threads: int, report: Reporter) -> Tested:
    spec, sets, expression = material.spec, material.sets, material.expression
    if expression is None or spec.test not in ("ssgsea", "gsva"):
        raise InputError([_no_counts(spec)])
    scores = score_samples(
        expression.values, sets.membership, method=spec.test, n_threads=n_threads, report=report
    ).astype(np.float32)
    design = expression.design
    compared = compare_scores(pd.DataFrame(scores.astype(np.float64), columns=design.index), design)
    columns = pd.DataFrame(
        {
            "pvalue": compared["pvalue"],
            "padj": adjust_by_collection(compared["pvalue"].to_numpy(), sets.table["collection"]),
            "direction": np.where(compared["difference"] > 0, "up", "down"),
            "difference": compared["standardised"],
            "lower": compared["standardised_lower"],
            "upper": compared["standardised_upper"],
        }
    )
    columns["leading_edge"] = _towards(material, columns["direction"].tolist())
    name = {"ssgsea": "ssGSEA (Barbie 2009)", "gsva": "GSVA (Hänzelmann 2013)"}[spec.test]
    method = (
        f"One score per set and patient by {name} on log counts per million, compared between the groups by "
        "least squares with the covariates of the comparison; p-values adjusted by Benjamini-Hochberg within "
        "each collection."
    )
    return Tested(columns, method, sample_scores=scores)


def _towards(material: Material, directions: list[str]) -> list[str]:
    """Return for each set its genes that differ in the set's direction at gene_alpha, strongest first."""
    ranking = material.ranking
    chosen = (ranking.genes["padj"] < material.spec.gene_alpha).to_numpy()
    up = ranking.statistics > 0
    joined = []
    for row, direction in enumerate(directions):
        places = material.sets.positions(row)
        places = places[chosen[places] & (up[places] == (direction == "up"))]
        joined.append(";".join(ranking.symbols[places if direction == "up" else places[::-1]]))
    return joined


def _table(material: Material, tested: Tested) -> pd.DataFrame:
    """Put sets, main test and check side by side, and flag what only the check does not confirm."""
    alpha, sets = material.spec.set_alpha, material.sets
    table = pd.concat([sets.table, tested.columns], axis=1)
    table["significant"] = (table["padj"] < alpha).to_numpy()
    table["flag"] = ""
    if material.genes is not None:
        check = correlation_aware(material.genes, sets.membership)
        table["check_pvalue"] = check["pvalue"]
        table["check_padj"] = adjust_by_collection(check["pvalue"].to_numpy(), sets.table["collection"])
        table["shift"], table["correlation"] = check["shift"], check["correlation"]
        confirmed = (table["check_padj"] < alpha) & _same_side(table)
        by_genes = tested.sample_scores is None
        table["flag"] = np.where(table["significant"] & ~confirmed & by_genes, FLAG, "")
    return table.reindex(columns=[*table.columns, *(c for c in TABLE_COLUMNS if c not in table)])


def _same_side(table: pd.DataFrame) -> pd.Series:
    """Return whether the check points where the main test does; "both" has no side to differ from."""
    return (table["direction"] == "both") | ((table["direction"] == "up") == (table["shift"] > 0))


def _map(table: pd.DataFrame, sets: TestedSets) -> pd.DataFrame:
    """Name each significant set's representative, and place the foremost representatives on the map."""
    stands_for = fold(table, sets.membership)
    names = table["set"].to_numpy(object)
    table["representative"] = [names[row] if row >= 0 else "" for row in stands_for]
    own = np.flatnonzero(stands_for == np.arange(len(table)))
    mapped = foremost(table.iloc[own])[:MOST_MAPPED]
    table[["x", "y"]] = np.nan
    if len(mapped):
        table.loc[mapped, ["x", "y"]] = layout(similarity(sets.membership[mapped]))
    return table


def _info(
    material: Material, table: pd.DataFrame, tested: Tested, *, comparison: Comparison, seconds: float
) -> PathwayInfo:
    read = [notice for collection in material.collections for notice in collection.notices]
    return PathwayInfo(
        n_ranked=len(material.ranking.genes),
        n_sets=len(table),
        n_significant=int(table["significant"].sum()),
        n_flagged=int((table["flag"] != "").sum()),
        n_genes_significant=tested.n_genes_significant,
        method=tested.method,
        check=_about_check(material),
        background=tested.background,
        collections=tuple(_used(collection, table) for collection in material.collections),
        notices=(*tested.notices, *material.ranking.notices, *material.sets.notices, *read),
        seconds=seconds,
        simulated=comparison.simulated,
        algorithm=ALGORITHM,
        versions=versions_of("gseapy", "numpy", "scipy", "pandas"),
    )


def _about_check(material: Material) -> str:
    if material.spec.test in ("ssgsea", "gsva"):
        return _PATIENTS
    return _CHECKED if material.genes is not None else _UNCHECKED


def _used(collection: Collection, table: pd.DataFrame) -> CollectionUsed:
    own = table[table["collection"] == collection.name]
    return CollectionUsed(
        **collection.origin(),
        n_sets=len(collection.sets),
        n_tested=len(own),
        n_significant=int(own["significant"].sum()),
    )


def _no_counts(spec: PathwaySpec) -> Fault:
    return Fault(
        code="no-counts",
        where=f"test {spec.test!r}",
        what="it needs the counts, and this data set is not in the store of this computer",
        mend="Run python -m core de with the count and metadata files again, or use gsea or ora",
    )
