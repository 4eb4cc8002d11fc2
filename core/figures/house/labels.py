"""Gene names beside their points, without one on top of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import plotly.graph_objects as go

from core.figures.house.theme import palette, plain

# The page's width is unknown here; labels that do not meet in a plot of this size, that of a
# phone, do not meet in a wider one. In pixels.
WIDTH, HEIGHT = 310.0, 380.0
LETTER, LINE = 7.8, 18.0
DISTANCES = (16.0, 28.0, 44.0, 62.0)
ANGLES = ((0.35, -1.0), (-0.35, -1.0), (1.0, -0.35), (-1.0, -0.35), (1.0, 0.6), (-1.0, 0.6), (0.0, 1.0))


@dataclass(frozen=True)
class Label:
    """A name to be placed at a point whose position is a share (0 to 1) of the plot's sides.

    A line feed in the name begins a new line. `at` is the point in the plot's own coordinates.
    """

    text: str
    x: float
    y: float
    at: tuple[float, float] = (0.0, 0.0)
    bold: bool = False

    @property
    def half_width(self) -> float:
        """Half the width of its longest line in pixels."""
        return max(map(len, self.text.split("\n"))) * LETTER / 2

    @property
    def half_height(self) -> float:
        """Half the height of its lines in pixels."""
        return (self.text.count("\n") + 1) * LINE / 2


@dataclass(frozen=True)
class Placed:
    """Where the middle of a label goes, in pixels right of and below its point."""

    label: Label
    dx: float
    dy: float


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self) -> bool:
        return self.left >= 0 and self.right <= WIDTH and self.top >= 0 and self.bottom <= HEIGHT


def place(labels: list[Label], *, needed: int = 0) -> list[Placed]:
    """Place labels in order of importance; one that finds no free place is left out.

    Parameters
    ----------
    labels : list of Label
        Most important first.
    needed : int
        The first so many are placed even if they must overlap.
    """
    taken = [_around(label) for label in labels]
    placed: list[Placed] = []
    for rank, label in enumerate(labels):
        spots = list(_spots(label))
        own = taken[rank]
        free = [
            spot
            for spot in spots
            if (box := _box(spot)).inside() and not any(box.meets(t) for t in taken if t is not own)
        ]
        if free or rank < needed:
            chosen = (free or spots)[0]
            placed.append(chosen)
            taken.append(_box(chosen))
    return placed


def _around(label: Label) -> _Box:
    x, y = label.x * WIDTH, (1 - label.y) * HEIGHT
    return _Box(x - 5, y - 5, x + 5, y + 5)


def _spots(label: Label) -> Iterator[Placed]:
    half = label.half_width
    # Further lines move its middle away from the point.
    more = label.half_height - LINE / 2
    for distance, (right, down) in product(DISTANCES, ANGLES):
        dx = right * distance + (half if right >= 1 else -half if right <= -1 else 0)
        yield Placed(label, dx, down * distance + (more if down > 0 else -more))


def _box(spot: Placed) -> _Box:
    x = spot.label.x * WIDTH + spot.dx
    y = (1 - spot.label.y) * HEIGHT + spot.dy
    wide, high = spot.label.half_width, spot.label.half_height
    return _Box(x - wide, y - high, x + wide, y + high)


def write_names(
    figure: go.Figure,
    labels: list[Label],
    *,
    needed: int,
    name: str,
    size: float,
    ground: str,
    dark: bool,
) -> None:
    """Write labels beside their points, on a `ground` of their own, joined to the points by lines.

    Parameters
    ----------
    labels, needed
        As `place` takes them.
    name : str
        Of the annotations.
    size : float
        Of the letters, in pixels.
    """
    for spot in place(labels, needed=needed):
        label = spot.label
        text = plain(label.text).replace("\n", "<br>")
        figure.add_annotation(
            name=name,
            x=label.at[0],
            y=label.at[1],
            ax=spot.dx,
            ay=spot.dy,
            text=f"<b>{text}</b>" if label.bold else text,
            arrowhead=0,
            arrowwidth=0.8,
            arrowcolor=palette(dark=dark).line,
            standoff=4,
            bgcolor=ground,
            borderpad=0,
            font={"size": size, "color": palette(dark=dark).foreground},
        )
