"""What a theme does: direction, strength with its interval, how many of its sets, which genes, which cells.

Strength is a standardised mean difference. Each tested set of the theme gets a score per
patient (`core.pathways.enrichment.scores`, *zscore*), brought to a residual standard deviation of 1; the
theme's score is their mean, so that a large set counts no more than a small one; its difference
between groups is estimated with the covariates of the design and given in residual standard
deviations, with the 95 % interval of the noncentral t distribution, which counts that the standard
deviation is estimated as well. The patient is the unit, so the interval holds however
strongly genes and sets are correlated, and no resampling is needed. A mean of normalised enrichment
scores would have neither property; it is shown beside, without an interval.

A theme whose sets go opposite ways (neutrophils up, NK cells down) may have no direction as a
whole: the counts up and down and the sub-themes say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.pathways.enrichment.expression import Expression
from core.pathways.enrichment.ranking import Ranking
from core.pathways.enrichment.scores import compare_scores, residuals, zscores
from core.pathways.sets.blood_cells import cells_of
from core.pathways.sets.match import TestedSets
from core.pathways.sets.themes import Theme

MOST_CARRIERS = 25
WHOLE = ""  # sub-theme of the row for the theme as a whole


@dataclass(frozen=True)
class ThemeTables:
    """Themes as tables.

    Parameters
    ----------
    themes : pandas.DataFrame
        One row per theme (``sub_theme`` "") and sub-theme: ``n_sets`` tested, ``n_listed`` in
        the theme file, ``n_significant``, ``n_up``, ``n_down`` (significant and not flagged),
        ``n_flagged``, ``mean_nes``, ``difference`` with ``lower`` and ``upper`` (residual standard
        deviations, case minus control), ``pvalue``, ``direction`` ("up", "down", "unclear"),
        ``carriers`` (symbols joined by ";").
    cells : pandas.DataFrame
        Per theme and sub-theme, the columns of `core.pathways.sets.blood_cells.cells_of` for its carriers.
    scores : pandas.DataFrame
        The theme's score of each patient (rows ``theme``, ``sub_theme``; a column per sample).
    """

    themes: pd.DataFrame
    cells: pd.DataFrame
    scores: pd.DataFrame


def summarise_themes(
    themes: Sequence[Theme],
    table: pd.DataFrame,
    sets: TestedSets,
    *,
    ranking: Ranking,
    expression: Expression | None,
) -> ThemeTables:
    """Summarise every theme and sub-theme.

    Parameters
    ----------
    themes : sequence of Theme
        With all their sets, tested or not.
    table : pandas.DataFrame
        Of the result; rows as in `sets`.
    sets, ranking
        What was tested.
    expression : Expression or None
        None if the data set is not at hand: strengths are then missing.
    """
    listed = {
        (theme.name, sub): members
        for theme in themes
        for sub, members in [(WHOLE, theme.sets), *theme.sub_themes.items()]
    }
    rows_of = theme_rows(table, themes)
    scores = theme_scores(rows_of, sets, expression)
    strengths = _strengths(scores, expression)
    summaries, cells = [], []
    for key, members in listed.items():
        carriers = carriers_of(table.iloc[rows_of[key]], ranking)
        summaries.append(
            {
                "theme": key[0],
                "sub_theme": key[1],
                "n_listed": len(members),
                **_counts(table.iloc[rows_of[key]]),
                **strengths[key],
                "carriers": ";".join(carriers[:MOST_CARRIERS]),
            }
        )
        found = cells_of(carriers, tested=ranking.symbols.tolist())
        cells.append(found.assign(theme=key[0], sub_theme=key[1]))
    summary = pd.DataFrame(summaries)
    summary["direction"] = np.select(
        [summary["lower"] > 0, summary["upper"] < 0], ["up", "down"], default="unclear"
    )
    return ThemeTables(summary, pd.concat(cells, ignore_index=True), scores)


def theme_rows(table: pd.DataFrame, themes: Sequence[Theme]) -> dict[tuple[str, str], NDArray[np.intp]]:
    """Return the rows of a table of sets that are of each theme as a whole and of each of its parts."""
    return {
        (theme.name, sub): np.flatnonzero(
            (table["theme"] == theme.name) & ((table["sub_theme"] == sub) | (sub == WHOLE))
        )
        for theme in themes
        for sub in (WHOLE, *theme.sub_themes)
    }


def carriers_of(table: pd.DataFrame, ranking: Ranking) -> list[str]:
    """Return the genes that carry sets: of the leading edges of the significant ones, most shared first.

    Genes in equally many leading edges are ordered by the size of their statistic.
    """
    chosen = table[table["significant"] & (table["flag"] == "")]
    edges = Counter(gene for edge in chosen["leading_edge"] for gene in edge.split(";") if gene)
    strength = dict(zip(ranking.symbols, np.abs(ranking.statistics), strict=True))
    return sorted(edges, key=lambda gene: (-edges[gene], -strength[gene], gene))


def _counts(table: pd.DataFrame) -> dict[str, float]:
    sound = table["significant"] & (table["flag"] == "")
    return {
        "n_sets": len(table),
        "n_significant": int(sound.sum()),
        "n_up": int((sound & (table["direction"] == "up")).sum()),
        "n_down": int((sound & (table["direction"] == "down")).sum()),
        "n_flagged": int((table["flag"] != "").sum()),
        "mean_nes": float(table["nes"].mean()) if table["nes"].notna().any() else np.nan,
    }


def theme_scores(
    rows_of: dict[tuple[str, str], NDArray[np.intp]], sets: TestedSets, expression: Expression | None
) -> pd.DataFrame:
    """Return the mean score of each theme's sets in each patient, each set in residual standard deviations.

    Parameters
    ----------
    rows_of : dict
        Rows of `sets` that belong to each theme and sub-theme.
    sets, expression
        As for `summarise_themes`.

    Returns
    -------
    pandas.DataFrame
        A row per theme and sub-theme, a column per sample; missing where no set was tested.
    """
    index = pd.MultiIndex.from_tuples(rows_of, names=["theme", "sub_theme"])
    if expression is None:
        return pd.DataFrame(index=index)
    design = expression.design.to_numpy(float)
    themed = np.unique(np.concatenate(list(rows_of.values())))
    values = np.full((len(index), len(design)), np.nan)
    if len(themed):
        scores = zscores(expression.values, sets.membership[themed], design=design)
        scores = scores / _residual_sd(scores, design)[:, None]
        place = {row: number for number, row in enumerate(themed)}
        for number, rows in enumerate(rows_of.values()):
            if len(rows):
                values[number] = scores[[place[row] for row in rows]].mean(axis=0)
    return pd.DataFrame(values, index=index, columns=expression.design.index)


def _residual_sd(scores: NDArray[np.float64], design: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = (residuals(scores, design) ** 2).sum(axis=1)
    sd: NDArray[np.float64] = np.sqrt(squares / (design.shape[0] - design.shape[1]))
    return np.maximum(sd, 1e-12)


def _strengths(
    scores: pd.DataFrame, expression: Expression | None
) -> dict[tuple[str, str], dict[str, float]]:
    """Return difference, interval and p-value of each theme, missing without expression."""
    names = ("difference", "lower", "upper", "pvalue")
    keys: list[tuple[str, str]] = [(str(theme), str(sub)) for theme, sub in scores.index]
    if expression is None:
        return {key: dict.fromkeys(names, np.nan) for key in keys}
    compared = compare_scores(scores, expression.design)
    columns = ["standardised", "standardised_lower", "standardised_upper", "pvalue"]
    values = compared[columns].to_numpy(float).tolist()
    return {key: dict(zip(names, row, strict=True)) for key, row in zip(keys, values, strict=True)}
