"""A table as it stands in its file, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Flavour = Literal["plain", "featurecounts", "gct", "h5ad"]


@dataclass(frozen=True)
class RawTable:
    """Columns as read: whole numbers, numbers with NaN for missing ones, or text.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    names : list of str
        Column names as written.
    columns : list of numpy.ndarray
        One per name, equally long; int64, float64 or object (str, "" for blank).
    rows : sequence of int
        Line of the file on which each record stands.
    flavour : str
        The program whose conventions the table follows.
    """

    file: str
    names: list[str]
    columns: list[NDArray[Any]]
    rows: Sequence[int]
    flavour: Flavour = "plain"

    def is_text(self, position: int) -> bool:
        """Whether a column holds anything but numbers."""
        return self.columns[position].dtype == object

    def text(self, position: int) -> list[str]:
        """Return a column as text, whole numbers without decimals."""
        return as_text(self.columns[position])


def as_text(values: NDArray[Any]) -> list[str]:
    """Return values as text; whole numbers without decimals, missing ones as ""."""
    if values.dtype.kind == "f":
        return ["" if np.isnan(v) else str(int(v)) if v.is_integer() else str(v) for v in map(float, values)]
    return [str(value) for value in values.tolist()]
