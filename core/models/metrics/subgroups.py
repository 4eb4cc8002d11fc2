"""Performance within subgroups, told only where there are enough patients, and by size of training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.errors import Fault, InputError
from core.models.metrics.base import brier, check_predictions
from core.models.metrics.roc import auc_delong

FEWEST_EVENTS = 10
UNKNOWN = "not recorded"
LEARNING_COLUMNS = ("n_train", "auc", "lower", "upper")


def subgroup_performance(
    y: ArrayLike, p: ArrayLike, columns: Mapping[str, pd.Series], *, fewest: int = FEWEST_EVENTS
) -> pd.DataFrame:
    """Return area and Brier score of every level of every column.

    Parameters
    ----------
    y, p : array-like
        Outcomes and risks.
    columns : mapping of str to pandas.Series
        Names of subgroups with each patient's level, in the order of `y`; missing is a level.
    fewest : int
        Cases, and controls, a subgroup must have for its numbers to be told.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``level``, ``n``, ``events``, ``auc``, ``lower``, ``upper``, ``brier``, ``brier_lower``,
        ``brier_upper`` and ``suppressed`` (why numbers are missing, else "").
    """
    outcome, risk = check_predictions(y, p)
    rows = []
    for name, values in columns.items():
        levels = values.astype(object).where(values.notna(), UNKNOWN).astype(str).to_numpy()
        for level in sorted(set(levels), key=lambda level: (level == UNKNOWN, level)):
            rows.append(
                {
                    "column": name,
                    "level": level,
                    **_one(outcome[levels == level], risk[levels == level], fewest),
                }
            )
    names = ["column", "level", "n", "events", "auc", "lower", "upper", "brier", "brier_lower", "brier_upper"]
    return pd.DataFrame(rows, columns=[*names, "suppressed"])


def _one(y: np.ndarray, p: np.ndarray, fewest: int) -> dict[str, object]:
    events = int(y.sum())
    found: dict[str, object] = {"n": len(y), "events": events}
    short = [f"{n} {word}" for n, word in ((events, "cases"), (len(y) - events, "controls")) if n < fewest]
    if short:
        return {**found, "suppressed": f"only {' and '.join(short)}; at least {fewest} are needed"}
    area, score = auc_delong(y, p), brier(y, p)
    return {
        **found,
        "auc": area.value,
        "lower": area.lower,
        "upper": area.upper,
        "brier": score.value,
        "brier_lower": score.lower,
        "brier_upper": score.upper,
        "suppressed": "",
    }


@dataclass(frozen=True)
class LearningCurve:
    """How performance grows with the number of patients a model learns from.

    Parameters
    ----------
    model : str
        Key of the model.
    table : pandas.DataFrame
        Columns `LEARNING_COLUMNS`, one row for each size of the training part.

    Raises
    ------
    InputError
        If a column is missing, or sizes do not increase.
    """

    model: str
    table: pd.DataFrame

    def __post_init__(self) -> None:
        missing = [name for name in LEARNING_COLUMNS if name not in self.table]
        if missing:
            what = f"there is no column {missing[0]!r}"
        elif not (np.diff(self.table["n_train"]) > 0).all():
            what = "sizes of the training part do not increase"
        else:
            return
        raise InputError([Fault("bad-learning-curve", f"model {self.model!r}", what, "Compute it again")])

    @property
    def still_rising(self) -> bool:
        """Whether the last step gained more than a hundredth of area."""
        areas = self.table["auc"].to_numpy(np.float64)
        return len(areas) > 1 and bool(areas[-1] - areas[-2] > 0.01)
