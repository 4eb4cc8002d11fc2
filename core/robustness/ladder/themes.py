"""Themes at each rung of the ladder, in one unit throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from core.cohort.model import Cohort
from core.de.reading.summary import fold_change
from core.de.result import DEResult
from core.errors import InputError
from core.pathways.enrichment.expression import express
from core.pathways.enrichment.ranking import rank_genes
from core.pathways.enrichment.scores import compare_scores
from core.pathways.reading.theme_summary import WHOLE, theme_rows, theme_scores
from core.pathways.sets.collections import load_collection
from core.pathways.sets.match import TestedSets, match_sets
from core.pathways.sets.model import Collection
from core.pathways.sets.themes import Theme, load_themes
from core.pathways.spec import PathwaySpec
from core.robustness.replication.literature import TOPICS

COLUMNS = ("theme", "sub_theme", "rung", "difference", "lower", "upper", "n_sets")


def score_rungs(cohort: Cohort, results: Sequence[DEResult]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the score of each theme, and of each topic of the literature, at each rung.

    The scores are made once, with the crude model, so that a difference that shrinks from rung to rung
    has shrunk and not merely changed its unit: standard deviations between patients of one group.

    Parameters
    ----------
    cohort : Cohort
        The data set.
    results : sequence of DEResult
        The rungs, the crude one first.

    Returns
    -------
    pandas.DataFrame, pandas.DataFrame
        Themes and topics, columns `COLUMNS`; no rows where too few genes have a symbol. A topic of one gene
        is in log2 fold changes.
    """
    themes = load_themes()
    try:
        ranking = rank_genes(results[0].table)
        sets = match_sets(
            themed_collections(themes),
            ranking,
            min_size=PathwaySpec().min_size,
            max_size=PathwaySpec().max_size,
            themes=themes,
        )
    except InputError:  # genes without symbols are in no set
        return pd.DataFrame(columns=list(COLUMNS)), _topic_genes(results)
    rows_of = theme_rows(sets.table, themes)
    expression = express(cohort, results[0].spec, ranking)
    topics = _topic_rows(sets)
    scored = [_along(theme_scores(rows, sets, expression), results, rows) for rows in (rows_of, topics)]
    found = [part for part in (scored[1], _topic_genes(results)) if len(part)]
    return scored[0], pd.concat(found, ignore_index=True) if found else scored[1]


def _along(
    scores: pd.DataFrame, results: Sequence[DEResult], rows_of: dict[tuple[str, str], np.ndarray]
) -> pd.DataFrame:
    known, parts = scores.dropna(how="all"), []
    for number, result in enumerate(results):
        compared = compare_scores(known[result.design.index], result.design)
        found = compared[["difference", "lower", "upper"]].reset_index()
        n_sets = [len(rows_of[key]) for key in zip(found["theme"], found["sub_theme"], strict=True)]
        parts.append(found.assign(rung=number, n_sets=n_sets)[list(COLUMNS)])
    return pd.concat(parts, ignore_index=True)


def _topic_rows(sets: TestedSets) -> dict[tuple[str, str], np.ndarray]:
    table = sets.table
    return {
        (topic.name, WHOLE): np.flatnonzero(
            (table["collection"] == topic.collection) & (table["set"] == topic.set_name)
        )
        for topic in TOPICS
        if topic.set_name
    }


def _topic_genes(results: Sequence[DEResult]) -> pd.DataFrame:
    rows = []
    for topic in (topic for topic in TOPICS if topic.gene):
        for number, result in enumerate(results):
            found = result.table[result.table["symbol"] == topic.gene].nlargest(1, "baseMean")
            for _, row in found.iterrows():
                change = fold_change(row["log2FoldChange"], row["lfcSE"], freedom=result.run.freedom)
                if change is not None:
                    values = np.log2([change.ratio, change.low, change.high]).tolist()
                    rows.append((topic.name, WHOLE, number, *values, 0))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def themed_collections(themes: Sequence[Theme]) -> list[Collection]:
    """Return the collections that themes name, cut down to the sets of the themes."""
    wanted: dict[str, list[str]] = {}
    for member in (member for theme in themes for member in theme.sets):
        wanted.setdefault(member.collection, []).append(member.set_name)
    loaded = {name: load_collection(name) for name in wanted}
    return [
        replace(loaded[name], sets={s: loaded[name].sets[s] for s in sets}) for name, sets in wanted.items()
    ]
