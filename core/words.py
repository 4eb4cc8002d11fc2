"""Numbers as people read them, one way in every sentence, figure and file."""

from __future__ import annotations

import math
from collections.abc import Sequence

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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


def p_value(p: float, *, missing: str = "–") -> str:
    """Return a p-value with two digits; `missing` stands for none, and 0 is smaller than a number can be.

    Examples
    --------
    >>> p_value(0.02), p_value(0.5), p_value(3.24e-5), p_value(0.0)
    ('0.020', '0.50', '3.2 × 10⁻⁵', '< 10⁻³⁰⁰')
    """
    if math.isnan(p):
        return missing
    if p < 1e-300:
        return "< 10⁻³⁰⁰"
    if p >= 0.001:
        return f"{p:.2f}" if p >= 0.0995 else f"{p:#.2g}"
    mantissa, exponent = f"{p:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPT)}"


def enumeration(words: Sequence[str]) -> str:
    """Return "age, sex and centre"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
