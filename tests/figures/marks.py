from __future__ import annotations

import plotly.graph_objects as go

from core.figures.house.theme import MARK


def is_simulated(figure: go.Figure) -> bool:
    """Return whether a figure bears the mark of simulated data."""
    return any(note.name == MARK for note in figure.layout.annotations)
