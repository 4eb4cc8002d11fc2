"""Which genes are simulated, how strongly each is expressed, and what moves it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.gene_sets import gene_sets
from core.cohort.simulation.resources import annotated_genes, gene_universe, stream, theme_members
from core.cohort.simulation.settings import (
    CELL_SETS,
    HOUSEKEEPING_SYMBOLS,
    SILENT_SYMBOLS,
    Factor,
    Levels,
    Settings,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GenePlan:
    """What was planted in each gene; all rows and arrays in the order of `table`.

    Parameters
    ----------
    table : pandas.DataFrame
        ``symbol``, ``name``, ``ensembl_id``, ``entrez_id``, ``chromosome``, ``level`` (kind of
        expression level), ``theme`` and ``marker_of`` ("" where none), sorted by symbol.
    log2_mean : numpy.ndarray of shape (n_genes,)
        Expected log2 count at the reference depth.
    loadings : pandas.DataFrame of shape (n_genes, n_factors)
        log2 change per standard deviation of each factor.
    sex_log2fc, age_log2fc : numpy.ndarray of shape (n_genes,)
        log2 women against men (`log2_mean` is that of the higher sex), and per standard deviation of age.
    centre_log2fc : numpy.ndarray of shape (n_genes, n_centres)
        log2 deviation of each centre.
    dispersion_scatter : numpy.ndarray of shape (n_genes,)
        Factor on the dispersion trend.
    """

    table: pd.DataFrame
    log2_mean: Floats
    loadings: pd.DataFrame
    sex_log2fc: Floats
    age_log2fc: Floats
    centre_log2fc: Floats
    dispersion_scatter: Floats


def plan_genes(seed: int, n_genes: int, settings: Settings) -> GenePlan:
    """Choose genes and plant in each what moves it."""
    markers = _all_markers(settings)
    table = _choose(seed, n_genes, settings, markers)
    rng, expression = stream(seed, "genes"), settings.expression
    n = len(table)
    log2_mean = _log2_mean(rng, table["level"], settings.levels)
    sex = _sex_effects(rng, table, settings)
    return GenePlan(
        table=table,
        log2_mean=np.where(
            table["symbol"].isin(settings.sex.switched),
            rng.uniform(*settings.sex.switched_level, n),
            log2_mean,
        ),
        loadings=_loadings(seed, table, settings, markers),
        sex_log2fc=sex,
        age_log2fc=rng.normal(0, expression.age_sd, n) * (rng.random(n) < expression.age_share),
        centre_log2fc=rng.normal(0, expression.centre_sd, (n, len(settings.centres))),
        dispersion_scatter=np.exp(rng.normal(0, expression.dispersion_scatter, n)),
    )


def available_genes(settings: Settings) -> int:
    """Return how many genes can be simulated at most: until those that blood may express run out."""
    expressed = len(_expressed_first(gene_universe(), _essential(settings, _all_markers(settings))))
    return min(len(gene_universe()), int(expressed / (1 - settings.sizes.lowly_expressed_share)))


def _choose(seed: int, n_genes: int, settings: Settings, markers: dict[str, dict[str, int]]) -> pd.DataFrame:
    """Return the chosen genes with their level, theme and the factor they mark."""
    rng, sizes, universe = stream(seed, "choice"), settings.sizes, gene_universe()
    wanted = n_genes - round(n_genes * sizes.lowly_expressed_share)
    usual = sizes.genes - round(sizes.genes * sizes.lowly_expressed_share)
    symbols = universe["symbol"]
    essential = symbols[symbols.isin(_essential(settings, markers))].to_numpy()
    pool = _expressed_first(universe, set(essential))[: max(wanted, usual)]
    kept = essential[:wanted]
    rest = pool[~np.isin(pool, essential)]
    expressed = np.concatenate([kept, rng.choice(rest, max(wanted - len(kept), 0), replace=False)])
    silent = symbols[~symbols.isin(pool) & ~symbols.isin(expressed)].to_numpy()
    low = rng.choice(silent, n_genes - len(expressed), replace=False)
    table = universe[symbols.isin(expressed) | symbols.isin(low)].reset_index(drop=True)
    marker_of = {gene: factor for factor, signs in markers.items() for gene in signs}
    table["marker_of"] = table["symbol"].map(marker_of).fillna("")
    table["theme"] = _theme(table["symbol"], cell_markers={*marker_of, *_named(CELL_SETS)})
    table["level"] = _level(table, low)
    return table


def _essential(settings: Settings, markers: dict[str, dict[str, int]]) -> set[str]:
    """Return the genes every cohort must hold, however small: the leading markers and the sex genes."""
    named = {gene for factor in settings.factors for gene in factor.markers if not gene.startswith("set:")}
    leading = {gene for signs in markers.values() for gene in sorted(signs)[:12]}
    return named | leading | set(settings.sex.switched)


def _expressed_first(universe: pd.DataFrame, essential: set[str]) -> NDArray[np.object_]:
    """Order genes by how likely blood expresses them: annotated, others; silent families are left out."""
    symbols = universe["symbol"]
    rank = np.select([symbols.isin(essential), symbols.isin(annotated_genes())], [0, 1], default=2)
    silent = symbols.str.contains(SILENT_SYMBOLS) | universe["name"].str.contains("pseudogene")
    candidates = universe.assign(rank=rank)[(rank == 0) | ~silent]
    ordered: NDArray[np.object_] = candidates.sort_values(["rank", "symbol"])["symbol"].to_numpy()
    return ordered


def _theme(symbols: pd.Series, *, cell_markers: set[str]) -> pd.Series:
    """Give each gene at most one theme; cell markers have none, so that adjusting for cells leaves themes."""
    theme = pd.Series("", index=symbols.index)
    for name, members in theme_members().items():
        theme = theme.mask((theme == "") & symbols.isin(members) & ~symbols.isin(cell_markers), name)
    return theme


def _level(table: pd.DataFrame, low: NDArray[np.object_]) -> NDArray[np.str_]:
    symbols = table["symbol"]
    return np.select(
        [
            symbols.isin(low),
            symbols.str.contains(HOUSEKEEPING_SYMBOLS),
            table["marker_of"] != "",
            symbols.isin(annotated_genes()),
        ],
        ["low", "housekeeping", "marker", "annotated"],
        default="other",
    )


def _log2_mean(rng: np.random.Generator, level: pd.Series, levels: Levels) -> Floats:
    """Draw expression levels; active genes stay above the filter, by reflection so that nothing piles up."""
    parameters = np.array([getattr(levels, name) for name in level])
    drawn = rng.normal(parameters[:, 0], parameters[:, 1])
    active = levels.least_active + np.abs(drawn - levels.least_active)
    capped: Floats = np.minimum(np.where(level == "low", drawn, active), levels.highest)
    return np.where(level == "low", np.minimum(capped, levels.highest_low), capped)


def _sex_effects(rng: np.random.Generator, table: pd.DataFrame, settings: Settings) -> Floats:
    sex, symbols, n = settings.sex, table["symbol"], len(table)
    autosomal = rng.normal(0, sex.autosomal_sd, n) * (rng.random(n) < sex.autosomal_share)
    effects: Floats = np.select(
        [symbols.isin(sex.y_genes), symbols.isin(sex.xist), symbols.isin(sex.escape_genes)],
        [rng.uniform(*sex.y_log2fc, n), np.full(n, sex.xist_log2fc), rng.uniform(*sex.escape_log2fc, n)],
        default=autosomal,
    )
    return effects


def _loadings(
    seed: int, table: pd.DataFrame, settings: Settings, markers: dict[str, dict[str, int]]
) -> pd.DataFrame:
    """Draw loadings of genes on factors: large on the markers, small and of either sign elsewhere."""
    expression = settings.expression
    columns = {}
    for factor in settings.factors:
        rng = stream(seed, f"loadings of {factor.name}")
        background = rng.normal(0, factor.spread, len(table))
        size = factor.marker_loading * np.exp(rng.normal(0, expression.loading_scatter, len(table)))
        responds = rng.random(len(table)) < expression.responding_share
        if factor.theme:
            sign = ((table["theme"] == factor.theme) & responds).astype(float)
            background[table["marker_of"] != ""] = 0.0  # markers measure cells and nothing else
        else:
            sign = table["symbol"].map(markers[factor.name]).fillna(0.0).astype(float)
        columns[factor.name] = np.where(
            sign == 0, background, sign * np.minimum(size, expression.largest_loading)
        )
    loadings = pd.DataFrame(columns)
    loadings[table["symbol"].isin(settings.sex.switched)] = 0.0
    return loadings


def _all_markers(settings: Settings) -> dict[str, dict[str, int]]:
    return {factor.name: _marker_signs(factor) for factor in settings.factors}


def _marker_signs(factor: Factor) -> dict[str, int]:
    """Return +1 for genes that rise with a factor and -1 for those that fall, without those that do both."""
    rise, fall = _named(factor.markers), _named(factor.opposed)
    return {**dict.fromkeys(sorted(rise - fall), 1), **dict.fromkeys(sorted(fall - rise), -1)}


def _named(entries: tuple[str, ...]) -> set[str]:
    genes: set[str] = set()
    for entry in entries:
        if entry.startswith("set:"):
            _, collection, pattern = entry.split(":", 2)
            matching = (m for name, m in gene_sets(collection).items() if re.search(pattern, name))
            genes.update(*matching)
        else:
            genes.add(entry)
    return genes
