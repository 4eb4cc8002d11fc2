"""Numbers and names as people read them."""

from __future__ import annotations

import math
import re

from core.words import enumeration as enumeration  # found beside the other formats
from core.words import p_value as p_value
from core.words import percent as percent

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~<>$:&])")


def number(value: float) -> str:
    """Return a whole number with thin thousands separators: 20,113."""
    return f"{value:,.0f}"


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, true minus included: +0.17, −0.17; what rounds to nothing has none."""
    if value is None or math.isnan(value):
        return "–"
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def mean_count(value: float) -> str:
    """Return a mean of normalised counts with sensible digits."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def plural(n: int, noun: str, nouns: str | None = None) -> str:
    """Return "1 gene", "2 genes"."""
    return f"{number(n)} {noun if n == 1 else nouns or noun + 's'}"


def seconds(value: float | None) -> str:
    """Return a time left in words: "about 40 s", "about 2 min"."""
    if value is None:
        return "estimating time left"
    if value < 90:
        return f"about {max(1, round(value)):.0f} s left"
    return f"about {value / 60:.0f} min left"


def about(value: float | None) -> str:
    """Return an expected duration in words: "about 40 s", "about 2 min"."""
    return "some time" if value is None else seconds(value).removesuffix(" left")


def plain(text: object) -> str:
    """Return text from outside so that Markdown shows it as it is."""
    return MARKDOWN.sub(r"\\\1", str(text))
