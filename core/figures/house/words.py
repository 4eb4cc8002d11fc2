"""Numbers as people read them."""

from __future__ import annotations

import math

import pandas as pd

from core.words import p_value

MISSING = "not recorded"


def count_text(count: int) -> str:
    """Return a whole number with thousands separated, for example ``"5,746"``."""
    return f"{count:,}"


def p_text(p: float) -> str:
    """Return a p-value with two digits; missing is ``"not tested"``."""
    return p_value(p, missing="not tested")


def lfc_text(log2_fold_change: float) -> str:
    """Return a log2 fold change with its sign and two digits; missing is a dash."""
    if math.isnan(log2_fold_change):
        return "–"
    return f"{log2_fold_change:+.2f}".replace("-", "−")


def change_text(log2_fold_change: float) -> str:
    """Return a log2 fold change as people say it: ``"12 % higher"``, ``"2.4 times higher"``."""
    if math.isnan(log2_fold_change):
        return "not estimated"
    ratio = 2.0 ** abs(log2_fold_change)
    if ratio >= 2:
        times = f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}"
        return f"{times} times {'higher' if log2_fold_change > 0 else 'lower'}"
    percent = 100 * (2.0**log2_fold_change - 1)
    if abs(percent) < 0.5:
        return "no different"
    return f"{abs(percent):.0f} % {'higher' if percent > 0 else 'lower'}"


def as_words(values: pd.Series) -> pd.Series:
    """Return the levels of a column as text, with a word for what is missing."""
    return values.fillna(MISSING).astype(str)


def level_names(values: pd.Series) -> list[str]:
    """Return the levels of a column in order, what is missing last."""
    return sorted(set(as_words(values)), key=lambda name: (name == MISSING, name))
