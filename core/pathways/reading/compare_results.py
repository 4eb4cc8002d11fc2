"""The same gene sets in two comparisons of one data set: what an adjustment changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from core.pathways.reading.select_sets import STRENGTH
from core.pathways.result import PathwayResult

KEYS = ["collection", "set"]


class Agreement(NamedTuple):
    """How two comparisons agree on the sets that both tested.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per set: ``set``, ``collection``, ``theme``, strength, ``padj`` and ``flag`` of the
        first (``x``, ``x_padj``, ``x_held``) and the second (``y``, ...), and ``kept``: "both", "first",
        "second" or "neither", after which of them it is significant in and not flagged.
    correlation : float
        Pearson correlation of the strengths.
    """

    table: pd.DataFrame
    correlation: float


def compare_results(first: PathwayResult, second: PathwayResult) -> Agreement:
    """Put the strengths of two results of one kind of test side by side."""
    one, other = (_columns(result, letter) for result, letter in ((first, "x"), (second, "y")))
    names = first.table[[*KEYS, "theme"]]
    joined = pd.concat([names, one], axis=1).merge(
        pd.concat([second.table[KEYS], other], axis=1), on=KEYS, how="inner"
    )
    joined["kept"] = np.select(
        [joined["x_held"] & joined["y_held"], joined["x_held"], joined["y_held"]],
        ["both", "first", "second"],
        default="neither",
    )
    known = joined.dropna(subset=["x", "y"]).reset_index(drop=True)
    spread = len(known) > 2 and known["x"].std() > 0 and known["y"].std() > 0
    correlation = float(np.corrcoef(known["x"], known["y"])[0, 1]) if spread else float("nan")
    return Agreement(known, correlation)


def _columns(result: PathwayResult, letter: str) -> pd.DataFrame:
    table = result.table
    return pd.DataFrame(
        {
            letter: table[STRENGTH[result.spec.test]].astype(float),
            f"{letter}_padj": table["padj"],
            f"{letter}_held": table["significant"].astype(bool) & (table["flag"] == ""),
        }
    )
