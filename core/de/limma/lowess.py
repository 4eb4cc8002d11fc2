"""Robust locally weighted regression (Cleveland 1979, doi 10.1080/01621459.1979.10481038).

Equal to R's ``lowess``: fits at points at least `delta` apart, straight lines between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def lowess(
    x: Floats, y: Floats, *, span: float = 2 / 3, iterations: int = 3, delta: float | None = None
) -> tuple[Floats, Floats]:
    """Return `x` sorted, and the smoothed `y` there.

    Parameters
    ----------
    x, y : numpy.ndarray of length n
        The points, in any order.
    span : float
        Share of the points that each local line is fitted to.
    iterations : int
        Rounds of down-weighting outliers.
    delta : float, optional
        Smallest distance between fitted points; 1 % of the range of `x` if not given.
    """
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    if len(x) < 2:
        return x, y.copy()
    delta = 0.01 * (x[-1] - x[0]) if delta is None else delta
    anchors = _anchors(x, delta)
    windows = _windows(x, anchors, n_near=max(2, min(len(x), int(span * len(x) + 1e-7))))
    robustness = np.ones(len(x))
    for iteration in range(iterations + 1):
        fitted = [
            _local_line(x, y, robustness, at=at, window=window)
            for at, window in zip(anchors, windows, strict=True)
        ]
        smooth = np.interp(x, x[anchors], fitted)
        if iteration < iterations:
            weights = _bisquare(np.abs(y - smooth))
            if weights is None:
                break
            robustness = weights
    return x, smooth


def _anchors(x: Floats, delta: float) -> NDArray[np.intp]:
    """Return the points to fit at: from each to the last point within `delta`, or else the next."""
    anchors = [0]
    while anchors[-1] < len(x) - 1:
        here = anchors[-1]
        # Equal points share a fit; the walk continues from the last of them.
        same = int(np.searchsorted(x, x[here], side="right")) - 1
        if same >= len(x) - 1:
            break
        reach = int(np.searchsorted(x, x[here] + delta, side="right")) - 1
        anchors.append(max(same + 1, reach))
    return np.array(anchors, dtype=np.intp)


def _windows(x: Floats, anchors: NDArray[np.intp], *, n_near: int) -> list[tuple[int, int]]:
    """Return first and last of the nearest points of each anchor."""
    left, windows = 0, []
    for at in anchors:
        while left + n_near < len(x) and x[at] - x[left] > x[left + n_near] - x[at]:
            left += 1
        windows.append((left, left + n_near - 1))
    return windows


def _local_line(
    x: Floats, y: Floats, robustness: Floats, *, at: np.intp, window: tuple[int, int]
) -> np.float64:
    """Return the tricube-weighted straight line at one point."""
    here, (left, right) = x[at], window
    reach = max(here - x[left], x[right] - here)
    # Points beyond the window at the very same distance belong to it.
    stop = int(np.searchsorted(x, here + 0.999 * reach, side="right"))
    stop = max(stop, right + 1)
    near, distance = x[left:stop], np.abs(x[left:stop] - here)
    scaled = distance / reach if reach > 0 else np.zeros(len(near))
    weights = np.where(scaled <= 0.001, 1.0, (1 - scaled**3) ** 3) * (scaled <= 0.999)
    weights = weights * robustness[left:stop]
    total = weights.sum()
    if total <= 0:
        return np.float64(y[at])
    weights = weights / total
    if reach > 0:
        centre = weights @ near
        spread = weights @ (near - centre) ** 2
        if np.sqrt(spread) > 0.001 * (x[-1] - x[0]):
            weights = weights * (1 + (here - centre) / spread * (near - centre))
    return np.float64(weights @ y[left:stop])


def _bisquare(residuals: Floats) -> Floats | None:
    """Return robustness weights; None if the fit is already exact."""
    scale = 6 * np.median(residuals)
    if scale < 1e-7 * residuals.mean():
        return None
    scaled = residuals / scale
    weights: Floats = np.where(scaled <= 0.001, 1.0, (1 - scaled**2) ** 2) * (scaled <= 0.999)
    return weights
