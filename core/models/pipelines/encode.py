"""Metadata columns as numbers: filled in, marked where filled in, and scaled by the training part alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.samples.groups import is_continuous
from core.de.design.build import as_text

Floats = NDArray[np.float64]


class Columns(NamedTuple):
    """Predictors of both parts, scaled by the training part.

    `train` has shape (n_train, p), `test` (n_test, p), `names` p names; `mean` and `sd` say what was
    taken off each column and what it was divided by.
    """

    train: NDArray[np.floating]
    test: NDArray[np.floating]
    names: tuple[str, ...]
    mean: Floats
    sd: Floats

    def chosen(self, places: NDArray[np.intp]) -> Columns:
        """Return some of the columns."""
        names = tuple(self.names[place] for place in places)
        return Columns(self.train[:, places], self.test[:, places], names, self.mean[places], self.sd[places])


def encode(train: pd.DataFrame, test: pd.DataFrame, columns: Sequence[str]) -> Columns:
    """Encode columns of the training part and, by its rules, of the held-out part.

    Numbers: a missing value becomes the training median. Words: a missing value becomes the most
    frequent level, and every level but the first gets a column of its own; a level that the
    training part does not have is none of them. Either way a further column says what was missing.
    All are scaled to mean 0 and standard deviation 1 in the training part; columns that are
    constant there are left out.
    """
    pairs = [pair for column in columns for pair in _column(train[column], test[column])]
    if not pairs:
        nothing = np.zeros(0)
        return Columns(np.zeros((len(train), 0)), np.zeros((len(test), 0)), (), nothing, nothing)
    names = tuple(name for name, _, _ in pairs)
    return scale(
        np.column_stack([values for _, values, _ in pairs]),
        np.column_stack([values for _, _, values in pairs]),
        names,
    )


def scale(train: Floats, test: Floats, names: tuple[str, ...]) -> Columns:
    """Scale columns to mean 0 and standard deviation 1 in the training part; drop those constant there."""
    mean, sd = train.mean(axis=0), train.std(axis=0, ddof=1)
    spread = np.where(sd > 1e-9, sd, 1.0)
    scaled = Columns((train - mean) / spread, (test - mean) / spread, names, mean, sd)
    return scaled.chosen(np.flatnonzero(sd > 1e-9))


def _column(train: pd.Series, test: pd.Series) -> list[tuple[str, Floats, Floats]]:
    name = str(train.name)
    coded = _number(name, train, test) if is_continuous(train) else _words(name, train, test)
    if train.isna().any():
        gone = [np.asarray(part.isna(), dtype=np.float64) for part in (train, test)]
        coded.append((f"{name} (missing)", gone[0], gone[1]))
    return coded


def _number(name: str, train: pd.Series, test: pd.Series) -> list[tuple[str, Floats, Floats]]:
    numbers = [pd.to_numeric(part, errors="coerce").astype(np.float64) for part in (train, test)]
    median = float(numbers[0].median()) if numbers[0].notna().any() else 0.0
    filled = [np.asarray(part.fillna(median), dtype=np.float64) for part in numbers]
    return [(name, filled[0], filled[1])]


def _words(name: str, train: pd.Series, test: pd.Series) -> list[tuple[str, Floats, Floats]]:
    words = [as_text(part) for part in (train, test)]
    sizes = words[0].value_counts()
    if sizes.empty:
        return []
    commonest = str(min(sizes.index[sizes == sizes.max()]))
    filled = [part.where(part.notna(), commonest) for part in words]
    coded = []
    for level in sorted(sizes.index)[1:]:
        flags = [np.asarray(part == level, dtype=np.float64) for part in filled]
        coded.append((f"{name}: {level}", flags[0], flags[1]))
    return coded
