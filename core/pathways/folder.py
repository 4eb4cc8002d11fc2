"""A comparison as ``python -m core de`` wrote it to a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.errors import Fault, InputError

_NEEDED = ("gene", "symbol", "baseMean", "log2FoldChange", "stat", "pvalue", "padj")


def from_folder(folder: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the table of a comparison, and what its run.json says of it (nothing where there is none).

    Raises
    ------
    InputError
        If a file is missing or cannot be read.
    """
    return _read_table(folder), _read_run(folder)


def holds(table: pd.DataFrame, stored: pd.DataFrame) -> bool:
    """Whether a file still holds the comparison that the store has, so that its result may be shared."""
    return np.array_equal(table["gene"], stored["gene"]) and all(
        np.allclose(table[name], stored[name], rtol=1e-9, atol=0, equal_nan=True)
        for name in _NEEDED
        if name not in ("gene", "symbol")
    )


def _read_table(folder: Path) -> pd.DataFrame:
    path = folder / "de.csv"
    if not path.is_file():
        raise InputError.of(
            code="no-comparison",
            where=str(path),
            what="there is no such file",
            mend="Give the folder that python -m core de --out wrote",
        )
    # "NA" would be a legitimate symbol: only the empty field is missing.
    text = {"gene": str, "symbol": str, "note": str, "outlier": str}
    try:
        table = pd.read_csv(path, dtype=text, na_values=[""], keep_default_na=False)
        numbers = {name: table[name].astype(float) for name in _NEEDED if name not in text}
    except (ValueError, KeyError) as error:
        raise InputError([_bad_table(path, str(error))]) from None
    missing = [name for name in ("gene", "symbol") if name not in table]
    if missing:
        raise InputError([_bad_table(path, f"there is no column {missing[0]!r}")])
    return table.assign(**numbers, symbol=table["symbol"].fillna(""))


def _read_run(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.is_file():
        return {}
    try:
        described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError([_bad_table(path, str(error))]) from None
    return described


def _bad_table(path: Path, reason: str) -> Fault:
    return Fault(
        "bad-comparison",
        str(path),
        f"it cannot be read ({reason.strip()})",
        "Give the folder that python -m core de --out wrote, with its files unchanged",
    )
