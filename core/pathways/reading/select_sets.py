"""Which gene sets of a finished result to show: choices that need no new test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.pathways.result import PathwayResult
from core.pathways.spec import EnrichmentTest

Rows = NDArray[np.intp]
Listed = Literal["significant", "held", "flagged", "all"]
Side = Literal["both", "higher", "lower"]
SetOrder = Literal["p", "strength", "shift", "size", "name"]

STRENGTH: dict[EnrichmentTest, str] = {
    "gsea": "nes",
    "ora": "enrichment",
    "camera": "shift",
    "ssgsea": "difference",
    "gsva": "difference",
}
"""Column of the result's table that says how strong a set is, for each test."""


@dataclass(frozen=True)
class SetFilter:
    """What a set must be to be listed.

    Parameters
    ----------
    listed : {"significant", "held", "flagged", "all"}
        Significant; significant and not flagged; significant and flagged; tested.
    side : {"both", "higher", "lower"}
        Direction, seen from the case group.
    theme, sub_theme : str
        "" for all.
    only : tuple of str or None
        Keys (see `set_key`) to list instead; None for no such list.
    """

    listed: Listed = "significant"
    side: Side = "both"
    theme: str = ""
    sub_theme: str = ""
    only: tuple[str, ...] | None = None


def set_key(collection: str, name: str) -> str:
    """Return the key of a set: what a link carries."""
    return f"{collection}/{name}"


def set_keys(table: pd.DataFrame) -> pd.Series:
    """Return the key of each set of a result's table."""
    return table["collection"] + "/" + table["set"]


def score_table(result: PathwayResult) -> pd.DataFrame:
    """Return the score of each set (``collection/set``) in each sample compared."""
    samples = result.scores.columns.drop(["theme", "sub_theme"])
    return pd.DataFrame(result.sample_scores, columns=samples, index=set_keys(result.table).rename("set"))


def find_set(result: PathwayResult, key: str) -> int | None:
    """Return the row of a set by its key, None if it was not tested.

    A collection may be a file with slashes in its path, a name may hold one too.
    """
    found = np.flatnonzero(set_keys(result.table) == key)
    return int(found[0]) if len(found) else None


def select_sets(table: pd.DataFrame, wanted: SetFilter) -> Rows:
    """Return the rows of a result's table that a filter lists, in the table's order."""
    if wanted.only is not None:
        return np.flatnonzero(set_keys(table).isin(wanted.only))
    flagged = (table["flag"] != "").to_numpy()
    significant = table["significant"].to_numpy(dtype=bool)
    met = {
        "significant": significant,
        "held": significant & ~flagged,
        "flagged": flagged,
        "all": np.ones(len(table), dtype=bool),
    }[wanted.listed]
    if wanted.side != "both":
        met = met & (table["direction"] == ("up" if wanted.side == "higher" else "down")).to_numpy()
    if wanted.theme:
        met = met & (table["theme"] == wanted.theme).to_numpy()
    if wanted.sub_theme:
        met = met & (table["sub_theme"] == wanted.sub_theme).to_numpy()
    return np.flatnonzero(met)


def fold_sets(table: pd.DataFrame, rows: Rows) -> pd.Series:
    """Let one set stand for those among `rows` that overlap with it: the most significant one.

    A set of the result's own choice may not be among the rows, so each group of overlapping sets is led by
    the first of those that are.

    Returns
    -------
    pandas.Series
        Number of other sets each one stands for, indexed by its row, in the table's order.
    """
    part = table.iloc[rows]
    group = part["representative"].where(part["representative"].fillna("") != "", set_keys(part))
    ordered = order_sets(table, rows, "p", test="gsea")
    leaders = group.reindex(ordered).drop_duplicates()
    others = leaders.map(group.value_counts()) - 1
    return others.sort_index()


def search_sets(result: PathwayResult, text: str) -> tuple[Rows, str]:
    """Return the sets whose name holds a text, and those that hold a gene of that name.

    Returns
    -------
    rows : numpy.ndarray
        In the table's order.
    gene : str
        Symbol of the gene that the text names, "" if it names none.
    """
    wanted = text.strip()
    spaced = result.table["set"].str.replace("_", " ", regex=False)
    met = spaced.str.contains(wanted.replace("_", " "), case=False, regex=False).to_numpy()
    ranking = result.ranking
    named = ranking[(ranking["symbol"].str.upper() == wanted.upper()) | (ranking["gene"] == wanted)]
    if named.empty:
        return np.flatnonzero(met), ""
    holding = result.sets_with(str(named["gene"].iloc[0])).index
    met[holding.to_numpy()] = True
    return np.flatnonzero(met), str(named["symbol"].iloc[0])


def order_sets(table: pd.DataFrame, rows: Rows, order: SetOrder, *, test: EnrichmentTest) -> Rows:
    """Return rows sorted for reading; ties by p-value, then by name."""
    part = table.iloc[rows]
    p, name = part["pvalue"].to_numpy(float), part["set"].str.upper().to_numpy(dtype=str)
    if order == "name":
        return rows[np.lexsort((p, name))]
    strength = -np.abs(part[STRENGTH[test]].to_numpy(float))
    shift = -np.abs(part["shift"].to_numpy(float))
    size = -part["size"].to_numpy(float)
    first = {"p": p, "strength": strength, "shift": shift, "size": size}[order]
    return rows[np.lexsort((name, strength, p, first))]


def strongest(table: pd.DataFrame, rows: Rows, *, test: EnrichmentTest, most: int) -> Rows:
    """Return the most significant sets among rows, at most `most`, half of either direction if possible."""
    ordered = order_sets(table, rows, "p", test=test)
    up = (table["direction"].iloc[ordered] == "up").to_numpy()
    one, other = ordered[up], ordered[~up]
    half = most // 2
    n_one = min(len(one), max(half, most - len(other)))
    return np.concatenate([one[:n_one], other[: most - n_one]])
