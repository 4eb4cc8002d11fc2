"""Shares with their intervals."""

from __future__ import annotations

from typing import NamedTuple

from scipy.stats import norm


class Share(NamedTuple):
    """A share with its 95 % interval; missing where there was nothing to count."""

    k: int
    n: int
    value: float
    low: float
    high: float


def wilson(k: int, n: int, *, level: float = 0.95) -> Share:
    """Return the share ``k / n`` with Wilson's interval.

    Notes
    -----
    Wilson 1927, doi 10.1080/01621459.1927.10502953. It counts the items as independent.
    """
    if n == 0:
        return Share(k, n, *(float("nan"),) * 3)
    z, p = float(norm.ppf(0.5 + level / 2)), k / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * float(p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    return Share(k, n, p, max(0.0, middle - half), min(1.0, middle + half))
