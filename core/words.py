"""Numbers as people read them, one way in every sentence, figure and file."""

from __future__ import annotations

import math


def percent(share: float) -> str:
    """Return a share as a whole percentage, with one digit where that would be 0; missing is a dash.

    Examples
    --------
    >>> percent(0.404), percent(0.004)
    ('40 %', '0.4 %')
    """
    if math.isnan(share):
        return "–"
    whole = 100 * share
    return f"{whole:.0f} %" if whole == 0 or whole >= 1 else f"{whole:.1g} %"
