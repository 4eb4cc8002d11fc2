"""The rungs of a model ladder: how many genes are significant at each, and how themes fare."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import around_zero, direction_mark, interval_point, name_rows
from core.figures.house.theme import DOWN, UP, empty_figure, finish, new_figure, palette, plain, wrapped
from core.figures.house.words import count_text, lfc_text

NO_GENE = "No gene is significant at any rung."
NO_THEME = "No theme could be scored: too few genes have a symbol."
RUNG, POINT = 60, 17
LONGEST = 28  # characters of a rung's name beside the themes


def ladder_counts(
    counts: pd.DataFrame,
    *,
    contrast: tuple[str, str],
    alpha: float,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the significant genes of each rung, higher ones to the right and lower ones to the left.

    Parameters
    ----------
    counts : pandas.DataFrame
        ``label``, ``n_case``, ``n_control``, ``n``, ``n_up``, ``n_down``; the crude rung first.
    contrast : tuple of str
        Case and control, as on screen.
    alpha : float
        Adjusted p-value below which a gene is significant.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if not counts["n"].any():
        return empty_figure(NO_GENE, simulated=simulated, dark=dark)
    places = [-i for i in range(len(counts))]
    figure = new_figure(
        dark=dark,
        x_title=f"significant genes<br>(adjusted p below {alpha:g})",
        y_title="",
        height=110 + RUNG * len(counts),
    )
    for sign, column, colour, arrow in ((-1, "n_down", DOWN, "▼ lower"), (1, "n_up", UP, "▲ higher")):
        figure.add_trace(_bars(counts, places, sign, column, colour, f"{arrow} in {plain(contrast[0])}"))
    _axes(figure, counts, below=0.8 if simulated else 0.0, dark=dark)
    alt = f"Significant genes, {contrast[0]} vs {contrast[1]}, by what is adjusted for: " + "; ".join(
        f"{row['label']} {count_text(row['n'])} ({count_text(row['n_up'])} higher, "
        f"{count_text(row['n_down'])} lower), n = {row['n_case']} and {row['n_control']}"
        for _, row in counts.iterrows()
    )
    return finish(figure, alt=f"{alt}.", simulated=simulated, dark=dark, corner="bottom right")


def theme_ladder(
    rows: pd.DataFrame, *, contrast: tuple[str, str], simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the difference of each theme at each rung, with its 95 % interval.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``theme``, ``rung``, ``label``, ``difference``, ``lower``, ``upper``; themes in the order of the page.
    contrast : tuple of str
        Case and control, as on screen.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure(NO_THEME, simulated=simulated, dark=dark)
    rows = rows.reset_index(drop=True)
    rows = rows.sort_values("rung", kind="stable")
    order = {theme: number for number, theme in enumerate(rows["theme"].drop_duplicates())}
    n_rungs = int(rows["rung"].max()) + 1
    y = -(rows["theme"].map(order) * (n_rungs + 1.4) + rows["rung"]).to_numpy(float)
    figure = around_zero(
        [_point(row, place) for (_, row), place in zip(rows.iterrows(), y, strict=True)],
        names=[_short(label) for label in rows["label"]],
        ends=rows[["lower", "upper"]],
        margin=0.06,
        room=(1.6, 1.7),
        x_title=f"difference of theme scores,<br>{plain(contrast[0])} vs {plain(contrast[1])}<br>"
        "(SD between patients)",
        height=150 + int(POINT * len(order) * (n_rungs + 1.4)),
        dark=dark,
        places=y,
    )
    figure.update_yaxes(tickfont_size=11)
    for theme, number in order.items():
        _head(figure, theme, y=-(number * (n_rungs + 1.4)) + 1, dark=dark)
    alt = f"Themes along the ladder, {contrast[0]} vs {contrast[1]}, 95 % intervals: " + "; ".join(
        f"{row['theme']}, {row['label']}: {lfc_text(row['difference'])} ({lfc_text(row['lower'])} to "
        f"{lfc_text(row['upper'])})"
        for _, row in rows.iterrows()
    )
    return finish(figure, alt=f"{alt}.", simulated=simulated, dark=dark, corner="bottom right")


def _bars(counts: pd.DataFrame, places: list[int], sign: int, column: str, colour: str, name: str) -> go.Bar:
    return go.Bar(
        orientation="h",
        x=sign * counts[column],
        y=places,
        width=0.62,
        name=name,
        marker={"color": colour},
        text=[count_text(n) if n else "" for n in counts[column]],
        textposition="outside",
        cliponaxis=False,
        customdata=[f"{label}: {count_text(n)} {name}" for label, n in counts[["label", column]].to_numpy()],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _axes(figure: go.Figure, counts: pd.DataFrame, *, below: float, dark: bool) -> None:
    """Fit the axes; `below` leaves room for the mark of simulated data."""
    figure.add_vline(x=0, line={"color": palette(dark=dark).line, "width": 1})
    # Room for a number of five characters beside the longest bar, also on a phone.
    most = 2.0 * max(int(counts["n_up"].max()), int(counts["n_down"].max()), 1)
    figure.update_xaxes(range=[-most, most], showticklabels=False, ticks="", showline=False, fixedrange=True)
    names = [
        f"<b>{wrapped(row['label'], width=20)}</b><br>n = {row['n_case']} + {row['n_control']}"
        for _, row in counts.iterrows()
    ]
    name_rows(figure, names, below=0.55 + below, above=0.55)
    figure.update_layout(barmode="overlay", showlegend=True)


def _point(row: pd.Series, y: float) -> go.Scatter:
    value, low, high = ends = row[["difference", "lower", "upper"]].to_numpy(dtype=float)
    return interval_point(
        ends,
        y,
        marker=direction_mark(*ends, size=9),
        hover=f"<b>{plain(row['theme'])}</b>, {plain(row['label'])}<br>{lfc_text(value)} standard "
        f"deviations<br>95 % interval {lfc_text(low)} to {lfc_text(high)}",
        thickness=1.8,
        width=3,
        name=plain(row["label"]),
    )


def _short(label: str) -> str:
    return plain(label) if len(label) <= LONGEST else plain(label[: LONGEST - 1]) + "…"


def _head(figure: go.Figure, theme: str, *, y: float, dark: bool) -> None:
    """Write the name of a theme over its rungs."""
    figure.add_annotation(
        name="theme",
        text=f"<b>{plain(theme)}</b>",
        xref="paper",
        x=0,
        y=y,
        xanchor="left",
        showarrow=False,
        font={"size": 12, "color": palette(dark=dark).foreground},
        bgcolor=palette(dark=dark).halo,
    )
